"""Garmin's account export: FIT files in zips, summaries of the activities, days.

A file's name says nothing of its activity, so the two are joined by the moment at which they began.
"""

import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Raw, Struct, field

from paceline_server.errors import told
from paceline_server.formats.archives.archive import Entry, Said, described
from paceline_server.formats.archives.json_members import decoded_each, each
from paceline_server.formats.archives.quarters import Quarters
from paceline_server.formats.archives.years import entries_of
from paceline_server.formats.containers import Bounds, ZipMembers
from paceline_server.formats.days import DayFigure, is_day
from paceline_server.formats.errors import FormatError
from paceline_server.formats.sports import sport_of

SOURCE = "Garmin"
SAME_START_S = 3
LARGEST_INNER = 4 << 30
IN_MEMORY = 8 << 20
INNER_BOUNDS = Bounds(members=100_000, all_bytes=8 << 30)
FILES = (".fit", ".tcx", ".gpx", ".fit.gz", ".tcx.gz", ".gpx.gz")


class Summary(Struct, rename="camel"):
    """An activity as Garmin sums it up; times in milliseconds."""

    activity_id: int | None = None
    name: str | None = None
    description: str | None = None
    activity_type: str | None = None
    begin_timestamp: float | None = None
    duration: float | None = None


class _Export(Summary):
    """Most exports wrap the summaries in a list within; some have them bare."""

    summaries: list[Raw] = field(default_factory=list, name="summarizedActivitiesExport")


class _Gear(Struct, rename="camel"):
    gear_pk: int | None = None
    custom_make_model: str | None = None
    display_name: str | None = None


class _Worn(Struct, rename="camel"):
    activity_id: int | None = None


class _GearExport(Struct):
    gearDTOS: list[_Gear] = []
    gearActivityDTOs: dict[str, list[_Worn]] = {}


class _Day(Struct, rename="camel"):
    calendar_date: Any = None
    total_steps: float | None = None
    total_kilocalories: float | None = None
    total_distance_meters: float | None = None
    resting_heart_rate: float | None = None
    moderate_intensity_minutes: float | None = None
    vigorous_intensity_minutes: float | None = None
    floors_ascended_in_meters: float | None = None


class _Night(Struct, rename="camel"):
    calendar_date: Any = None
    deep_sleep_seconds: float | None = None
    light_sleep_seconds: float | None = None
    rem_sleep_seconds: float | None = None


class _Dated(Struct, rename="camel"):
    calendar_date: Any = None


class _Weighed(Struct):
    weight: float | None = None


class _Body(Struct, rename="camel"):
    meta_data: _Dated | None = None
    weight: Any = None


class Garmin:
    """The archive."""

    kind = "Garmin Connect"

    def __init__(self, members: ZipMembers) -> None:
        self._members = members
        self._warnings: list[str] = []
        self.others = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user."""
        others = told(f"{self.others} files of the export are no activities (settings, monitoring) and were left out.")
        return (*self._warnings, *((others,) if self.others else ()))

    def entries(self) -> Iterator[Entry]:
        """Yield the activities file by file, then the days."""
        said = self._summaries()
        names: set[str] = set()
        for name in self._members.names():
            lower = name.lower()
            if lower.endswith(".zip"):
                yield from self._inner(name, said, names)
            elif lower.endswith(FILES):
                yield from self._file(name, self._members, name, said, names)
        yield from entries_of(Quarters(), {SOURCE: self._days()}, {})

    def _inner(self, name: str, said: Mapping[int, Said], names: set[str]) -> Iterator[Entry]:
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
                for chunk in self._members.chunks(name, LARGEST_INNER):
                    file.write(chunk)
                file.seek(0)
                inner = ZipMembers(file, INNER_BOUNDS)  # pyright: ignore[reportArgumentType] (a file to read and seek)
                for one in inner.names():
                    if one.lower().endswith(FILES):
                        yield from self._file(one, inner, one, said, names)
        except FormatError as error:
            self._warnings.append(told(f"{name} was left out: {error}"))

    def _file(
        self, name: str, members: ZipMembers, member: str, said: Mapping[int, Said], names: set[str]
    ) -> Iterator[Entry]:
        unused, number = name, 2
        while unused in names:
            unused, number = f"{number} {name}", number + 1
        try:
            data = members.read(member)
        except FormatError as error:
            names.add(unused)
            yield Entry(unused, b"", problem=str(error))
            return
        from paceline_server.formats.fit.glance import ACTIVITY, glance  # noqa: PLC0415 (as in formats/read.py)

        seen = glance(data)
        if seen.kind not in (None, ACTIVITY):
            self.others += 1
            return
        names.add(unused)
        yield Entry(unused, data, _near(said, seen.start_utc_s))

    def _summaries(self) -> dict[int, Said]:
        worn = self._gear()
        found: dict[int, tuple[float, Said]] = {}
        for name in self._named("summarizedactivities"):
            for export in decoded_each(self._members, name, _Export, self._warnings):
                for one in (export, *each(export.summaries, name, Summary, self._warnings)):
                    if one.begin_timestamp is None or not 0 < one.begin_timestamp < 1e14:
                        continue
                    said = described(
                        title=one.name or "",
                        notes=one.description or "",
                        sport=sport_of(one.activity_type or "") if one.activity_type else "",
                        gear=worn.get(one.activity_id or -1, ""),
                    )
                    start_s, duration = round(one.begin_timestamp / 1000), one.duration or 0.0
                    if start_s not in found or found[start_s][0] < duration:  # of a multisport activity the whole
                        found[start_s] = duration, said
        return {start_s: said for start_s, (_, said) in found.items()}

    def _gear(self) -> dict[int, str]:
        worn: dict[int, str] = {}
        for name in self._named("_gear.json"):
            for export in decoded_each(self._members, name, _GearExport, self._warnings):
                names = {
                    str(one.gear_pk): (one.custom_make_model or one.display_name or "").strip()
                    for one in export.gearDTOS
                }
                for key, activities in export.gearActivityDTOs.items():
                    for one in activities:
                        if one.activity_id is not None and names.get(key):
                            worn.setdefault(one.activity_id, names[key])
        return worn

    def _days(self) -> Iterator[DayFigure]:
        for name in self._named("udsfile"):
            for one in decoded_each(self._members, name, _Day, self._warnings):
                minutes = (one.moderate_intensity_minutes, one.vigorous_intensity_minutes)
                active = sum(value or 0 for value in minutes) if any(value is not None for value in minutes) else None
                values = {
                    "steps": one.total_steps,
                    "kilocalories": one.total_kilocalories,
                    "distance_m": one.total_distance_meters,
                    "active_minutes": active,
                    "ascent_m": one.floors_ascended_in_meters,
                    "resting_heart_rate_bpm": one.resting_heart_rate or None,
                }
                yield from _figures(one.calendar_date, values)
        for name in self._named("sleepdata.json"):
            for one in decoded_each(self._members, name, _Night, self._warnings):
                parts = (one.deep_sleep_seconds, one.light_sleep_seconds, one.rem_sleep_seconds)
                if any(parts):
                    yield from _figures(one.calendar_date, {"sleep_minutes": sum(part or 0 for part in parts) / 60})
        weighed: dict[str, tuple[str, float]] = {}
        for name in self._named("userbiometrics.json"):
            for one in decoded_each(self._members, name, _Body, self._warnings):
                grams = one.weight.get("weight") if isinstance(one.weight, dict) else one.weight
                moment = one.meta_data.calendar_date if one.meta_data is not None else None
                if isinstance(moment, str) and isinstance(grams, int | float) and grams:
                    # Of a day that the scale was stood on twice the later counts.
                    weighed[moment[:10]] = max(weighed.get(moment[:10], ("", 0.0)), (moment, grams / 1000))
        for day, (_, weight_kg) in weighed.items():
            yield from _figures(day, {"weight_kg": weight_kg})

    def _named(self, part: str) -> list[str]:
        names = self._members.names()
        return [one for one in names if part in one.rpartition("/")[2].lower() and one.lower().endswith(".json")]


def _near(said: Mapping[int, Said], start_utc_s: float | None) -> Said:
    if start_utc_s is None:
        return Said()
    at = round(start_utc_s)
    near = sorted(range(at - SAME_START_S, at + SAME_START_S + 1), key=lambda second: (abs(second - at), second))
    return next((said[second] for second in near if second in said), Said())


def _figures(date: object, values: Mapping[str, float | None]) -> Iterator[DayFigure]:
    day = date.get("date") if isinstance(date, dict) else date
    if not isinstance(day, str) or not is_day(day[:10]):
        return
    for metric, value in values.items():
        if value is not None:
            yield DayFigure.of_whole_day(metric, day[:10], round(value, 3))
