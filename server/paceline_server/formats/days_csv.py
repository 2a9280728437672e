"""Daily metrics as CSV: our own table (a date, and columns named as the API names metrics), Google Fit's, WHOOP's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paceline_server.errors import told
from paceline_server.formats.contents import Contents
from paceline_server.formats.days import DAY_BOUNDS, LATEST_BOUNDS, DayFigure, DaysTaken, is_day
from paceline_server.formats.errors import FormatError
from paceline_server.formats.google_table import (
    DISTANCE,
    ENERGY,
    MOVED,
    STEPS,
    WEIGHT,
    in_english,
    is_google_table,
)
from paceline_server.formats.table import figure, rows_of

_ASLEEP = "sleep_minutes"


@dataclass(frozen=True, slots=True)
class Layout:
    """Whose table it is: the columns that hold the day, in order of trust, and metrics by column with their factor."""

    source: str
    days: Sequence[str]
    metrics: Mapping[str, tuple[str, float]]


OURS = Layout("CSV", ("date",), {name: (name, 1.0) for name in DAY_BOUNDS})
GOOGLE = Layout(
    "Google Fit",
    ("date",),
    {
        STEPS: ("steps", 1.0),
        DISTANCE: ("distance_m", 1.0),
        ENERGY: ("kilocalories", 1.0),
        MOVED: ("active_minutes", 1.0),
        WEIGHT: ("weight_kg", 1.0),
    },
)
WHOOP = Layout(
    "WHOOP",
    ("wake onset", "cycle start time"),
    {
        "resting heart rate (bpm)": ("resting_heart_rate_bpm", 1.0),
        "energy burned (cal)": ("kilocalories", 1.0),
        "asleep duration (min)": (_ASLEEP, 1.0),
    },
)
LAYOUTS = (OURS, GOOGLE, WHOOP)


def is_days_csv(head: bytes) -> bool:
    """Tell by the first line, and by the second's first cell, whether it is a table of days."""
    first, _, rest = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").partition("\n")
    for separator in ",;\t":
        names = [_plain(name) for name in first.split(separator)]
        if any(_fits(one, names) for one in LAYOUTS) or (is_day(rest[:10]) and is_google_table(names)):
            return True
    return False


def read_days_csv(data: bytes, name: str) -> Contents:
    """Return the days of a table. A value holds from the end of its day on, so that the same table says the same.

    A column `source` of our own table names who said it. FormatError when no row says anything of a day.
    """
    rows = rows_of(data, name)
    header = [_plain(one) for one in next(rows, [])]
    if not any(_fits(one, header) for one in LAYOUTS) and is_google_table(header):
        header = in_english(header)
    layout = next((one for one in LAYOUTS if _fits(one, header)), None)
    if layout is None:
        raise FormatError("No column with a date, or none with a metric that is known", name)
    taken: dict[str, DaysTaken] = {}
    days = [header.index(one) for one in layout.days if one in header]
    columns = [(header.index(one), *metric) for one, metric in layout.metrics.items() if one in header]
    sources = header.index("source") if layout is OURS and "source" in header else None
    dayless = 0
    for row in rows:
        day = next((row[at].strip()[:10] for at in days if at < len(row) and is_day(row[at].strip()[:10])), None)
        if day is None:
            dayless += 1
            continue
        source = (row[sources].strip() if sources is not None and sources < len(row) else "") or layout.source
        mine = taken.setdefault(source, DaysTaken(source))
        for at, metric, factor in columns:
            value = figure(row[at]) if at < len(row) else None
            if value is not None and (value or metric not in LATEST_BOUNDS):
                mine.add(DayFigure.of_whole_day(metric, day, round(value * factor, 3)))
    said = tuple(one for each in taken.values() if (one := each.said()))
    if not said:
        raise FormatError("The table says nothing of any day", name)
    left_out = sum(each.left_out for each in taken.values())
    warnings = [told(f"{dayless} rows without a date were left out.")] if dayless else []
    warnings += [told(f"{left_out} values were left out: no day has such.")] if left_out else []
    return Contents((), tuple(warnings), said)


def _fits(layout: Layout, names: Sequence[str]) -> bool:
    return any(day in names for day in layout.days) and any(metric in names for metric in layout.metrics)


def _plain(name: str) -> str:
    return name.strip().strip('"').strip().lower()
