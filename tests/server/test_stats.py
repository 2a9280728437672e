"""Statistics over HTTP: they follow every change of an activity at once, and name what an owner alone may see."""

from pathlib import Path

import pytest
from paceline_server.events.backfill import backfill
from paceline_server.keys import STATS
from paceline_server.platform.database import Database
from paceline_server.stats import store
from paceline_server.stats.service import KEPT_HISTORIES
from server.journal_builder import DEVICE_ID, JournalBuilder
from server.running_server import Person, RunningServer

START_UTC_S = 1_760_000_010  # 2025-10-09 08:53:30 UTC, a Thursday
USER = {"slot": 0, "name": "Ann", "birth_year": 1985, "max_heart_rate_bpm": 190, "resting_heart_rate_bpm": 50}


def run(*, ended: bool = True) -> JournalBuilder:
    """Twenty-five minutes of running at 3 m/s with a heart rate of 150."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, START_UTC_S - 5)
    builder.start(10)
    builder.samples([(10 + t, 3, 47_000_000 + 27 * t, 8_000_000, 2000, 300, 150, 3, 165) for t in range(1501)])
    if ended:
        builder.end(1510)
    return builder


async def test_stats_follow_the_activities(server: RunningServer, ann: Person, bob: Person) -> None:
    server.clock.now_s = START_UTC_S + 86_400
    path = f"/users/{ann.owner_id}/stats"
    _, nothing = await server.get(ann, path)
    assert (nothing["lifetime_workouts"], nothing["personal_bests"], nothing["training"]) == (0, [], None)
    await server.put(ann, run(ended=False).data, 0)
    await server.settled()
    assert (await server.get(ann, path))[1]["lifetime_workouts"] == 0  # no workout yet
    await server.put(ann, run().data[len(run(ended=False).data) :], len(run(ended=False).data))
    await server.settled()
    _, stats = await server.get(ann, path)
    assert stats["lifetime_workouts"] == stats["lifetime"]["count"] == stats["this_week"]["count"] == 1
    assert stats["year_to_date"]["distance_m"] == pytest.approx(4500, abs=2)
    assert stats["by_sport"]["running"]["time_s"] == 1500
    assert stats["streaks"] == {"days": {"current": 1, "longest": 1}, "weeks": {"current": 1, "longest": 1}}
    bests = {best["distance_m"]: best for best in stats["personal_bests"]}
    assert bests[1609.344]["duration_s"] == pytest.approx(1609.344 / 3, abs=0.2) and len(bests[400]["history"]) == 1
    assert stats["training"] is None  # nobody knows a highest heart rate

    url = f"{server.url}/api/v1/devices/{DEVICE_ID}/settings"
    async with server.http.put(url, json={"users": [USER]}, headers=ann.headers) as answer:
        assert answer.status == 200
    _, stats = await server.get(ann, path)
    training = stats["training"]
    assert training["load_this_week"] > 30 and training["form"] < 0 < training["fitness"] < training["fatigue"]

    assert (await server.get(bob, f"/users/{bob.owner_id}/stats"))[1]["lifetime_workouts"] == 0
    assert (await server.get(bob, path))[0] == 404
    (activity,) = await server.activities(ann)
    url = f"{server.url}/api/v1/activities/{activity['activity_id']}"
    async with server.http.delete(url, headers=ann.headers) as answer:
        assert answer.status == 204
    assert (await server.get(ann, path))[1]["lifetime_workouts"] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_progress_has_every_period(server: RunningServer, ann: Person) -> None:
    server.clock.now_s = START_UTC_S + 20 * 86_400
    await server.put(ann, run().data, 0)
    await server.settled()
    path = f"/users/{ann.owner_id}/progress"
    _, weekly = await server.get(ann, f"{path}?metric=distance&period=weekly&from=2025-09-29")
    starts = [point["start"] for point in weekly["points"]]
    assert starts == ["2025-09-29", "2025-10-06", "2025-10-13", "2025-10-20", "2025-10-27"]
    values = [point["value"] for point in weekly["points"]]
    assert values == [0, pytest.approx(4500, abs=2), 0, 0, 0] and weekly["unit"] == "m"
    _, sundays = await server.get(
        ann, f"{path}?metric=count&period=weekly&from=2025-10-05&to=2025-10-12&first_weekday=6"
    )
    assert sundays["points"] == [{"start": "2025-10-05", "value": 1}, {"start": "2025-10-12", "value": 0}]
    _, rides = await server.get(ann, f"{path}?metric=time&period=monthly&sport=cycling&from=2025-10-01")
    assert rides["points"] == [{"start": "2025-10-01", "value": 0}]
    _, load = await server.get(ann, f"{path}?metric=load&period=yearly&from=2025-01-01")
    assert [point["value"] for point in load["points"]] == [0]  # none can be told
    for metric in ("fitness", "vo2max", "resting_heart_rate"):
        _, nothing = await server.get(ann, f"{path}?metric={metric}&period=monthly&from=2025-09-01")
        assert [point["value"] for point in nothing["points"]] == [None, None], metric
    for wrong in ("metric=speed", "period=hourly", "first_weekday=7", "from=x", "sport=x&from=1900-01-01"):
        assert (await server.get(ann, f"{path}?{wrong}"))[0] == 400, wrong


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sums_that_were_lost_are_made_anew(server: RunningServer, ann: Person, tmp_path: Path) -> None:
    await server.put(ann, run().data, 0)
    await server.settled()
    database = Database(server.config.url)
    before = database.read_now(store.rows, ann.owner_id)
    database.write_now(store.rebuild, ann.owner_id, ())
    assert database.read_now(store.rows, ann.owner_id) == []
    assert backfill(database, {"statistics": store.everybody}, ["statistics"], 1.0) == 1
    await server.settled()
    assert database.read_now(store.rows, ann.owner_id) == before != []
    database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_histories_are_kept_for_the_owners_who_came_last(server: RunningServer, ann: Person) -> None:
    stats = server.app[STATS]
    first = await stats.history(ann.owner_id)
    assert await stats.history(ann.owner_id) is first
    for number in range(KEPT_HISTORIES):
        await stats.history(f"0199c000-0000-7000-8000-{number:012x}")
    assert await stats.history(ann.owner_id) is not first
