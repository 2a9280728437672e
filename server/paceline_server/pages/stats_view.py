"""Statistics in words and bars. Pure; days are those on the clock of the latest activity."""

from dataclasses import dataclass
from datetime import date
from math import isnan

from paceline_server.analysis.consistency import consistency
from paceline_server.analysis.history import History
from paceline_server.analysis.periods import Days, first_day
from paceline_server.analysis.streaks import Streak, day_streak, week_streak
from paceline_server.analysis.training_form import evenness, training_form
from paceline_server.pages.sparkline import sparkline
from paceline_server.stats.service import Standing
from paceline_server.words import quantities
from paceline_server.words.dates import short_day
from paceline_server.words.quantities import distance_name
from paceline_server.words.reader import reader
from paceline_server.words.speech import gettext as _
from paceline_server.words.speech import ngettext
from paceline_server.words.sports import workouts_of

WEEKS = 26
CHART_WIDTH, CHART_HEIGHT = 600, 120
FORM_HEIGHT = 92


@dataclass(frozen=True, slots=True)
class Bar:
    """A week's bar in the chart's units, and what it says."""

    x: float
    y: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class WeekChart:
    """The last weeks; `top` is the value of the highest bar, `first` and `last` the days on which the ends begin."""

    bars: tuple[Bar, ...]
    width: float
    top: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class StatsView:
    """What the page shows; lines are (key, name, value, note), `form_path` is the curve of fitness, "" without load."""

    totals: tuple[tuple[str, str, str, str, str], ...]
    chart: WeekChart
    sports: tuple[tuple[str, str, bool], ...]
    streaks: tuple[tuple[str, str, str, str], ...]
    training: tuple[tuple[str, str, str, str], ...]
    form_path: str
    bests: tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...]


def stats_view(standing: Standing, sport: str | None) -> StatsView:
    """Make the page; totals and weeks are of one sport, or of all."""
    history, today = standing.history, standing.today
    days = history.day[history.day <= today]
    training, path = _training(standing)
    chosen = [(_("All sports"), "/stats", sport is None)]
    chosen += [(workouts_of(name), f"/stats?sport={name}", name == sport) for name in history.sports]
    return StatsView(
        _totals(history, today, sport),
        week_chart(history, today, sport),
        tuple(chosen) if len(history.sports) > 1 else (),
        (
            ("days", _("Days in a row"), *_streak(day_streak(days, today), "days")),
            ("weeks", _("Weeks in a row"), *_streak(week_streak(days, today, reader().first_weekday), "weeks")),
            *_consistency(days, today),
        ),
        training,
        path,
        _bests(history),
    )


def week_chart(history: History, today: int, sport: str | None) -> WeekChart:
    """Draw the kilometres of the last weeks, the week under way among them."""
    last = first_day(today, "week", reader().first_weekday)
    first = last - 7 * (WEEKS - 1)
    found = history.series("distance", "week", reader().first_weekday, history.until(today, sport))
    values = [found.get(start, 0.0) for start in range(first, last + 1, 7)]
    most = max(values) or 1.0
    step = CHART_WIDTH / WEEKS
    bars = tuple(
        Bar(
            round(number * step + step * 0.12, 1),
            round(CHART_HEIGHT * (1 - value / most), 1),
            round(CHART_HEIGHT * value / most, 1),
            _("Week of %(day)s: %(far)s", day=_day(first + 7 * number), far=quantities.distance(value)),
        )
        for number, value in enumerate(values)
    )
    return WeekChart(bars, round(step * 0.76, 1), str(quantities.distance(max(values))), _day(first), _day(last))


def _totals(history: History, today: int, sport: str | None) -> tuple[tuple[str, str, str, str, str], ...]:
    rows = []
    for name, kind in (
        (_("This week"), "week"),
        (_("This month"), "month"),
        (_("This year"), "year"),
        (_("All"), "all"),
    ):
        chosen = history.within(kind, today, reader().first_weekday, sport)
        rows.append(
            (
                name,
                quantities.count(history.total("count", chosen)),
                quantities.distance(history.total("distance", chosen)).value,
                quantities.duration(history.total("time", chosen)),
                quantities.height(history.total("ascent", chosen)).value,
            )
        )
    return tuple(rows)


def _streak(streak: Streak, unit: str) -> tuple[str, str]:
    return str(streak.current), _("longest %(streak)s", streak=quantities.value_name(streak.longest, unit))


def _consistency(days: Days, today: int) -> tuple[tuple[str, str, str, str], ...]:
    found = consistency(days, today, reader().first_weekday)
    if found is None:
        return ()
    active, often = round(found.weeks * found.with_one), round(found.weeks * found.with_three_days)
    said = ngettext(
        "%(n)s week with workouts on three days and more", "%(n)s weeks with workouts on three days and more", often
    )
    alike = _("1 is every week like the others")
    return (
        (
            "consistency",
            _("Weeks with a workout"),
            _("%(active)s of %(weeks)s", active=active, weeks=found.weeks),
            said,
        ),
        ("regularity", _("Regularity"), f"{found.regularity:.2f}", alike),
    )


def _training(standing: Standing) -> tuple[tuple[tuple[str, str, str, str], ...], str]:
    load = standing.history.load(standing.athletes)
    if load is None:
        return (), ""
    _days, daily = standing.history.daily(load, standing.today)
    form, even = training_form(daily), evenness(daily)
    lines = [
        ("load", _("Load of seven days"), quantities.count(float(daily[-7:].sum())), _("training impulse (Banister)")),
        ("fitness", _("Fitness"), quantities.count(float(form.fitness[-1])), _("load a day, fading over 42 days")),
        ("fatigue", _("Fatigue"), quantities.count(float(form.fatigue[-1])), _("the same over 7 days")),
        ("form", _("Form"), _signed(float(form.form[-1])), _("fitness less fatigue, as of yesterday")),
        ("ramp", _("Ramp"), _signed(float(form.ramp[-1])), _("gain of fitness in a week")),
    ]
    if not isnan(float(even.monotony[-1])):
        lines.append(
            (
                "monotony",
                _("Monotony"),
                quantities.number(even.monotony[-1], 1),
                _("how alike seven days were (Foster)"),
            )
        )
    drawn = sparkline(form.fitness[-7 * WEEKS :].tolist(), CHART_WIDTH, FORM_HEIGHT)
    return tuple(lines), drawn.path if drawn is not None else ""


def _bests(history: History) -> tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...]:
    by_sport: dict[str, list[tuple[str, str, str, str, str]]] = {}
    days = dict(zip(history.activity_ids, history.day.tolist(), strict=True))
    for (sport, metres), each in history.bests.items():
        best = each[-1]
        row = (
            distance_name(metres, sport),
            quantities.duration(best.duration_s),
            quantities.rate(metres / best.duration_s if best.duration_s > 0 else None, sport).value,
            _day(days[best.activity_id]),
            best.activity_id,
        )
        by_sport.setdefault(sport, []).append(row)
    return tuple((sport, tuple(rows)) for sport, rows in by_sport.items())


def _signed(value: float) -> str:
    return quantities.signed(value, 1)


def _day(day: int) -> str:
    return short_day(date.fromordinal(day))
