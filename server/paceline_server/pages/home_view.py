"""What the home page says of a day and a week. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from paceline_server.analysis.periods import first_day
from paceline_server.analysis.training_form import training_form
from paceline_server.daily.model import RESTING, Day
from paceline_server.desired.model import DeviceStatus
from paceline_server.devices.model import Device
from paceline_server.goals.service import GoalNow
from paceline_server.pages import local_time
from paceline_server.pages.devices import title_of
from paceline_server.pages.health_view import USUAL_STEPS, StepsView, steps_view
from paceline_server.stats.service import Standing
from paceline_server.words import dates, quantities
from paceline_server.words.reader import reader
from paceline_server.words.speech import gettext as _

WEEK_DAYS = 7
CHART_HEIGHT, BAR_STEP, BAR_WIDTH = 72.0, 40.0, 13.0


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A day of the week: `before` and `now` are (x, y, height) of last week's and this week's bar, None for no bar."""

    name: str
    x: float
    now: tuple[float, float, float] | None
    before: tuple[float, float, float] | None
    today: bool


@dataclass(frozen=True, slots=True)
class WeekView:
    """This week beside the one before: rows of (name, this week, last week), a bar for each day, and the table behind.

    `days` are (day, time of this week, time of last week).
    """

    rows: tuple[tuple[str, str, str], ...]
    bars: tuple[WeekBar, ...]
    days: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WearableView:
    """A wearable's sync state in words; `battery_percent` is None where it did not tell."""

    device_id: str
    name: str
    heard: str
    battery_percent: int | None
    backlog: str
    recording: bool


def week_view(standing: Standing) -> WeekView | None:
    """Return this week and the one before; None when nothing was done in either."""
    history, today = standing.history, standing.today
    first_weekday = reader().first_weekday
    begin = first_day(today, "week", first_weekday)
    now = history.until(today) & (history.day >= begin)
    before = (history.day < begin) & (history.day >= begin - WEEK_DAYS)
    if not (now | before).any():
        return None
    says = (
        (_("Workouts"), "count", quantities.count),
        (_("Distance"), "distance", lambda metres: str(quantities.distance(metres))),
        (_("Moving time"), "time", quantities.duration),
        (_("Climb"), "ascent", lambda metres: str(quantities.height(metres))),
    )
    rows = tuple((name, say(history.total(key, now)), say(history.total(key, before))) for name, key, say in says)
    this_s = history.series("time", "day", first_weekday, now)
    last_s = history.series("time", "day", first_weekday, before)
    most_s = max(*this_s.values(), *last_s.values(), 1.0)
    bars, days = [], []
    for place in range(WEEK_DAYS):
        day = begin + place
        spent_s, before_s = this_s.get(day, 0.0), last_s.get(day - WEEK_DAYS, 0.0)
        x = BAR_STEP * place + (BAR_STEP - 2 * BAR_WIDTH) / 2
        moment = date.fromordinal(day)
        bars.append(
            WeekBar(
                dates.short_weekday(moment.weekday())[:2],
                x + BAR_WIDTH,
                _bar(x + BAR_WIDTH, spent_s / most_s),
                _bar(x, before_s / most_s),
                day == today,
            )
        )
        days.append((dates.weekday_name(moment.weekday()), quantities.duration(spent_s), quantities.duration(before_s)))
    return WeekView(rows, tuple(bars), tuple(days))


def form_now(standing: Standing) -> tuple[float, float, float] | None:
    """Return fitness, fatigue and form today; None where no load can be told."""
    load = standing.history.load(standing.athletes)
    if load is None:
        return None
    _first, daily = standing.history.daily(load, standing.today)
    form = training_form(daily)
    return float(form.fitness[-1]), float(form.fatigue[-1]), float(form.form[-1])


def form_lines(figures: tuple[float, float, float] | None) -> tuple[tuple[str, str, str], ...]:
    """Return (name, value, what it is) of fitness, fatigue and form."""
    if figures is None:
        return ()
    fitness, fatigue, form = figures
    return (
        (_("Fitness"), quantities.count(fitness), _("load a day, over six weeks")),
        (_("Fatigue"), quantities.count(fatigue), _("the same over one week")),
        (_("Form"), quantities.signed(form), _("fitness less fatigue")),
    )


def steps_today(day: Day | None, goals: Sequence[GoalNow]) -> StepsView | None:
    """Return today's steps against the goal of a day, else a usual aim; None where no steps are known."""
    if day is None or "steps" not in day.values:
        return None
    aim = next((one.goal.target_value for one in goals if is_steps_a_day(one)), None)
    return steps_view(day.values["steps"], aim or USUAL_STEPS, own_aim=aim is not None)


def is_steps_a_day(one: GoalNow) -> bool:
    """Tell whether a goal under way is the one that the ring of the steps shows."""
    goal = one.goal
    return (goal.metric, goal.period) == ("steps", "daily") and goal.sport is None and goal.last >= one.today


def beside_steps(day: Day | None) -> list[tuple[str, str]]:
    """Return (value, what it is) of what else is known of a day."""
    if day is None:
        return []
    named = {"active_minutes": _("active minutes"), RESTING: _("bpm at rest"), "floors": _("floors")}
    return [(quantities.count(day.values[key]), name) for key, name in named.items() if key in day.values]


def wearable_view(device: Device, said: DeviceStatus | None, zone: tzinfo) -> WearableView:
    """Return how a wearable is."""
    if said is None:
        return WearableView(device.device_id, title_of(device), _("not heard yet"), None, "", recording=False)
    behind_kib = max(0, said.end_position - said.confirmed_position) // 1024
    return WearableView(
        device.device_id,
        title_of(device),
        _("synced %(when)s", when=local_time.short_day_and_time(local_time.local(said.heard_at_s, zone))),
        said.battery_percent if said.battery_millivolt else None,
        _("%(size)s KiB still to come", size=behind_kib) if behind_kib else _("all of it is here"),
        recording=bool(said.recording),
    )


def _bar(x: float, part: float) -> tuple[float, float, float] | None:
    height = round(CHART_HEIGHT * part, 1)
    return (x, round(CHART_HEIGHT - height, 1), height) if height else None
