"""A year of days as small calendars, darker the longer one moved. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from paceline_server.analysis.history import History
from paceline_server.words import dates, quantities
from paceline_server.words.reader import reader
from paceline_server.words.speech import gettext as _
from paceline_server.words.speech import ngettext

LEVELS_MIN = (0, 30, 60, 120)
"""A day with more minutes than the first is of level 1, and so on."""
CELL = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A day's square: where it lies, how dark it is (0 to 4), and what it says."""

    x: int
    y: int
    level: int
    said: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its cells, its address ("2026-05"), its sums in words, and the table of the days that have something."""

    address: str
    name: str
    said: str
    cells: tuple[Cell, ...]
    height: int
    rows: tuple[tuple[str, str, str, str], ...]


def calendar_months(history: History, year: int, sport: str | None) -> tuple[Month, ...]:
    """Return the months of a year, the latest first, none after the last one that has something in this year."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    chosen = history.of_sport(sport) & (history.day >= first) & (history.day <= last)
    if not chosen.any():
        return ()
    first_weekday = reader().first_weekday
    found = [history.series(metric, "day", first_weekday, chosen) for metric in ("time", "distance", "count")]
    newest = date.fromordinal(int(history.day[chosen].max())).month
    return tuple(_month(year, month, found, first_weekday) for month in range(newest, 0, -1))


def years_done(history: History) -> list[int]:
    """Return the years that have an activity, the latest first."""
    return sorted({date.fromordinal(day).year for day in history.day.tolist()}, reverse=True)


def level_of(minutes: float) -> int:
    """Return how dark a day of so many minutes is: 0 for none."""
    return sum(minutes > least for least in LEVELS_MIN)


def _month(year: int, month: int, found: list[dict[int, float]], first_weekday: int) -> Month:
    spent_s, metres, counts = found
    first = date(year, month, 1)
    days = [first.toordinal() + place for place in range(monthrange(year, month)[1])]
    before = (first.weekday() - first_weekday) % 7
    cells, rows = [], []
    for place, day in enumerate(days):
        week, weekday = divmod(before + place, 7)
        seconds, name = spent_s.get(day, 0.0), dates.short_day(date.fromordinal(day), year=False)
        done = int(counts.get(day, 0))
        said = f"{name}: {quantities.duration(seconds)}" if done else name
        cells.append(Cell(weekday * CELL, week * CELL, max(level_of(seconds / 60), min(done, 1)), said))
        if done:
            far = str(quantities.distance(metres.get(day, 0.0)))
            rows.append((name, quantities.count(done), quantities.duration(seconds), far))
    many = int(sum(counts.get(day, 0) for day in days))
    sums = ngettext("%(n)s workout", "%(n)s workouts", many)
    if many:
        time = quantities.duration(sum(spent_s.get(day, 0.0) for day in days))
        sums = _("%(workouts)s, %(time)s", workouts=sums, time=time)
    height = ((before + len(days) - 1) // 7 + 1) * CELL
    return Month(f"{year}-{month:02}", dates.month_name(month), sums, tuple(cells), height, tuple(rows))
