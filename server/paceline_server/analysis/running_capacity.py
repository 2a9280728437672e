"""A runner's aerobic capacity from a race, and from it the times over other distances and the paces to train at.

Daniels and Gilbert, Oxygen Power (1979): what a speed costs in oxygen, and which part of the capacity can be held for
how long. The capacity that explains a race is called VDOT: near the VO2max of a runner with usual economy. Riegel, Am
Sci 69 (1981) 285-290: time grows with distance to the power of 1.06. Limits: both are of trained runners on the flat
and for races of 3.5 minutes to 3.8 hours; an effort inside a workout is seldom all that somebody can, so that what
follows from it is a lower bound. Marathons of runners who train little are slower than both say (Vickers and Vertosick,
BMC Sports Sci Med Rehabil 8 (2016) 26).
"""

from math import exp, sqrt

SHORTEST_S, LONGEST_S = 210.0, 13_800.0
RIEGEL_POWER = 1.06
EASY, MARATHON, THRESHOLD, INTERVAL = (0.59, 0.74), (0.75, 0.84), (0.83, 0.88), (0.95, 1.0)
"""Parts of the capacity to train at: Daniels' Running Formula, 3rd ed. (2014), chapter 4."""
_LEVEL, _SLOPE, _BEND = -4.60, 0.182258, 0.000104  # ml/kg/min, by metres a minute


def oxygen_cost_ml_kg_min(speed_m_s: float) -> float:
    """Return what running at a speed on the flat costs."""
    metres_a_minute = 60 * speed_m_s
    return _LEVEL + _SLOPE * metres_a_minute + _BEND * metres_a_minute**2


def sustained_part(duration_s: float) -> float:
    """Return the part of the capacity that can be held for so long."""
    minutes = duration_s / 60
    return 0.8 + 0.1894393 * exp(-0.012778 * minutes) + 0.2989558 * exp(-0.1932605 * minutes)


def vdot(distance_m: float, duration_s: float) -> float | None:
    """Return the capacity in ml/kg/min that a race tells, None for one outside of SHORTEST_S to LONGEST_S."""
    if not SHORTEST_S <= duration_s <= LONGEST_S or distance_m <= 0:
        return None
    return oxygen_cost_ml_kg_min(distance_m / duration_s) / sustained_part(duration_s)


def speed_at_m_s(capacity: float, part: float) -> float:
    """Return the speed that costs this part of a capacity; both are above 0."""
    root = sqrt(_SLOPE**2 + 4 * _BEND * (part * capacity - _LEVEL))
    return (root - _SLOPE) / (2 * _BEND) / 60


def race_s(capacity: float, distance_m: float) -> float:
    """Return the time over a distance that a capacity allows, to a thousandth of a second."""
    # The longer it takes, the less it asks: halving the bounds finds the one time at which both agree.
    low_s, high_s = distance_m / 12.0, distance_m / 0.5
    while high_s - low_s > 1e-3:
        middle_s = (low_s + high_s) / 2
        asked = oxygen_cost_ml_kg_min(distance_m / middle_s) / sustained_part(middle_s)
        low_s, high_s = (middle_s, high_s) if asked > capacity else (low_s, middle_s)
    return high_s


def riegel_s(distance_m: float, duration_s: float, wanted_m: float) -> float:
    """Return the time over a distance by the time over another one."""
    return duration_s * (wanted_m / distance_m) ** RIEGEL_POWER
