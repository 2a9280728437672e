"""What the API of the statistics takes and gives."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paceline_server.platform.openapi.parameters import Day, Utc, Uuid

Metric = Literal[
    "distance",
    "time",
    "duration",
    "ascent",
    "calories",
    "volume",
    "count",
    "load",
    "fitness",
    "fatigue",
    "form",
    "vo2max",
    "resting_heart_rate",
]
Period = Literal["daily", "weekly", "monthly", "yearly"]
Weekday = Annotated[
    int, Meta(ge=0, le=6, description="On which a week begins: 0 Monday to 6 Sunday; left out, as the profile says.")
]


class StatsQuery(Struct, forbid_unknown_fields=True):
    """How to count."""

    first_weekday: Weekday | None = None


class ProgressQuery(Struct, forbid_unknown_fields=True):
    """Which metric, over which periods of which days."""

    metric: Metric = "distance"
    period: Period = "weekly"
    sport: Annotated[str, Meta(max_length=32)] | None = None
    first_day: date | None = field(default=None, name="from")
    last_day: date | None = field(default=None, name="to")
    first_weekday: Weekday | None = None


class Totals(Struct):
    """Sums over activities; `time_s` is moving time, calories those that recorders counted,
    `volume_kg` load × repetitions.
    """

    count: int
    distance_m: float
    time_s: float
    duration_s: float
    ascent_m: float
    calories_kcal: float
    volume_kg: float


class Streak(Struct):
    """Days or weeks in a row with an activity."""

    current: int
    longest: int


class Streaks(Struct):
    """The streaks."""

    days: Streak
    weeks: Streak


class Best(Struct):
    """An effort over a distance, and where it was done."""

    duration_s: float
    activity_id: Uuid
    start_time: Utc


class PersonalBest(Best, kw_only=True):
    """The best over a distance in a sport; `history` are the bests in the order in which they were done."""

    sport: str
    distance_m: float
    history: list[Best]


class ConsistencyShown(Struct):
    """Of the last weeks: parts with a workout and with three days of them, days a week, and how alike they were."""

    weeks: int
    with_one: float
    with_three_days: float
    days_a_week: float
    regularity: float


class RestingShown(Struct):
    """The means of the last 3 days and of the 28 before, and how many of the 28 are known."""

    recent_bpm: float
    usual_bpm: float
    known_days: int


class Training(Struct):
    """Load and form of today; null what cannot be told yet."""

    load_this_week: float
    fitness: float | None
    fatigue: float | None
    form: float | None
    ramp: float | None
    monotony: float | None
    strain: float | None


class RaceShown(Struct):
    """The time that could be run over a distance now, and the range between two models."""

    distance_m: float
    duration_s: float
    shortest_s: float
    longest_s: float


class RunningNow(Struct):
    """What a runner could run now; estimates, null where nothing tells them."""

    vo2max_ml_kg_min: float | None
    vo2max_spread_ml_kg_min: float | None
    vo2max_runs: int
    vdot: float | None
    vdot_activity_id: Uuid | None
    races: list[RaceShown]


class Stats(Struct):
    """What the finished activities come to; `today` is the date on the clock of the latest one."""

    today: Day
    lifetime_workouts: int
    lifetime: Totals
    year_to_date: Totals
    this_month: Totals
    this_week: Totals
    by_sport: dict[str, Totals]
    streaks: Streaks
    personal_bests: list[PersonalBest]
    consistency: ConsistencyShown | None
    training: Training | None
    running: RunningNow | None
    resting: RestingShown | None


class Point(Struct):
    """A period's first day and its value, null where nothing is known."""

    start: Day
    value: float | None


class Progress(Struct):
    """A metric of every period that has one of the days."""

    metric: Metric
    unit: str
    period: Period
    sport: str | None
    points: list[Point]
