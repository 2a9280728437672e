"""Google Fit as Takeout gives it: TCX files of the activities, tables of the days, JSON of sessions and weights.

Folders are named in the user's language, so a file is told by its extension, its header and its own name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from paceline_server.errors import told
from paceline_server.formats.archives.archive import Entry
from paceline_server.formats.archives.json_members import decoded
from paceline_server.formats.archives.nights import Stage, sleeps_of
from paceline_server.formats.archives.quarters import Quarters
from paceline_server.formats.archives.years import entries_of
from paceline_server.formats.containers import ZipMembers
from paceline_server.formats.days import DayFigure, is_day
from paceline_server.formats.days_csv import GOOGLE, is_days_csv
from paceline_server.formats.errors import FormatError
from paceline_server.formats.google_table import in_english
from paceline_server.formats.table import figure, rows_of

SOURCE = GOOGLE.source
STAGES = {"sleep": "asleep", "sleep.awake": "awake", "sleep.light": "light", "sleep.deep": "deep", "sleep.rem": "rem"}
MOST_STAGES = 400_000
MOST_WARNINGS = 50


class _Stretch(Struct, rename="camel"):
    fitness_activity: str = ""
    start_time: str = ""
    end_time: str = ""


class _Session(_Stretch, rename="camel"):
    segment: list[_Stretch] = []


class _Value(Struct, rename="camel"):
    fp_val: float | None = None


class _Fit(Struct):
    value: _Value | None = None


class _Point(Struct, rename="camel"):
    fit_value: list[_Fit] = []
    start_time_nanos: int | None = None


class _Points(Struct, rename={"points": "Data Points"}):
    points: list[_Point] = []


class GoogleFit:
    """The archive."""

    kind = "Google Fit"

    def __init__(self, members: ZipMembers) -> None:
        self._members = members
        self._warnings: list[str] = []

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user."""
        return tuple(self._warnings[:MOST_WARNINGS])

    def entries(self) -> Iterator[Entry]:
        """Yield the activities, the table of all days, then what was counted within days, sleeps and weights."""
        quarters, stages = Quarters(), list[Stage]()
        weights: list[DayFigure] = []
        for name in self._members.names():
            lower = name.rpartition("/")[2].lower()
            if lower.endswith(".tcx"):
                yield self._whole(name)
            elif lower.endswith(".csv"):
                if is_day(lower.removesuffix(".csv")):
                    self._of_day(name, lower.removesuffix(".csv"), quarters)
                elif is_days_csv(self._head(name)):
                    yield self._whole(name)
            elif lower.endswith(".json") and "sleep" in lower:
                stages += self._night(name)[: MOST_STAGES - len(stages)]
            elif lower.endswith(".json") and "com.google.weight" in lower and lower.startswith("raw_"):
                weights += self._weights(name)
        yield from entries_of(quarters, {SOURCE: weights}, {SOURCE: sleeps_of(stages)})

    def _whole(self, name: str) -> Entry:
        try:
            return Entry(name, self._members.read(name))
        except FormatError as error:
            return Entry(name, b"", problem=str(error))

    def _head(self, name: str) -> bytes:
        try:
            return self._members.read(name)[:4096]
        except FormatError:
            return b""

    def _of_day(self, name: str, day: str, quarters: Quarters) -> None:
        """Take a table of the quarters of a day: `Start time` and `End time` are 06:15:00.000+02:00."""
        try:
            rows = rows_of(self._members.read(name), name)
            header = in_english([one.strip().lower() for one in next(rows, [])])
            metrics = [(header.index(column), *GOOGLE.metrics[column]) for column in GOOGLE.metrics if column in header]
            for row in rows:
                begin, end = _moment(f"{day}T{row[0]}"), _moment(f"{day}T{row[1]}") if len(row) > 1 else None
                if begin is None or end is None:
                    continue
                end = end if end > begin else end + timedelta(days=1)  # the last one ends at 00:00
                for at, metric, factor in metrics:
                    value = figure(row[at]) if at < len(row) else None
                    if value and metric != "weight_kg":
                        quarters.add(SOURCE, metric, begin.timestamp(), end.timestamp(), factor * value)
        except FormatError as error:
            self._warnings.append(told(f"{name} was left out: {error}"))

    def _night(self, name: str) -> list[Stage]:
        session = decoded(self._members, name, _Session, self._warnings)
        if session is None or session.fitness_activity not in STAGES:
            return []
        stages: list[Stage] = []
        for one in session.segment or [session]:
            begin, end = _moment(one.start_time), _moment(one.end_time)
            stage = STAGES.get(one.fitness_activity)
            if begin is not None and end is not None and stage is not None:
                stages.append((int(begin.timestamp()), int(end.timestamp()), stage))
        return stages

    def _weights(self, name: str) -> Iterator[DayFigure]:
        found = decoded(self._members, name, _Points, self._warnings)
        for point in found.points if found is not None else ():
            nanos = point.start_time_nanos
            value = point.fit_value[0].value if point.fit_value else None
            if value is not None and value.fp_val is not None and nanos is not None and 0 < nanos < 1 << 62:
                stamp_s = nanos // 1_000_000_000
                day = datetime.fromtimestamp(stamp_s, UTC).date().isoformat()
                yield DayFigure("weight_kg", day, round(value.fp_val, 3), stamp_s)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        moment.timestamp()
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
