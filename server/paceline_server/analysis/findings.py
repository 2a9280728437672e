"""What a second look at a workout finds: efforts, time by heart rate, drift, grade-adjusted way, quality.

Nothing here depends on thresholds, weight or age: those change, and what follows from them (zones, impulse, energy) is
reckoned from the findings when it is asked for.
"""

from dataclasses import dataclass

import numpy as np

from paceline_server.analysis.ascent import Climb
from paceline_server.analysis.best_efforts import MILE_M, Effort, best_efforts
from paceline_server.analysis.by_row import added
from paceline_server.analysis.cycling_power import RideWork, ride_work
from paceline_server.analysis.drift import heart_rate_drift
from paceline_server.analysis.energy import LOWEST_BPM, met_hours
from paceline_server.analysis.found_laps import found_laps
from paceline_server.analysis.grade import grade_adjusted_steps_m
from paceline_server.analysis.heart_rate import Beats
from paceline_server.analysis.heart_time import HIGHEST_BPM, LONGEST_HOLD_S, seconds_by_bpm
from paceline_server.analysis.intervals import intervals
from paceline_server.analysis.laps import lap_metrics
from paceline_server.analysis.mean_max import mean_max_curve
from paceline_server.analysis.power import Power, measured_power
from paceline_server.analysis.quality import Quality, data_quality
from paceline_server.analysis.splits import SplitMetrics, split_metrics
from paceline_server.analysis.steps import Cadence, cadence
from paceline_server.analysis.stretches import Stretch, stretches_of
from paceline_server.analysis.timer import row_seconds
from paceline_server.formats.recording import Column, Recording

LEAST_ALTITUDES = 0.5  # of the positions; with less the climbs between them are guessed
ON_FOOT = frozenset({"running", "walking", "hiking"})


@dataclass(frozen=True, slots=True)
class Findings:
    """`heart_s` and `moving_heart_s` are (bpm, seconds) pairs, rising, of the timer's and of the moving seconds.

    `other_met_h` are the MET hours of the seconds whose heart rate tells no energy; `timer_s` are the seconds without
    pauses; `drift` is a part; None is not measured. `power` was measured; `ride_work` is what a ride without it is
    estimated by. `intervals` and `rounds` are stretches that were found, not given; `miles` are splits by the mile;
    `by_tiles`: all that follows from altitudes is of elevation tiles. `rough_altitude`: what was recorded of altitudes
    is a receiver's or knows less than half of the positions; None: an older program did not look.
    """

    efforts_by_distance: tuple[Effort, ...]
    efforts_by_time: tuple[Effort, ...]
    heart_curve: tuple[tuple[float, float], ...]
    heart_s: tuple[tuple[int, float], ...]
    moving_heart_s: tuple[tuple[int, float], ...]
    other_met_h: float
    timer_s: float
    drift: float | None
    grade_adjusted_m: float | None
    quality: Quality
    laps: tuple[SplitMetrics, ...]
    cadence: Cadence | None = None
    power: Power | None = None
    ride_work: RideWork | None = None
    intervals: tuple[Stretch, ...] = ()
    rounds: tuple[Stretch, ...] = ()
    descent_m: float | None = None
    miles: tuple[SplitMetrics, ...] = ()
    by_tiles: bool = False
    rough_altitude: bool | None = None


def find(
    recording: Recording, distance_m: Column, moving_s: Column, climb: Climb | None, trusted_bpm: Column, beats: Beats
) -> Findings:
    """Look at a recording whose cumulative columns are known: O(rows × efforts), about a millisecond an hour."""
    columns, sport = recording.columns, recording.sport
    time_s = columns["time_s"]
    timer_s = row_seconds(time_s, recording.pauses)
    moved_s, covered_m = added(moving_s), added(distance_m)
    adjusted_m = grade_adjusted_steps_m(distance_m, columns["altitude_m"]) if sport in ON_FOOT else None
    by_heart_s = np.where(trusted_bpm >= LOWEST_BPM, np.minimum(moved_s, LONGEST_HOLD_S), 0.0)
    by_distance, by_time = best_efforts(time_s, distance_m, sport)
    rounds = _rounds_s(recording, distance_m) if len(recording.laps) < 2 else []
    fast = []
    if sport == "running":
        fast = intervals(time_s, np.cumsum(covered_m if adjusted_m is None else adjusted_m))
    power = measured_power(time_s, columns["power_w"], recording.pauses) if "power_w" in columns else None
    ride = sport == "cycling" and power is None
    with np.errstate(divide="ignore", invalid="ignore"):
        speed_m_s = covered_m / added(time_s)
    return Findings(
        efforts_by_distance=by_distance,
        efforts_by_time=by_time,
        heart_curve=mean_max_curve(time_s, trusted_bpm),
        heart_s=_pairs(seconds_by_bpm(trusted_bpm, timer_s)),
        moving_heart_s=_pairs(seconds_by_bpm(trusted_bpm, moved_s)),
        other_met_h=met_hours(sport, speed_m_s, moved_s - by_heart_s, np.maximum(timer_s - moved_s, 0.0)),
        timer_s=float(timer_s.sum()),
        drift=heart_rate_drift(trusted_bpm, moving_s, covered_m if adjusted_m is None else adjusted_m),
        grade_adjusted_m=float(adjusted_m.sum()) if adjusted_m is not None else None,
        quality=data_quality(columns["latitude_deg"], trusted_bpm, timer_s, LONGEST_HOLD_S),
        laps=tuple(lap_metrics(recording.laps, time_s, distance_m, moving_s, climb, beats)),
        cadence=_cadence(recording, moved_s, covered_m),
        power=power,
        ride_work=ride_work(time_s, distance_m, columns["altitude_m"], moved_s) if ride else None,
        intervals=stretches_of(fast, time_s, distance_m, beats),
        rounds=stretches_of(rounds, time_s, distance_m, beats),
        descent_m=float(climb.descent_m[-1]) if climb is not None else None,
        miles=tuple(split_metrics(time_s, distance_m, moving_s, climb, beats, MILE_M)),
        rough_altitude=_is_rough(recording, climb),
    )


def _is_rough(recording: Recording, climb: Climb | None) -> bool:
    placed = ~np.isnan(recording.columns["latitude_deg"])
    known = np.count_nonzero(placed & ~np.isnan(recording.columns["altitude_m"]))
    return climb is not None and (climb.noisy or bool(known < LEAST_ALTITUDES * np.count_nonzero(placed)))


def _rounds_s(recording: Recording, distance_m: Column) -> list[tuple[float, float]]:
    columns = recording.columns
    if recording.sport not in ON_FOOT | {"cycling"}:
        return []
    return found_laps(columns["time_s"], columns["latitude_deg"], columns["longitude_deg"], distance_m)


def _cadence(recording: Recording, moved_s: Column, covered_m: Column) -> Cadence | None:
    return cadence(recording.columns["cadence_spm"], moved_s, covered_m, on_foot=recording.sport in ON_FOOT)


def by_bpm(pairs: tuple[tuple[int, float], ...]) -> Column:
    """Return the seconds at each whole heart rate as one array, as heart_time.py makes it."""
    seconds = np.zeros(HIGHEST_BPM + 1)
    if pairs:
        bpm, spent = zip(*pairs, strict=True)
        seconds[list(bpm)] = spent
    return seconds


def _pairs(seconds: Column) -> tuple[tuple[int, float], ...]:
    known = np.flatnonzero(seconds)
    return tuple(zip(known.tolist(), np.round(seconds[known], 3).tolist(), strict=True))
