"""What the statistics of ten years and 3,000 activities take: read cold, and warm as a page that is asked for again."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import orjson
from paceline_server.activities.model import FINISHED, Activity
from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.best_efforts import USUAL, Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.history import history_of
from paceline_server.analysis.quality import Quality
from paceline_server.formats.receipt import Receipt
from paceline_server.pages.render import render
from paceline_server.pages.stats_view import stats_view
from paceline_server.platform.database import Database
from paceline_server.platform.migrate import Connection
from paceline_server.stats import store
from paceline_server.stats.fields_over_time import stats_fields
from paceline_server.stats.service import Standing

ACTIVITIES, YEARS = 3000, 10
GOAL_WARM_MS = 5.0
ROUNDS = 9
_OWNER = "0199c000-0000-7000-8000-00000000000a"
_ATHLETE = Athlete("female", 40.0, 60.0, 190.0, 50.0)
_FIRST_S = 1_450_000_000.0


def measure_stats() -> tuple[float, float, float]:
    """Return (cold, warm API, warm page) in milliseconds of CPU, without HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        database.write_now(_fill)
        cold = min(_cpu_ms(lambda: stats_fields(_standing(database), 0)) for _ in range(ROUNDS))
        standing = _standing(database)

        def warm(show: Callable[[Standing], object]) -> float:
            def ask() -> None:
                database.read_now(store.state, _OWNER)  # whether what is kept still holds
                show(standing)

            ask()
            return min(_cpu_ms(ask) for _ in range(ROUNDS))

        found = cold, warm(_fields), warm(_page)
        database.close()
    return found


def _fields(standing: Standing) -> bytes:
    return orjson.dumps(standing.kept("fields", lambda each: stats_fields(each, 0)))


def _page(standing: Standing) -> str:
    view = standing.kept("page", lambda each: stats_view(each, None))
    response = render("stats.html", username="mira", stats=view, total=ACTIVITIES)
    return str(response.text)


def _standing(database: Database) -> Standing:
    history = history_of(database.read_now(store.rows, _OWNER))
    return Standing(history, int(history.day.max()), ((0, _ATHLETE),))


def _fill(connection: Connection) -> None:
    chance = np.random.default_rng(1)
    for number in range(ACTIVITIES):
        store.take(connection, _activity(number, chance))


def _activity(number: int, chance: np.random.Generator) -> Activity:
    sport = ("running", "running", "cycling", "strength")[number % 4]
    metres = float(chance.uniform(3000, 25_000))
    efforts = tuple(
        Effort(float(each), each * float(chance.uniform(0.25, 0.4)), 0.0)
        for each in (USUAL[sport][0] if sport in USUAL else ())
        if each <= metres
    )
    heart = tuple((bpm, float(chance.uniform(1, 90))) for bpm in range(100, 170))
    return Activity(
        activity_id=f"0199c000-0000-7000-8000-{number:012x}",
        owner_id=_OWNER,
        source_key="",
        fingerprint="",
        sport=sport,
        source="file",
        status=FINISHED,
        start_utc_s=_FIRST_S + number * YEARS * 365 * 86400 / ACTIVITIES,
        duration_s=3600.0,
        moving_time_s=3500.0,
        distance_m=metres,
        ascent_m=100.0,
        heart_rate_avg_bpm=140.0,
        heart_rate_max_bpm=170.0,
        calories_kcal=500.0,
        points_count=3600,
        whole=True,
        route_polyline="",
        receipt=Receipt(3600, 3600),
        laps=(),
        pauses=(),
        splits=(),
        findings=Findings(efforts, (), (), heart, heart, 0.0, 3600.0, None, None, Quality(1, 1), ()),
        created_at_s=0.0,
        updated_at_s=0.0,
    )


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000
