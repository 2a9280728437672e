"""Apple Health's `export.zip` (export.xml and a GPX file for each route), or its export.xml alone.

Read are workouts with their routes, heart rate, distance, cadence, power and speed joined, and of days what
apple_records.py names. Two sources with one name are one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from paceline_server.errors import told
from paceline_server.formats.archives.apple_records import DISTANCES
from paceline_server.formats.archives.apple_walk import AppleClock, AppleFindings, AppleWalk, AppleWorkout, metres
from paceline_server.formats.archives.archive import Entry, Names, described
from paceline_server.formats.archives.nights import sleeps_of
from paceline_server.formats.archives.years import entries_of
from paceline_server.formats.days import DayFigure
from paceline_server.formats.errors import FormatError
from paceline_server.formats.gpx import read_gpx
from paceline_server.formats.recording import Column
from paceline_server.formats.sports import sport_of
from paceline_server.formats.tidying import FOOT_SPORTS
from paceline_server.formats.workout_document import Series, Values, Workout, write_workout

LARGEST_EXPORT = 8 << 30
LONGEST_WORKOUT_S = 20 * 86400
STEPS_APART_S = 10  # how closely a cadence from steps is told
LONGEST_STEPS_S = 120  # steps counted over a longer time say nothing of the cadence
DIGITS = {"latitude_deg": 7, "longitude_deg": 7, "altitude_m": 2, "speed_m_s": 3, "time_s": 3}
_ALONE = told("The routes are not in export.xml: import the whole export.zip to have them.")
_PREFIX = "HKWorkoutActivityType"
_QUANTITY = "HKQuantityTypeIdentifier"
_PAUSES = {"Pause": True, "MotionPaused": True, "Resume": False, "MotionResumed": False}

ReadRoute = Callable[[str], bytes | None]


class AppleHealth:
    """The archive. `chunks` give export.xml; `read_route` a route by the path in the export, None where it lacks it.

    Without `read_route` no route can be had.
    """

    kind = "Apple Health"

    def __init__(self, chunks: Iterable[bytes], read_route: ReadRoute | None = None) -> None:
        self._chunks = chunks
        self._read_route = read_route
        self._warnings: list[str] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user."""
        return tuple(self._warnings)

    def entries(self) -> Iterator[Entry]:
        """Yield the workouts by their start, then the days. FormatError when nothing can be had."""
        walk = AppleWalk()
        try:
            for chunk in self._chunks:
                walk.feed(chunk)
            walk.close()
        except FormatError as error:
            if not walk.elements and not walk.found.workouts:
                raise
            self._warnings.append(told(f"The export is damaged ({error}); what lies before that was read."))
        found = walk.found
        yield from self._workouts(found)
        values: dict[str, list[DayFigure]] = {}
        for (source, _, _), figure in found.values.items():
            values.setdefault(source, []).append(figure)
        sleeps = {source: sleeps_of(stages) for source, stages in found.stages.items()}
        yield from entries_of(found.quarters, values, sleeps)
        left_out = found.left_out + found.samples.left_out + found.quarters.left_out
        if found.unreadable:
            self._warnings.append(
                told(f"{found.unreadable} records were left out: their time, value or unit is unknown.")
            )
        if left_out:
            self._warnings.append(told(f"{left_out} records were left out: there are too many, or no day has such."))

    def _workouts(self, found: AppleFindings) -> Iterator[Entry]:
        names = Names()
        clock = AppleClock()
        for one in sorted(
            found.workouts, key=lambda each: (each.attributes.get("startDate", ""), str(each.attributes))
        ):
            kind = one.attributes.get("workoutActivityType", "").removeprefix(_PREFIX)[:60] or "Workout"
            try:
                start_s, end_s = clock.utc_s(one.attributes["startDate"]), clock.utc_s(one.attributes["endDate"])
            except (KeyError, ValueError, OverflowError):
                start_s = end_s = -1
            if not 0 <= start_s <= end_s <= start_s + LONGEST_WORKOUT_S:
                problem = "Its start or its end cannot be read."
                yield Entry(names.unused(f"{kind} without a time"), b"", problem=problem)
                continue
            name = names.unused(f"{kind} {datetime.fromtimestamp(start_s, UTC):%Y-%m-%d %H.%M.%S}")
            workout = self._joined(found, one, kind, start_s, end_s)
            said = described(calories_kcal=_energy(one))
            yield Entry(name, write_workout(workout), said)

    def _joined(self, found: AppleFindings, one: AppleWorkout, kind: str, start_s: int, end_s: int) -> Workout:
        source = one.attributes.get("sourceName", "")
        pauses, laps = _events(one.events, start_s)
        return Workout(
            1,
            source=" ".join(source.split())[:80] or "Apple Health",
            kind=kind,
            start_s=float(start_s),
            duration_s=float(end_s - start_s),
            distance_m=_distance_m(one),
            pauses=pauses,
            laps=laps,
            series=_series(found, source, sport_of(kind), start_s, end_s),
            track=self._track(one, start_s),
            utc_offset_s=_utc_offset_s(one.time_zone, start_s),
        )

    def _track(self, one: AppleWorkout, start_s: int) -> dict[str, Values]:
        parts: list[dict[str, Column]] = []
        for path in one.routes:
            if self._read_route is None:
                if _ALONE not in self._warnings:
                    self._warnings.append(_ALONE)
                break
            try:
                data = self._read_route(path)
                if data is None:
                    self._warnings.append(told(f"The route {path[-80:]!r} is not in the export."))
                    continue
                for recording in read_gpx(data):
                    columns = dict(recording.columns)
                    columns["time_s"] = columns["time_s"] + (recording.start_utc_s - start_s)
                    parts.append(columns)
            except FormatError as error:
                self._warnings.append(told(f"The route {path[-80:]!r} was left out: {error}"))
        del self._warnings[100:]
        if not parts and one.locations:
            parts = [_of_locations(one.locations, start_s)]
        if not parts:
            return {}
        joined = {name: np.concatenate([part[name] for part in parts]) for name in DIGITS}
        order = np.argsort(joined["time_s"], kind="stable")
        return {name: _values(column[order], DIGITS[name]) for name, column in joined.items()}


def _series(found: AppleFindings, source: str, sport: str, start_s: int, end_s: int) -> dict[str, Series]:
    series: dict[str, Series] = {}
    for name in ("heart_rate_bpm", "cadence_spm", "power_w", "speed_m_s"):
        cut = found.samples.cut(name, source, start_s, end_s)
        if cut is not None:
            series[name] = Series((cut.end_s - start_s).tolist(), np.round(cut.values, 2).tolist())
    if sport in FOOT_SPORTS and "cadence_spm" not in series:
        steps = found.samples.cut("steps", source, start_s, end_s)
        if steps is not None:
            series |= _cadence(steps.start_s - start_s, steps.end_s - start_s, steps.values)
    name = "on foot" if sport in FOOT_SPORTS else DISTANCES.get(sport)
    cut = found.samples.cut(name, source, start_s, end_s) if name is not None else None
    if cut is not None:
        series["distance_m"] = Series((cut.end_s - start_s).tolist(), np.round(np.cumsum(cut.values), 2).tolist())
    return series


def _cadence(start_s: Column, end_s: Column, steps: Column) -> dict[str, Series]:
    times: list[float] = []
    values: list[float] = []
    for begin, end, count in zip(start_s.tolist(), end_s.tolist(), steps.tolist(), strict=True):
        length = end - begin
        if 1 < length <= LONGEST_STEPS_S and begin >= 0:
            told_at = [*np.arange(begin, end, STEPS_APART_S).tolist(), end - 0.5]
            times += told_at
            values += [round(60 * count / length, 1)] * len(told_at)
    return {"cadence_spm": Series(times, values)} if times else {}


def _events(
    events: Sequence[dict[str, str]], start_s: int
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return pauses and laps in seconds since the start. An event that cannot be read is none."""
    clock = AppleClock()
    steps: list[tuple[float, bool]] = []
    laps: list[tuple[float, float]] = []
    for event in events:
        kind = event.get("type", "").removeprefix("HKWorkoutEventType")
        try:
            at_s = float(clock.utc_s(event["date"]) - start_s)
            length_s = float(event.get("duration", "0")) * 60
        except (KeyError, ValueError, OverflowError):
            continue
        if kind in _PAUSES:
            steps.append((at_s, _PAUSES[kind]))
        elif kind == "Lap" and 0 < length_s < LONGEST_WORKOUT_S:
            laps.append((at_s, round(at_s + length_s, 3)))
    pauses: list[tuple[float, float]] = []
    stopped: float | None = None
    for at_s, pause in sorted(steps):
        if pause and stopped is None:
            stopped = at_s
        elif not pause and stopped is not None:
            pauses.append((stopped, at_s))
            stopped = None
    return pauses, sorted(laps)


def _of_locations(locations: Sequence[dict[str, str]], start_s: int) -> dict[str, Column]:
    clock = AppleClock()
    rows: list[tuple[float, ...]] = []
    for one in locations:
        try:
            at_s = float(clock.utc_s(one["date"]) - start_s)
            speed_m_s = float(one.get("speed", "nan"))
            position = float(one["latitude"]), float(one["longitude"]), float(one.get("altitude", "nan"))
        except (KeyError, ValueError, OverflowError):
            continue
        rows.append((*position, speed_m_s if speed_m_s >= 0 else np.nan, at_s))  # -1 is Apple's word for unknown
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(DIGITS))
    return dict(zip(DIGITS, table.T, strict=True))


def _values(column: Column, digits: int) -> Values:
    return [value if np.isfinite(value) else None for value in np.round(column, digits).tolist()]


def _utc_offset_s(time_zone: str, utc_s: int) -> int | None:
    """Return what a zone's clocks stood east of UTC; the dates themselves are by the phone's clock at the export."""
    try:
        away = datetime.fromtimestamp(utc_s, ZoneInfo(time_zone)).utcoffset() if time_zone[:1].isalpha() else None
    except (KeyError, ValueError, OSError):
        return None
    return None if away is None else int(away.total_seconds())


def _distance_m(one: AppleWorkout) -> float | None:
    totals = [total for name, total in sorted(one.totals.items()) if name.startswith(f"{_QUANTITY}Distance")]
    said = one.attributes.get("totalDistance"), one.attributes.get("totalDistanceUnit", "")
    pair = totals[0] if totals else said if said[0] is not None else None
    found = metres(pair[0] or "", pair[1]) if pair is not None else None
    return round(found, 2) if found else None


def _energy(one: AppleWorkout) -> float | None:
    said = one.attributes.get("totalEnergyBurned", ""), one.attributes.get("totalEnergyBurnedUnit", "kcal")
    value, unit = one.totals.get(f"{_QUANTITY}ActiveEnergyBurned", said)
    found = metres(value, unit)
    return round(found, 1) if found else None
