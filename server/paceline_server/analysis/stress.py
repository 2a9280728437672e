"""Training stress: 100 is an hour at the threshold, whatever it was measured by.

Allen, Coggan, McGregor, Training and Racing with a Power Meter, 3rd ed. (2019), chapter 7: intensity is normalised
power / threshold power, the score 100 × hours × intensity². Where no power was measured: on the run the same of the
grade-adjusted speed and the threshold speed (McGregor's rTSS, here without his smoothing over 30 s); else the training
impulse over that of an hour at the threshold heart rate (the way of hrTSS), whose intensity is the even one that would
give the score. Limits: the three agree at the threshold, not below it: beside each other they differ by a fifth and
more; it is as good as the threshold that was set for the day.
"""

from typing import Literal, NamedTuple

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.training_impulse import impulse_of_an_hour

By = Literal["power", "pace", "heart_rate"]
HOUR_S = 3600.0


class Stress(NamedTuple):
    """The score, the intensity (1 is the threshold), and by what both were told."""

    score: float
    intensity: float
    by: By


def stress(
    athlete: Athlete,
    timer_s: float,
    *,
    normalised_w: float | None = None,
    adjusted_m: float | None = None,
    impulse: float | None = None,
) -> Stress | None:
    """Return the stress by the first of these that is known together with its threshold; None without any.

    `normalised_w` is of a ride, `adjusted_m` the grade-adjusted way of a run; both over `timer_s`.
    """
    hours = timer_s / HOUR_S
    if hours <= 0:
        return None
    if normalised_w is not None and athlete.threshold_power_w is not None:
        return _even(normalised_w / athlete.threshold_power_w, hours, "power")
    if adjusted_m is not None and athlete.threshold_pace_s_km is not None:
        return _even(adjusted_m / timer_s * athlete.threshold_pace_s_km / 1000, hours, "pace")
    threshold, resting, highest = athlete.threshold_bpm, athlete.resting_heart_rate_bpm, athlete.highest_bpm
    if impulse is None or threshold is None or resting is None or highest is None or not resting < threshold <= highest:
        return None
    score = 100 * impulse / impulse_of_an_hour(threshold, resting, highest, athlete.sex)
    return Stress(score, (score / 100 / hours) ** 0.5, "heart_rate")


def _even(intensity: float, hours: float, by: By) -> Stress:
    return Stress(100 * hours * intensity * intensity, intensity, by)
