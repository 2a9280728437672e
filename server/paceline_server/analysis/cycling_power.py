"""What a ride asked of a rider, estimated from speed and climb: an estimate, never to be taken for a measured power.

Martin et al., J Appl Biomech 14 (1998) 276-291: rolling, climbing, air and gaining speed, by what the chain loses.
For somebody with the hands on the hoods of a road bicycle, on asphalt, alone, without wind: the area that the air
meets is 0.35 m², rolling costs 0.005 of the weight, the chain loses 2.4 %, the bicycle weighs 9 kg. Braking gives
nothing back. Limits: wind, a group ahead, tyres and posture change it by a third and more; over short stretches the
noise of altitude and speed rules it, so only means of 5 minutes and more are told.
"""

from typing import NamedTuple

import numpy as np

from paceline_server.analysis.ascent import smoothed_rows
from paceline_server.analysis.by_row import added, known_rows
from paceline_server.formats.recording import Column

BICYCLE_KG = 9.0
AREA_M2, ROLLING, EFFICIENCY = 0.35, 0.005, 0.976
GRAVITY_M_S2, AIR_KG_M3, AIR_FADES_M = 9.81, 1.225, 8435.0
USUAL_KG = 80.0  # with it is told in which seconds a rider pushes: the one thing that is not linear in the mass
LEAST_S, LONGEST_STEP_S = 300.0, 10.0
STEEPEST = 0.25
HALF_WINDOW_M = 50.0


class RideWork(NamedTuple):
    """Work at the pedals: joules for each kilogram of rider and bicycle, joules against the air, over these seconds."""

    j_a_kg: float
    air_j: float
    seconds: float

    def mean_w(self, rider_kg: float) -> float:
        """Return the mean power of a rider of this mass while moving."""
        return max(0.0, self.j_a_kg * (rider_kg + BICYCLE_KG) + self.air_j) / self.seconds


def ride_work(time_s: Column, distance_m: Column, altitude_m: Column, moved_s: Column) -> RideWork | None:
    """Return the work of a ride; None without altitudes, or when less than 5 minutes can be told.

    `distance_m` never falls; `moved_s` are the seconds moved that each row adds; NaN altitudes are bridged.
    """
    known = known_rows(altitude_m)
    if len(known) < 2 or distance_m[known[-1]] - distance_m[known[0]] < 2 * HALF_WINDOW_M:
        return None
    seconds = added(time_s)
    seconds[0] = 1.0
    told = (moved_s > 0) & (seconds <= LONGEST_STEP_S)
    held = np.where(told, moved_s, 0.0)
    if held.sum() < LEAST_S:
        return None
    speed = smoothed_rows(added(distance_m) / seconds)
    along, altitude = distance_m[known], smoothed_rows(altitude_m[known])
    behind, ahead = (np.clip(distance_m + way, along[0], along[-1]) for way in (-HALF_WINDOW_M, HALF_WINDOW_M))
    run = np.maximum(ahead - behind, HALF_WINDOW_M)
    grade = np.clip((np.interp(ahead, along, altitude) - np.interp(behind, along, altitude)) / run, -STEEPEST, STEEPEST)
    gaining = added(speed) / seconds
    by_kg = (GRAVITY_M_S2 * (ROLLING + grade) + gaining) * speed / EFFICIENCY
    here = np.interp(distance_m, along, altitude)
    by_air = 0.5 * AIR_KG_M3 * np.exp(-here / AIR_FADES_M) * AREA_M2 * speed * speed * speed / EFFICIENCY
    pushing = np.where(by_kg * USUAL_KG + by_air > 0, held, 0.0)
    return RideWork(float(by_kg @ pushing), float(by_air @ pushing), float(held.sum()))
