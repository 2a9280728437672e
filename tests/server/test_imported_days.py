"""Days of files: taken once, taken back without a trace, those of other files stay."""

from paceline_server.daily import store as daily
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.merging import days_of
from paceline_server.daily.model import Day
from paceline_server.daily.service import readings
from paceline_server.formats.days import DayFigure, DaysSaid, SleepSpan, SpanFigure
from paceline_server.imports.days import source_of, take, take_back
from paceline_server.platform.database import Connection, Database
from server.running_server import Person, RunningServer

DAY = "2025-10-08"
MIDNIGHT_S = 1_759_881_600
NOW_S = MIDNIGHT_S + 40 * 86_400.0


def said(quarters: dict[int, float], weight_kg: float = 71.5) -> DaysSaid:
    counts = [
        SpanFigure("steps", MIDNIGHT_S + 900 * n, MIDNIGHT_S + 900 * (n + 1), value, MIDNIGHT_S + 900 * (n + 1))
        for n, value in quarters.items()
    ]
    sleep = SleepSpan("1", MIDNIGHT_S, MIDNIGHT_S + 7200, ((0, 3600, "light"), (3600, 7200, "deep")), MIDNIGHT_S + 7200)
    weight = DayFigure("weight_kg", DAY, weight_kg, MIDNIGHT_S + 25_200)
    return DaysSaid("Apple Watch", (weight,), tuple(counts), (sleep,))


def day(database: Database, owner_id: str) -> Day | None:
    date = LocalDays("UTC").day_of(MIDNIGHT_S + 1)

    def read_day(connection: Connection) -> list[Day]:
        local = daily.local_days(connection, owner_id)
        return days_of(readings(connection, owner_id, local, date, date), date, date)

    found = database.read_now(read_day)
    return found[0] if found else None


async def test_days_of_files_come_once_and_go_without_a_trace(server: RunningServer, ann: Person) -> None:
    database = Database(server.config.url)
    try:
        first, next_year = said({32: 500, 33: 700}), said({32: 500, 33: 720, 40: 90}, weight_kg=71.9)
        assert take(database, ann.owner_id, [first], NOW_S) == 4
        assert take(database, ann.owner_id, [first], NOW_S) == 0
        alone = day(database, ann.owner_id)
        assert alone is not None
        assert alone.values == {"steps": 1200, "sleep_minutes": 120, "weight_kg": 71.5}
        assert take(database, ann.owner_id, [next_year], NOW_S) == 3
        both = day(database, ann.owner_id)
        assert both is not None
        assert both.values["steps"] == 1310
        take_back(database, ann.owner_id, [next_year], [first], NOW_S)
        assert day(database, ann.owner_id) == alone
        take_back(database, ann.owner_id, [first], [], NOW_S)
        assert day(database, ann.owner_id) is None
    finally:
        database.close()


def test_a_file_cannot_speak_as_a_wearable_or_the_user() -> None:
    assert source_of(DaysSaid("wearable 0011")) == "file wearable 0011"
    assert source_of(DaysSaid("profile")) == "file profile"
    assert source_of(DaysSaid("phone")) == "phone"
