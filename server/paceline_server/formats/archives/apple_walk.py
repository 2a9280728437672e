"""One pass over an export.xml of Apple Health, in pieces: what is read of it, in bounded memory.

Records come first, by type, and workouts behind them; so what may belong to a workout is kept as samples (samples.py)
until the end. The declaration of the document's type is left out before it is parsed: Apple wrote several that are not
well-formed, and nothing can be declared in a document that has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from xml.parsers import expat

from paceline_server.formats.archives.apple_records import RECORDS, SLEEP, STAGES, UNITS
from paceline_server.formats.archives.nights import Stage
from paceline_server.formats.archives.quarters import Quarters
from paceline_server.formats.archives.samples import Samples
from paceline_server.formats.days import DayFigure
from paceline_server.formats.errors import FormatError

DEEPEST = 40
LONGEST_DECLARATION = 1 << 20
LONGEST_TOKEN = 4 << 20
MOST_WORKOUTS = 20_000
MOST_OF_WORKOUT = 5_000  # events, and as many routes
MOST_STAGES = 400_000
MOST_VALUES = 200_000
_MOST_CACHED = 50_000


@dataclass(slots=True)
class AppleWorkout:
    """A Workout element: its attributes, and what of its children is read. Events are (type, date, attributes)."""

    attributes: dict[str, str]
    events: list[dict[str, str]] = field(default_factory=list)
    totals: dict[str, tuple[str, str]] = field(default_factory=dict)  # by quantity: sum, unit
    routes: list[str] = field(default_factory=list)
    locations: list[dict[str, str]] = field(default_factory=list)
    time_zone: str = ""  # an IANA name


@dataclass(slots=True)
class AppleFindings:
    """What a pass found; of `stages` and `values` by source."""

    samples: Samples = field(default_factory=Samples)
    quarters: Quarters = field(default_factory=Quarters)
    stages: dict[str, list[Stage]] = field(default_factory=dict)
    values: dict[tuple[str, str, str], DayFigure] = field(default_factory=dict)
    workouts: list[AppleWorkout] = field(default_factory=list)
    unreadable: int = 0
    left_out: int = 0
    _stages: int = 0
    _locations: int = 0

    def add_stage(self, source: str, stage: Stage) -> None:
        """Take a stage of sleep."""
        self._stages += 1
        if self._stages > MOST_STAGES:
            self.left_out += 1
        else:
            self.stages.setdefault(source, []).append(stage)

    def add_value(self, source: str, figure: DayFigure) -> None:
        """Take a value of a day; of several the last one of the day holds."""
        key = source, figure.metric, figure.day
        before = self.values.get(key)
        if before is None and len(self.values) >= MOST_VALUES:
            self.left_out += 1
        elif before is None or (before.stamp_s, before.value) < (figure.stamp_s, figure.value):
            self.values[key] = figure

    def add_location(self, workout: AppleWorkout, attributes: dict[str, str]) -> None:
        """Take a point of a route that is within the export itself, as it was once."""
        self._locations += 1
        if self._locations > MOST_VALUES:
            self.left_out += 1
        else:
            workout.locations.append(attributes)


class AppleWalk:
    """Takes the document in pieces: `feed` each, then `close`. FormatError where it is damaged; `found` holds on."""

    def __init__(self) -> None:
        self.found = AppleFindings()
        self.elements = 0
        self._head: bytes | None = b""
        self._fed = 0
        self._depth = 0
        self._workout: AppleWorkout | None = None
        self._within = 0
        self._clock = AppleClock()
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._declared

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        if self._head is not None:
            self._head += chunk
            rest = without_declaration(self._head)
            if rest is None:
                if len(self._head) > LONGEST_DECLARATION:
                    raise FormatError("A declaration without an end", "export.xml, line 1")
                return
            self._head, chunk = None, rest
        self._parse(chunk, last=False)
        self._fed += len(chunk)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
            raise FormatError(f"An element of more than {LONGEST_TOKEN >> 20} MiB", self.where)

    def close(self) -> None:
        """Take the end of the document."""
        self._parse(b"", last=True)

    @property
    def where(self) -> str:
        """The place that the walk has reached."""
        return f"export.xml, line {self._parser.CurrentLineNumber}"

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise FormatError(f"Not well-formed XML: {expat.ErrorString(error.code)}", self.where) from error
        except FormatError:
            raise
        except (
            ValueError,
            LookupError,
        ) as error:  # ValueError: expat knows no encodings of several bytes, such as UTF-7
            raise FormatError(f"Text in an unknown encoding: {error}", self.where) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormatError(f"Elements nest deeper than {DEEPEST}", self.where)
        if name == "Record":
            self.elements += 1
            kind = attributes.get("type")
            if kind is not None and (kind in RECORDS or kind == SLEEP):
                try:
                    self._record(kind, attributes)
                except (ValueError, KeyError, OverflowError):
                    self.found.unreadable += 1
        elif self._workout is not None:
            self._of_workout(self._workout, name, attributes)
        elif name == "Workout":
            self._workout = AppleWorkout(attributes)
            self._within = self._depth

    def _end(self, name: str) -> None:
        del name
        if self._workout is not None and self._depth == self._within:
            if len(self.found.workouts) < MOST_WORKOUTS:
                self.found.workouts.append(self._workout)
            else:
                self.found.left_out += 1
            self._workout = None
        self._depth -= 1

    def _record(self, kind: str, attributes: Mapping[str, str]) -> None:
        found, source = self.found, attributes.get("sourceName") or "Apple Health"
        end, moment = attributes["endDate"], self._clock.utc_s
        start_s, end_s = moment(attributes["startDate"]), moment(end)
        if kind == SLEEP:
            stage = STAGES.get(attributes["value"])
            if stage is not None:
                found.add_stage(source, (start_s, end_s, stage))
            return
        wanted = RECORDS[kind]
        value = float(attributes["value"]) * wanted.units[attributes.get("unit", "count")]
        if wanted.series:
            found.samples.add(wanted.series, source, start_s, end_s, value)
        if wanted.counted:
            found.quarters.add(source, wanted.counted, start_s, end_s, value)
        if wanted.latest:
            found.add_value(source, DayFigure(wanted.latest, end[:10], round(value, 3), end_s))

    def _of_workout(self, workout: AppleWorkout, name: str, attributes: dict[str, str]) -> None:
        if name == "FileReference" and len(workout.routes) < MOST_OF_WORKOUT:
            workout.routes.append(attributes.get("path", ""))
        elif name == "Location":
            self.found.add_location(workout, attributes)
        elif self._depth != self._within + 1:
            return  # of an activity within: its totals are parts of the workout's
        elif name == "MetadataEntry" and attributes.get("key") == "HKTimeZone":
            workout.time_zone = attributes.get("value", "")
        elif name == "WorkoutEvent" and len(workout.events) < MOST_OF_WORKOUT:
            workout.events.append(attributes)
        elif name == "WorkoutStatistics" and "sum" in attributes:
            workout.totals[attributes.get("type", "")] = attributes["sum"], attributes.get("unit", "")

    def _declared(self, name: str, *_rest: object) -> None:
        raise FormatError(f"The document declares the entity {name!r}; entities are not read", self.where)


class AppleClock:
    """Times as Apple writes them, "2025-09-16 16:14:50 +0100" → Unix seconds."""

    def __init__(self) -> None:
        self._days: dict[str, int] = {}

    def utc_s(self, text: str) -> int:
        """Return the moment; ValueError for anything else."""
        day = text[:11] + text[19:]
        start_s = self._days.get(day)
        if start_s is None:
            if len(self._days) > _MOST_CACHED:
                self._days.clear()
            start_s = self._days[day] = int(_midnight(day).timestamp())
        if text[13] != ":" or text[16] != ":":
            raise ValueError(text)
        return start_s + 3600 * int(text[11:13]) + 60 * int(text[14:16]) + int(text[17:19])


def _midnight(day: str) -> datetime:
    date, _, zone = day.partition(" ")
    moment = datetime.fromisoformat(date)
    zone = zone.strip()
    if zone in ("", "Z"):
        return moment.replace(tzinfo=UTC)
    if len(zone) != 5 or zone[0] not in "+-":
        raise ValueError(day)
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return moment.replace(tzinfo=timezone(away if zone[0] == "+" else -away))


def without_declaration(head: bytes) -> bytes | None:
    """Return the beginning of a document without the declaration of its type; None when more of it is needed."""
    begin, root = head.find(b"<!DOCTYPE"), head.find(b"<HealthData")
    if begin < 0 or 0 <= root < begin:
        return head if root >= 0 else None
    bracket, close = head.find(b"[", begin), head.find(b">", begin)
    if close < 0:
        return None
    if 0 <= bracket < close:
        close = head.find(b"]>", begin) + 1
        if not close:
            return None
    return head[:begin] + head[close + 1 :]


def metres(value: str, unit: str) -> float | None:
    """Return a distance; None when it is none."""
    try:
        found = float(value) * UNITS[unit]
    except (ValueError, KeyError):
        return None
    return found if 0 <= found < 1e8 else None
