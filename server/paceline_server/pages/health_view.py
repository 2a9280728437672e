"""Health in words and curves. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from paceline_server.analysis.day_energy import DayEnergy
from paceline_server.analysis.weight_trend import change_a_week_kg
from paceline_server.health.model import HealthDay, Meal
from paceline_server.words.dates import clock_time, short_day, weekday_and_number
from paceline_server.words.quantities import DASH, count, entered, number, signed, unit, unit_si
from paceline_server.words.speech import gettext as _

USUAL_STEPS = 8000.0
"""Where nobody set a goal: from there on more steps a day lower mortality little more, at 60 years and over 6,000 to
8,000, below 8,000 to 10,000 (Paluch et al., Lancet Public Health 7 (2022) e219)."""
CHART_WIDTH, CHART_HEIGHT = 600.0, 140.0
TABLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class StepsView:
    """Today's steps as a ring."""

    percent: int
    achieved: bool
    count: str
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class EnergyView:
    """Today's energy; `aim` is "" where none was set, `share` how much of it is eaten, 1 at most."""

    eaten: str
    spent: str
    balance: str
    aim: str
    aim_entered: str
    left: str
    share: float
    is_usual: bool
    of_what: str


@dataclass(frozen=True, slots=True)
class WeightView:
    """The weight: as told last, its trend, the dots of all weights and the curve of the trend in the chart's units."""

    weight: str
    trend: str
    change: str
    when: str
    dots: tuple[tuple[float, float, str], ...]
    path: str
    top: str
    bottom: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class MealView:
    """A meal of today."""

    meal_id: str
    name: str
    energy: str
    time: str


@dataclass(frozen=True, slots=True)
class HealthView:
    """The page; `rows` are the last days: day, steps, eaten, spent, asleep."""

    steps: StepsView
    energy: EnergyView
    weight: WeightView | None
    sleep: tuple[str, str]
    rows: tuple[tuple[str, str, str, str, str], ...]


def health_view(days: Sequence[HealthDay], steps_aim: float, *, own_aim: bool) -> HealthView:
    """Return the page of days, the last of which is today."""
    today = days[-1]
    nights = [day.sleep_min for day in days[-TABLE_DAYS:] if day.sleep_min is not None]
    return HealthView(
        steps_view(today.steps or 0.0, steps_aim, own_aim=own_aim),
        _energy(today),
        _weight(days),
        (hours(today.sleep_min), _average(nights)),
        tuple(_row(day) for day in reversed(days[-TABLE_DAYS:])),
    )


def steps_view(steps: float, aim: float, *, own_aim: bool) -> StepsView:
    """Return a day's steps against an aim, which is one's own or a usual one."""
    return StepsView(
        100 if steps >= aim else min(99, int(100 * steps / aim)),
        steps >= aim,
        count(steps),
        _("%(count)s of %(aim)s", count=count(steps), aim=count(aim)),
        _("your goal") if own_aim else _("a usual aim, as you set no goal"),
    )


def meal_view(meal: Meal, zone: tzinfo) -> MealView:
    """Return a meal in words."""
    moment = datetime.fromtimestamp(meal.eaten_at_s, zone)
    return MealView(meal.meal_id, meal.name, f"{meal.energy_kcal:.0f}", clock_time(moment))


def hours(minutes: float | None) -> str:
    """Say minutes as "7 h 25 min"."""
    if minutes is None:
        return DASH
    hour, minute = divmod(round(minutes), 60)
    return f"{hour} h {minute:02} min"


def _energy(today: HealthDay) -> EnergyView:
    eaten, aim = today.in_kcal or 0.0, today.diet_goal_kcal
    over = eaten - today.out_kcal
    left = ""
    if aim is not None:
        rest = count(abs(aim - eaten))
        left = _("%(n)s kcal left", n=rest) if eaten <= aim else _("%(n)s kcal over", n=rest)
    more = count(abs(over))
    return EnergyView(
        count(eaten),
        count(today.out_kcal),
        _("%(n)s kcal more eaten than spent so far", n=more)
        if over > 0
        else _("%(n)s kcal more spent than eaten so far", n=more),
        "" if aim is None else count(aim),
        "" if aim is None else entered(aim),
        left,
        0.0 if not aim else round(min(1.0, eaten / aim), 3),
        today.out_is_usual,
        _spent(today.out),
    )


def _spent(out: DayEnergy) -> str:
    parts = (
        (_("%(n)s kcal at rest", n=count(out.rest)), out.rest),
        (_("%(n)s kcal counted by wearables", n=count(out.counted)), out.counted),
        (_("%(n)s kcal by workouts", n=count(out.workouts)), out.workouts),
        (_("%(n)s kcal by steps", n=count(out.steps)), out.steps),
    )
    return ", ".join(said for said, kcal in parts if kcal >= 0.5)


def _weight(days: Sequence[HealthDay]) -> WeightView | None:
    told = [
        (date.fromisoformat(day.day), day.weight_kg, day.weight_trend_kg)
        for day in days
        if day.weight_kg is not None and day.weight_trend_kg is not None
    ]
    if not told:
        return None
    first, last = date.fromisoformat(days[0].day), date.fromisoformat(days[-1].day)
    every = [kg for _, weight, trend in told for kg in (weight, trend)]
    low, high = min(every) - 0.5, max(every) + 0.5

    def place(day: date, kg: float) -> tuple[float, float]:
        x = CHART_WIDTH * (day - first).days / max(1, (last - first).days)
        return round(x, 1), round(CHART_HEIGHT * (high - kg) / (high - low), 1)

    curve = [place(day, trend) for day, _, trend in told]
    change = change_a_week_kg([day.toordinal() for day, _, _ in told], [trend for _, _, trend in told])
    gained = f"{signed((change or 0.0) / unit_si('weight'), 2)} {unit('weight')}"
    return WeightView(
        _kilograms(told[-1][1]),
        _kilograms(told[-1][2]),
        "" if change is None else _("%(change)s a week", change=gained),
        _name(told[-1][0]),
        tuple((*place(day, weight), f"{_name(day)}: {_kilograms(weight)} {unit('weight')}") for day, weight, _ in told),
        "M" + "L".join(f"{x} {y}" for x, y in curve) if len(curve) > 1 else "",
        f"{_kilograms(high)} {unit('weight')}",
        f"{_kilograms(low)} {unit('weight')}",
        _name(first),
        _name(last),
    )


def _row(day: HealthDay) -> tuple[str, str, str, str, str]:
    moment = date.fromisoformat(day.day)
    steps, eaten = (DASH if value is None else count(value) for value in (day.steps, day.in_kcal))
    return weekday_and_number(moment), steps, eaten, count(day.out_kcal), hours(day.sleep_min)


def _name(day: date) -> str:
    return short_day(day)


def _kilograms(kg: float) -> str:
    return number(kg / unit_si("weight"), 1)


def _average(nights: Sequence[float]) -> str:
    if len(nights) < 2:  # of one it is the night itself
        return ""
    return _("%(time)s on average of %(n)s", time=hours(sum(nights) / len(nights)), n=len(nights))
