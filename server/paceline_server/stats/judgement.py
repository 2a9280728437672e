"""An activity judged for an athlete: zones, impulse and energy, out of findings that know nothing of thresholds."""

from dataclasses import dataclass

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.energy import Energy, energy
from paceline_server.analysis.findings import Findings, by_bpm
from paceline_server.analysis.stress import Stress, stress
from paceline_server.analysis.training_impulse import training_impulse
from paceline_server.analysis.zones import seconds_in_zones


@dataclass(frozen=True, slots=True)
class Judgement:
    """`zones` are (lowest bpm, seconds), the first from 0 on, below all zones; empty without thresholds or heart rate.

    `zones_estimated` says that they follow from age. `impulse` is None without a heart rate, or without the resting or
    the highest one of the athlete. `estimated_power_w` is of a ride of somebody whose mass is known, where no power was
    measured (cycling_power.py), `stress` None without a threshold of that day. `energy_assumed` says that mass or age
    were not known and are as usual.
    """

    zones: tuple[tuple[int, float], ...]
    zones_estimated: bool
    impulse: float | None
    energy: Energy
    energy_assumed: bool
    estimated_power_w: float | None = None
    stress: Stress | None = None


def judge(findings: Findings, athlete: Athlete, sport: str = "") -> Judgement:
    """Judge an activity of a sport: microseconds, so that it is done when it is asked for."""
    heart_s = by_bpm(findings.heart_s)
    floors, highest, resting = athlete.zone_floors_bpm, athlete.highest_bpm, athlete.resting_heart_rate_bpm
    beats = bool(findings.heart_s)
    zones: tuple[tuple[int, float], ...] = ()
    if beats and floors is not None:
        zones = tuple(zip((0, *floors), seconds_in_zones(heart_s, floors), strict=True))
    impulse = None
    if beats and highest is not None and resting is not None and highest > resting:
        impulse = training_impulse(heart_s, resting, highest, athlete.sex)
    return Judgement(
        zones,
        athlete.zones_bpm is None and athlete.max_heart_rate_bpm is None,
        impulse,
        energy_of(findings, athlete),
        athlete.mass_kg is None or athlete.age_years is None,
        _estimated_w(findings, athlete),
        stress(
            athlete,
            findings.timer_s,
            normalised_w=findings.power.normalised_w if findings.power is not None and sport == "cycling" else None,
            adjusted_m=findings.grade_adjusted_m if sport == "running" else None,
            impulse=impulse,
        ),
    )


def energy_of(findings: Findings, athlete: Athlete) -> Energy:
    """Return the energy of an activity, by its heart rate and else by its sport and speed."""
    return energy(by_bpm(findings.moving_heart_s), findings.other_met_h, findings.timer_s, athlete)


def _estimated_w(findings: Findings, athlete: Athlete) -> float | None:
    if findings.ride_work is None or athlete.mass_kg is None:
        return None
    return findings.ride_work.mean_w(athlete.mass_kg)
