"""Days as a whole: what is known of them, put together. It reads; nothing of it is kept."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.day_energy import USUAL_HEIGHT_CM, Beside, basal_kcal_a_day, day_energy
from paceline_server.analysis.weight_trend import weight_trend_kg
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.model import ASLEEP, RESTING, Day
from paceline_server.daily.service import days_between, local_days
from paceline_server.health import store
from paceline_server.health.model import DIET_GOAL, HealthDay, SpentBy
from paceline_server.platform.database import Connection
from paceline_server.profile import store as profiles
from paceline_server.profile.model import BodyValue, Profile
from paceline_server.profile.service import told_over, true_on

_WEIGHT, _HEIGHT = "weight_kg", "height_cm"


def health_days(connection: Connection, owner_id: str, first: date, last: date, now_s: float) -> list[HealthDay]:
    """Return every day from the first to the last, those to come left out."""
    local = local_days(connection, owner_id)
    last = min(last, local.day_of(now_s))
    known = {day.day: day for day in days_between(connection, owner_id, first, last)}
    from_s, to_s = local.start_s(first), local.start_s(last + timedelta(days=1))
    eaten: defaultdict[date, float] = defaultdict(float)
    for meal in store.between(connection, owner_id, from_s, to_s):
        eaten[local.day_of(meal.eaten_at_s)] += meal.energy_kcal
    workouts: defaultdict[date, list[SpentBy]] = defaultdict(list)
    for one in store.workouts_without_wearable(connection, owner_id, from_s, to_s):
        workouts[local.day_of(one.start_s)].append(one)
    profile, body = profiles.get(connection, owner_id), profiles.body(connection, owner_id)
    trends = trend_by_day(body)
    found: list[HealthDay] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        passed = _passed(local, day, now_s)
        beside = _Day(known.get(day.isoformat()), eaten.get(day), workouts[day], passed)
        found.append(_day(day, beside, profile, body, trends))
    return found


def trend_by_day(body: Sequence[BodyValue]) -> dict[str, tuple[float, float]]:
    """Return (weight, trend) in kg by ISO day, of the days on which a weight was told, rising."""
    weights = sorted((one.from_day, one.value) for one in body if one.metric == _WEIGHT)
    trend = weight_trend_kg([date.fromisoformat(day).toordinal() for day, _ in weights], [kg for _, kg in weights])
    return {day: (kg, smooth) for (day, kg), smooth in zip(weights, trend, strict=True)}


class _Day:
    """What is known of a day beside the body: values, energy eaten, workouts, how much passed."""

    def __init__(self, day: Day | None, in_kcal: float | None, workouts: Sequence[SpentBy], passed: float) -> None:
        self.values = day.values if day is not None else {}
        self.in_kcal = in_kcal
        self.workouts = workouts
        self.passed = passed


def _day(
    day: date, beside: _Day, profile: Profile, body: Sequence[BodyValue], trends: dict[str, tuple[float, float]]
) -> HealthDay:
    true, values = true_on(body, day), beside.values
    athlete = told_over(Athlete(), profile, true, day)
    basal = basal_kcal_a_day(athlete, true.get(_HEIGHT, USUAL_HEIGHT_CM))
    spent = sum(one.beside_rest_kcal(athlete, basal) for one in beside.workouts)
    minutes = sum(one.duration_s for one in beside.workouts) / 60
    done = Beside(values.get("kilocalories"), values.get("worn_minutes"), spent, minutes, values.get("steps") or 0.0)
    out = day_energy(basal, done, athlete.mass_kg, beside.passed)
    weight, trend = trends.get(day.isoformat(), (None, None))
    return HealthDay(
        day.isoformat(),
        values.get("steps"),
        beside.in_kcal,
        out,
        athlete.mass_kg is None or athlete.age_years is None or _HEIGHT not in true or athlete.sex == "unknown",
        true.get(DIET_GOAL),
        weight,
        trend,
        values.get(ASLEEP),
        values.get(RESTING),
    )


def _passed(local: LocalDays, day: date, now_s: float) -> float:
    begin, end = local.span(day)
    return 1.0 if end <= begin else min(1.0, max(0.0, (now_s - begin) / (end - begin)))
