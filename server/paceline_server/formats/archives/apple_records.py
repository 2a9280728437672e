"""Which records of an Apple Health export are read, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144, "cm": 0.01, "in": 0.0254}
_KILOCALORIES = {"kcal": 1.0, "Cal": 1.0, "kJ": 1 / 4.184, "cal": 0.001, "J": 1 / 4184}
_KILOGRAMS = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "st": 6.35029318, "oz": 0.028349523125}
_SPEEDS = {"m/s": 1.0, "km/hr": 1 / 3.6, "km/h": 1 / 3.6, "mi/hr": 0.44704, "mph": 0.44704}
_PER_MINUTE = {"count/min": 1.0, "count/s": 60.0}
UNITS: Mapping[str, float] = MappingProxyType(
    {**_METRES, **_KILOCALORIES, **_KILOGRAMS, **_SPEEDS, **_PER_MINUTE, "W": 1.0, "count": 1.0, "min": 1.0, "hr": 60.0}
)
"""How much of ours (m, kcal, kg, m/s, per minute, W, min) one of theirs is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a type of record becomes: a series of workouts, a count of days, a value of days."""

    series: str = ""
    counted: str = ""
    latest: str = ""
    units: Mapping[str, float] = field(default_factory=lambda: UNITS)


def _quantity(name: str) -> str:
    return f"HKQuantityTypeIdentifier{name}"


SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
RECORDS: Mapping[str, Wanted] = MappingProxyType(
    {
        _quantity("HeartRate"): Wanted(series="heart_rate_bpm", units=_PER_MINUTE),
        _quantity("CyclingCadence"): Wanted(series="cadence_spm", units=_PER_MINUTE),
        _quantity("RunningPower"): Wanted(series="power_w", units={"W": 1.0}),
        _quantity("CyclingPower"): Wanted(series="power_w", units={"W": 1.0}),
        _quantity("RunningSpeed"): Wanted(series="speed_m_s", units=_SPEEDS),
        _quantity("CyclingSpeed"): Wanted(series="speed_m_s", units=_SPEEDS),
        _quantity("DistanceWalkingRunning"): Wanted(series="on foot", counted="distance_m", units=_METRES),
        _quantity("DistanceCycling"): Wanted(series="cycled", units=_METRES),
        _quantity("DistanceSwimming"): Wanted(series="swum", units=_METRES),
        _quantity("StepCount"): Wanted(series="steps", counted="steps", units={"count": 1.0}),
        _quantity("ActiveEnergyBurned"): Wanted(counted="kilocalories", units=_KILOCALORIES),
        _quantity("BasalEnergyBurned"): Wanted(counted="kilocalories", units=_KILOCALORIES),
        _quantity("FlightsClimbed"): Wanted(counted="floors", units={"count": 1.0}),
        _quantity("AppleExerciseTime"): Wanted(counted="active_minutes", units={"min": 1.0, "hr": 60.0}),
        _quantity("BodyMass"): Wanted(latest="weight_kg", units=_KILOGRAMS),
        _quantity("RestingHeartRate"): Wanted(latest="resting_heart_rate_bpm", units=_PER_MINUTE),
    }
)
DISTANCES: Mapping[str, str] = MappingProxyType({"cycling": "cycled", "swimming": "swum"})
"""The series that a sport's distance is in, where it is not on foot."""

_ANALYSIS = "HKCategoryValueSleepAnalysis"
STAGES: Mapping[str, str] = MappingProxyType(
    {
        f"{_ANALYSIS}InBed": "in_bed",
        f"{_ANALYSIS}Asleep": "asleep",
        f"{_ANALYSIS}AsleepUnspecified": "asleep",
        f"{_ANALYSIS}AsleepCore": "light",
        f"{_ANALYSIS}AsleepDeep": "deep",
        f"{_ANALYSIS}AsleepREM": "rem",
        f"{_ANALYSIS}Awake": "awake",
    }
)
