"""An export.xml as Apple Health writes it, of any size, made up: years of records by type, then workouts."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

WATCH, PHONE = "Ada&#8217;s Apple Watch", "Ada&#8217;s iPhone"
_DEVICE = (
    "&lt;&lt;HKDevice: 0x283c1f2a0&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, "
    "software:10.1, creation date:2023-09-18 20:02:13 +0000&gt;"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (ExportDate,Me,Record*)>\n'
    "<!ATTLIST HealthData\n  locale CDATA #REQUIRED\n>\n<!-- what Apple once wrote --><!ATTLIST Broken name CDATA\n]>\n"
    '<HealthData locale="en_GB">\n <ExportDate value="2026-01-20 22:00:00 +0100"/>\n'
)
_QUANTITY = "HKQuantityTypeIdentifier"
_FIRST = datetime(2014, 1, 1, tzinfo=UTC)
WORKOUT_MINUTES = 45


def made_export(size_bytes: int) -> Iterator[bytes]:
    """Yield the document in pieces; it is a little larger than asked for. Always the same for one size."""
    yield _HEAD.encode()
    dice = random.Random(1)  # noqa: S311 (repeatable, no secret)
    days = max(1, size_bytes // 494_000)
    for make in (_heart_rates, _steps, _distances, _energies, _nights, _weights):
        for day in range(days):
            yield "".join(make(_FIRST + timedelta(days=day), dice)).encode()
    for day in range(days):
        yield _workout(_FIRST + timedelta(days=day, hours=17)).encode()
    yield b"</HealthData>\n"


def _record(kind: str, source: str, unit: str, begin: datetime, end: datetime, value: object, inner: str = "") -> str:
    device = f' device="{_DEVICE}"' if source == WATCH else ""
    unit = f' unit="{unit}"' if unit else ""
    head = (
        f' <Record type="{kind}" sourceName="{source}" sourceVersion="10.1"{device}{unit} creationDate="{_text(end)}" '
        f'startDate="{_text(begin)}" endDate="{_text(end)}" value="{value}"'
    )
    return f"{head}>\n{inner} </Record>\n" if inner else f"{head}/>\n"


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} +0000"


def _heart_rates(day: datetime, dice: random.Random) -> Iterator[str]:
    inner = '  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="0"/>\n'
    still = [day + timedelta(minutes=5 * n) for n in range(12 * 24)]
    moving = [day + timedelta(hours=17, seconds=8 * n) for n in range(WORKOUT_MINUTES * 60 // 8)]
    for moment in still + moving:
        value = dice.randrange(52, 80) if moment.hour != 17 else dice.randrange(120, 170)
        yield _record(f"{_QUANTITY}HeartRate", WATCH, "count/min", moment, moment, value, inner)


def _counted(kind: str, unit: str, most: float, day: datetime, dice: random.Random) -> Iterator[str]:
    for source in (WATCH, PHONE):
        for n in range(60):
            begin = day + timedelta(hours=8, minutes=14 * n)
            end = begin + timedelta(minutes=dice.randrange(1, 14))
            yield _record(f"{_QUANTITY}{kind}", source, unit, begin, end, round(dice.uniform(0, most), 3))


def _steps(day: datetime, dice: random.Random) -> Iterator[str]:
    yield from _counted("StepCount", "count", 900, day, dice)


def _distances(day: datetime, dice: random.Random) -> Iterator[str]:
    yield from _counted("DistanceWalkingRunning", "km", 0.7, day, dice)


def _energies(day: datetime, dice: random.Random) -> Iterator[str]:
    yield from _counted("ActiveEnergyBurned", "kcal", 40, day, dice)
    yield from _counted("BasalEnergyBurned", "kcal", 30, day, dice)


def _nights(day: datetime, dice: random.Random) -> Iterator[str]:
    begin = day + timedelta(hours=22)
    for n in range(20):
        stage = ("Core", "Deep", "Core", "REM")[n % 4]
        end = begin + timedelta(minutes=dice.randrange(10, 35))
        value = f"HKCategoryValueSleepAnalysisAsleep{stage}"
        yield _record("HKCategoryTypeIdentifierSleepAnalysis", WATCH, "", begin, end, value)
        begin = end


def _weights(day: datetime, dice: random.Random) -> Iterator[str]:
    moment = day + timedelta(hours=7)
    yield _record(f"{_QUANTITY}BodyMass", "Scale", "kg", moment, moment, round(dice.uniform(70, 72), 1))
    yield _record(f"{_QUANTITY}RestingHeartRate", WATCH, "count/min", moment, moment, dice.randrange(48, 56))


def _workout(begin: datetime) -> str:
    end = begin + timedelta(minutes=WORKOUT_MINUTES)
    stop, go = begin + timedelta(minutes=20), begin + timedelta(minutes=22)
    return (
        f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="{WORKOUT_MINUTES}" durationUnit="min" '
        f'sourceName="{WATCH}" sourceVersion="10.1" device="{_DEVICE}" creationDate="{_text(end)}" '
        f'startDate="{_text(begin)}" endDate="{_text(end)}">\n'
        f'  <MetadataEntry key="HKTimeZone" value="Europe/Zurich"/>\n'
        f'  <WorkoutEvent type="HKWorkoutEventTypePause" date="{_text(stop)}"/>\n'
        f'  <WorkoutEvent type="HKWorkoutEventTypeResume" date="{_text(go)}"/>\n'
        f'  <WorkoutStatistics type="{_QUANTITY}ActiveEnergyBurned" startDate="{_text(begin)}" endDate="{_text(end)}" '
        'sum="410.5" unit="kcal"/>\n </Workout>\n'
    )
