"""Android's Health Connect: the zip of its own export, which holds a SQLite database.

Tables and units are those of AOSP's healthfitness module (energy in calories, weight in grams, times in milliseconds).
The database is a stranger's: it is opened read-only, nothing of its schema is trusted, only plain tables are read, and
the steps of the machine that reads it are counted.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Any

import numpy as np

from paceline_server.errors import told
from paceline_server.formats.archives.archive import Entry, Names, described
from paceline_server.formats.archives.health_connect_kinds import kind_of
from paceline_server.formats.archives.nights import Stage, sleeps_of
from paceline_server.formats.archives.quarters import Quarters
from paceline_server.formats.archives.samples import Samples
from paceline_server.formats.archives.years import entries_of
from paceline_server.formats.containers import ZipMembers
from paceline_server.formats.days import DayFigure, SleepSpan
from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import is_utc_offset
from paceline_server.formats.workout_document import Series, Values, Workout, write_workout

DATABASE = "health_connect_export.db"
LARGEST_DATABASE = 2 << 30
MOST_ROWS = 6_000_000  # of a table
MOST_WORKOUTS = 20_000
MOST_POINTS = 200_000  # of a route
LONGEST_WORKOUT_S = 20 * 86_400
STEPS_TOGETHER = 1_000_000
MOST_STEPS = 20_000  # times STEPS_TOGETHER: many minutes
LONGEST_VALUE = 1 << 20

STAGES: Mapping[int, str] = {1: "awake", 2: "asleep", 3: "awake", 4: "light", 5: "deep", 6: "rem", 7: "awake"}
COUNTED = (
    ("steps_record_table", "count", "steps", 1.0),
    ("distance_record_table", "distance", "distance_m", 1.0),
    ("total_calories_burned_record_table", "energy", "kilocalories", 0.001),
    ("floors_climbed_record_table", "floors", "floors", 1.0),
)
LATEST = (
    ("weight_record_table", "weight", "weight_kg", 0.001),
    ("resting_heart_rate_record_table", "beats_per_minute", "resting_heart_rate_bpm", 1.0),
)
SERIES = (
    ("heart_rate_record_series_table", "heart_rate_record_table", "beats_per_minute", "heart_rate_bpm"),
    ("speed_record_table", "SpeedRecordTable", "speed", "speed_m_s"),
    ("power_record_table", "PowerRecordTable", "power", "power_w"),
)


class HealthConnect:
    """The archive; `database` names the file in the zip."""

    kind = "Health Connect"

    def __init__(self, members: ZipMembers, database: str) -> None:
        self._members = members
        self._database = database
        self._warnings: list[str] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user."""
        return tuple(self._warnings)

    def entries(self) -> Iterator[Entry]:
        """Yield the workouts in the order in which they were kept, then the days. FormatError for a damaged one."""
        with tempfile.NamedTemporaryFile(prefix=".health-connect-") as file:
            for chunk in self._members.chunks(self._database, LARGEST_DATABASE):
                file.write(chunk)
            file.flush()
            with closing(_opened(file.name)) as connection:
                yield from self._read(_Tables(connection, self._warnings))

    def _read(self, tables: "_Tables") -> Iterator[Entry]:
        apps = {
            row[0]: str(row[1] or row[2] or "")
            for row in tables.rows("application_info_table", "row_id", "app_name", "package_name")
        }
        quarters, samples = Quarters(), Samples()
        for table, column, metric, factor in COUNTED:
            for begin, end, value, app in tables.numbers(table, "start_time", "end_time", column, "app_info_id"):
                source = apps.get(int(app), "") or self.kind
                quarters.add(source, metric, begin / 1000, end / 1000, value * factor)
                if metric == "distance_m":
                    samples.add(metric, source, int(begin // 1000), int(end // 1000), value)
        for table, parents, column, series in SERIES:
            owners = {row[0]: row[1] for row in tables.rows(parents, "row_id", "app_info_id")}
            for moment, value, parent in tables.numbers(table, "epoch_millis", column, "parent_key"):
                source = apps.get(owners.get(int(parent), -1), "") or self.kind
                samples.add(series, source, int(moment // 1000), int(moment // 1000), value)
        yield from self._workouts(tables, apps, samples)
        yield from entries_of(quarters, self._values(tables, apps), self._sleeps(tables, apps))
        if quarters.left_out + samples.left_out:
            self._warnings.append(
                told(f"{quarters.left_out + samples.left_out} values were left out: there are too many.")
            )

    def _values(self, tables: "_Tables", apps: Mapping[int, str]) -> dict[str, list[DayFigure]]:
        found: dict[tuple[str, str, str], DayFigure] = {}
        for table, column, metric, factor in LATEST:
            for moment, value, app, away in tables.numbers(table, "time", column, "app_info_id", "zone_offset"):
                source = apps.get(int(app), "") or self.kind
                try:
                    local = datetime.fromtimestamp(moment / 1000, UTC) + timedelta(seconds=away)
                except (OverflowError, ValueError, OSError):
                    continue
                figure = DayFigure(metric, local.date().isoformat(), round(value * factor, 3), int(moment // 1000))
                key = source, metric, figure.day
                if key not in found or found[key].stamp_s <= figure.stamp_s:
                    found[key] = figure
        values: dict[str, list[DayFigure]] = {}
        for (source, _, _), figure in found.items():
            values.setdefault(source, []).append(figure)
        return values

    def _sleeps(self, tables: "_Tables", apps: Mapping[int, str]) -> dict[str, list[SleepSpan]]:
        stages: dict[str, list[Stage]] = {}
        owners: dict[int, str] = {}
        whole: dict[int, Stage] = {}
        names = ("row_id", "start_time", "end_time", "app_info_id")
        for row_id, begin, end, app in tables.numbers("sleep_session_record_table", *names):
            owners[int(row_id)] = apps.get(int(app), "") or self.kind
            whole[int(row_id)] = (int(begin // 1000), int(end // 1000), "asleep")
        names = ("parent_key", "stage_start_time", "stage_end_time", "stage_type")
        for parent, begin, end, kind in tables.numbers("sleep_stages_table", *names):
            stage = STAGES.get(int(kind))
            if stage is not None and int(parent) in owners:
                whole.pop(int(parent), None)
                stages.setdefault(owners[int(parent)], []).append((int(begin // 1000), int(end // 1000), stage))
        for row_id, stage in whole.items():
            stages.setdefault(owners[row_id], []).append(stage)
        return {source: sleeps_of(found) for source, found in stages.items()}

    def _workouts(self, tables: "_Tables", apps: Mapping[int, str], samples: Samples) -> Iterator[Entry]:
        names = Names()
        columns = ("row_id", "start_time", "end_time", "exercise_type", "app_info_id", "title", "notes")
        rows = [row for row in tables.rows("exercise_session_record_table", *columns) if _are_numbers(row[:4])]
        clocks = {row[0]: row[1] for row in tables.rows("exercise_session_record_table", "row_id", "start_zone_offset")}
        routes = _Children(tables, "exercise_route_table", "timestamp_millis", "latitude", "longitude", "altitude")
        laps = _Children(tables, "exercise_laps_table", "lap_start_time", "lap_end_time")
        for row_id, begin, end, kind, app, title, notes in sorted(rows, key=lambda row: row[0])[:MOST_WORKOUTS]:
            start_s, duration_s = begin / 1000, (end - begin) / 1000
            word = kind_of(kind)
            if not (0 < start_s < 1 << 32 and 0 <= duration_s <= LONGEST_WORKOUT_S):
                yield Entry(
                    names.unused(f"{word} without a time"), b"", problem=told("Its start or its end cannot be read.")
                )
                continue
            source = apps.get(app, "") or self.kind
            workout = Workout(
                1,
                source=source[:80],
                kind=word,
                start_s=start_s,
                duration_s=duration_s,
                laps=[
                    (_since(one[0], start_s), _since(one[1], start_s)) for one in laps.of(row_id) if _are_numbers(one)
                ],
                series=_series(samples, source, start_s, duration_s),
                track=_track(routes.of(row_id), start_s),
                utc_offset_s=_utc_offset_s(clocks.get(row_id)),
            )
            name = names.unused(f"{word} {datetime.fromtimestamp(start_s, UTC):%Y-%m-%d %H.%M.%S}")
            said = described(title=str(title or ""), notes=str(notes or ""))
            yield Entry(name, write_workout(workout), said)


class _Tables:
    """Plain tables of a stranger's database; what is not there, or damaged, is empty and told."""

    def __init__(self, connection: sqlite3.Connection, warnings: list[str]) -> None:
        self._connection = connection
        self._warnings = warnings
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
        try:
            self._names = {name for (name,) in connection.execute(query) if isinstance(name, str)}
        except (sqlite3.Error, UnicodeError) as error:
            raise FormatError(f"Damaged database: {error}", DATABASE) from error

    def rows(self, table: str, *columns: str) -> Iterator[Sequence[Any]]:
        """Yield these columns of all rows; nothing when the table has not all of them."""
        yield from self._select(table, columns)

    def numbers(self, table: str, *columns: str) -> Iterator[Sequence[float]]:
        """Yield rows all of whose values are numbers; a zone that is not said is UTC."""
        for row in self.rows(table, *columns):
            filled: list[Any] = [
                0 if value is None and name == "zone_offset" else value
                for name, value in zip(columns, row, strict=True)
            ]
            if _are_numbers(filled):
                yield filled

    def children(self, table: str, *columns: str) -> Iterator[Sequence[Any]]:
        """Yield (parent, columns …), by parent, then by the first column."""
        yield from self._select(table, ("parent_key", *columns), f' ORDER BY "parent_key", "{columns[0]}"')

    def _select(self, table: str, columns: Sequence[str], order: str = "") -> Iterator[Sequence[Any]]:
        if table not in self._names:
            return
        listed = ", ".join(f'"{column}"' for column in columns)  # names of ours, never the stranger's
        try:
            known = {row[1] for row in self._connection.execute(f'PRAGMA table_info("{table}")')}
            if known.issuperset(columns):
                query = f'SELECT {listed} FROM "{table}"{order} LIMIT {MOST_ROWS}'  # noqa: S608 (names of ours)
                yield from self._connection.execute(query)
        except (sqlite3.Error, UnicodeError) as error:
            warning = told(f"{table} was left out: {error}")
            if warning not in self._warnings[-50:]:
                self._warnings.append(warning)


class _Children:
    """Rows of parents that are asked for in order: one pass over a table that may have no index."""

    def __init__(self, tables: _Tables, table: str, *columns: str) -> None:
        self._groups = groupby(tables.children(table, *columns), key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, parent: int) -> list[Sequence[Any]]:
        """Return the columns of a parent's rows, at most MOST_POINTS."""
        while self._next is not None and not (_are_numbers(self._next[:1]) and self._next[0] >= parent):
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != parent:
            return []
        found = [row[1:] for row in islice(self._next[1], MOST_POINTS)]
        self._next = next(self._groups, None)
        return found


def _opened(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    steps = iter(range(MOST_STEPS))
    connection.set_progress_handler(lambda: int(next(steps, None) is None), STEPS_TOGETHER)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and abs(value) < 1e15 for value in values)


def _utc_offset_s(told: object) -> int | None:
    return told if isinstance(told, int) and is_utc_offset(told) else None


def _since(millis: float, start_s: float) -> float:
    return round(millis / 1000 - start_s, 3)


def _series(samples: Samples, source: str, start_s: float, duration_s: float) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for name in ("heart_rate_bpm", "speed_m_s", "power_w", "distance_m"):
        cut = samples.cut(name, source, start_s, start_s + duration_s)
        if cut is not None:
            values = np.cumsum(cut.values) if name == "distance_m" else cut.values
            found[name] = Series(np.round(cut.end_s - start_s, 3).tolist(), np.round(values, 2).tolist())
    return found


def _track(rows: Sequence[Sequence[Any]], start_s: float) -> dict[str, Values]:
    points = [row for row in rows if _are_numbers(row[:3])]
    if not points:
        return {}
    return {
        "time_s": [_since(one[0], start_s) for one in points],
        "latitude_deg": [round(float(one[1]), 7) for one in points],
        "longitude_deg": [round(float(one[2]), 7) for one in points],
        "altitude_m": [round(float(one[3]), 2) if _are_numbers(one[3:]) else None for one in points],
    }
