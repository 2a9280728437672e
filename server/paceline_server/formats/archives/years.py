"""Days of many years → entries, one for each source and year of UTC, so that none is large."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from paceline_server.formats.archives.archive import Entry, Names
from paceline_server.formats.archives.quarters import Quarters
from paceline_server.formats.days import DayFigure, DaysTaken, SleepSpan, source_name
from paceline_server.formats.days_document import write_days

YEARS = range(1990, 2200)


def entries_of(
    quarters: Quarters, values: Mapping[str, Iterable[DayFigure]], sleeps: Mapping[str, Iterable[SleepSpan]]
) -> Iterator[Entry]:
    """Yield the entries by source and year; values and sleeps are by source."""
    names = Names()
    by_year = {
        source: _by_year(values.get(source, ()), sleeps.get(source, ()))
        for source in {*quarters.sources(), *values, *sleeps}
    }
    for source in sorted(by_year):
        name = source_name(source)
        for year in sorted({*by_year[source], *quarters.years(source)}):
            if year not in YEARS:
                continue
            taken = DaysTaken(name)
            for one in by_year[source].get(year, ()):
                taken.add(one)
            for one in quarters.figures(source, _begins_s(year), _begins_s(year + 1)):
                taken.add(one)
            said = taken.said()
            if said:
                yield Entry(names.unused(f"Days {year} {name}"), write_days(said))


def _by_year(values: Iterable[DayFigure], sleeps: Iterable[SleepSpan]) -> dict[int, list[DayFigure | SleepSpan]]:
    found: dict[int, list[DayFigure | SleepSpan]] = {}
    for value in values:
        if value.day[:4].isdigit():
            found.setdefault(int(value.day[:4]), []).append(value)
    for sleep in sleeps:
        found.setdefault(datetime.fromtimestamp(sleep.end_s, UTC).year, []).append(sleep)
    return found


def _begins_s(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
