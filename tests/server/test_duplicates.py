"""One workout recorded twice: counted once, at once and exactly; parted and joined by its owner's word."""

import asyncio
import math
from typing import Any

import pytest
from paceline_server.activities import store as activities
from paceline_server.activities.model import ACTIVITIES
from paceline_server.duplicates import store as duplicates
from paceline_server.events.backfill import backfill
from paceline_server.events.declared import DUPLICATES
from paceline_server.keys import DATABASE
from paceline_server.platform.database import Connection
from paceline_server.stats import store as sums
from paceline_server.users import store as users
from server.running_server import Person, RunningServer
from sqlalchemy import select, update

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START, LATER = "2025-04-12T14:30:00Z", "2025-04-12T14:30:20Z"
EASTER = "2025-04-20T09:00:00Z"


def points(*what: str, seconds: int = 900, ahead_s: int = 0) -> list[dict[str, Any]]:
    """Return a winding run of which a device knows position ("gps"), heart rate ("heart") or both."""
    made: list[dict[str, Any]] = []
    for second in range(0, seconds, 3):
        at = second + ahead_s
        one: dict[str, Any] = {"time": second}
        if "gps" in what:
            one["lat"] = round(43.7 + 3 * at / 111_195, 6)
            one["lng"] = round(-79.4 + 0.001 * math.sin(at / 60), 6)
        if "heart" in what:
            one["heart_rate"] = round(140 + 20 * math.sin(at / 90) + 5 * math.sin(at / 17))
        made.append(one)
    return made


async def upload(server: RunningServer, person: Person, start: str, *what: str, **said: Any) -> str:
    """Send a run and wait until it is in order; return its id."""
    sent = said.pop("sent", None) or points(*what)
    body = {"type": "running", "start_time": start, "data_points": sent, **said}
    async with server.http.post("/api/v1/activities", json=body, headers=person.headers) as response:
        assert response.status == 201, await response.text()
        answer = await response.json()
    await server.settled()
    return answer["activity_id"]


async def call(server: RunningServer, person: Person, method: str, path: str, body: object = None) -> Any:
    """Ask for something that is answered well."""
    async with server.http.request(method, f"/api/v1{path}", json=body, headers=person.headers) as response:
        assert response.status in (200, 204), await response.text()
        return await response.json() if response.status == 200 else None


async def listed(server: RunningServer, person: Person, query: str = "") -> set[str]:
    """Return the ids of a list."""
    found = await call(server, person, "GET", f"/users/{person.owner_id}/activities{query}")
    assert found["total"] == len(found["activities"])
    return {one["activity_id"] for one in found["activities"]}


async def counted(server: RunningServer, person: Person) -> int:
    """Return how many workouts count; what is counted is what a full rebuild would count."""
    await server.settled()
    database = server.app[DATABASE]
    before = await database.read(sums.rows, person.owner_id)
    await database.write(lambda each: sums.rebuild(each, person.owner_id, activities.every(each, person.owner_id)))
    assert await database.read(sums.rows, person.owner_id) == before
    stats = await call(server, person, "GET", f"/users/{person.owner_id}/stats")
    assert stats["lifetime_workouts"] == stats["lifetime"]["count"]
    return stats["lifetime_workouts"]


async def test_a_workout_of_two_devices_counts_once(server: RunningServer, ann: Person, bob: Person) -> None:
    goal = {"goal_type": "total_count", "target_value": 2, "start_date": "2025-04-01"}
    async with server.http.post("/api/v1/goals", json=goal, headers=ann.headers) as response:
        path = f"/goals/{(await response.json())['goal_id']}"
    phone = await upload(server, ann, START, "gps")
    watch = await upload(server, ann, LATER, sent=points("gps", "heart", ahead_s=20))
    bobs = await upload(server, bob, START, "gps")
    assert await counted(server, ann) == 1 == await counted(server, bob)
    assert (await call(server, ann, "GET", path))["achieved"] is False
    assert await listed(server, ann) == {watch}, "the one that tells most is shown"
    assert await listed(server, ann, "?recordings=all") == {phone, watch}
    for each in (phone, watch):
        found = await call(server, ann, "GET", f"/activities/{each}/recordings")
        assert (found["shown_id"], len(found["recordings"]), found["proposed"]) == (watch, 2, [])
        (said,) = found["said"]
        assert (said["same"], said["said_by"]) == ("same", "rule") and "positions" in " ".join(said["reasons"])
    async with server.http.get(f"/api/v1/activities/{phone}/recordings", headers=bob.headers) as response:
        assert response.status == 404
    assert await listed(server, bob) == {bobs}


@ON_SQLITE
async def test_what_the_owner_says_stays(server: RunningServer, ann: Person) -> None:
    one, other = [await upload(server, ann, START, "gps", "heart", title=title) for title in ("One", "Other")]
    assert await counted(server, ann) == 1
    found = await call(server, ann, "PATCH", f"/activities/{one}/recordings", {"part": [other]})
    assert [each["activity_id"] for each in found["recordings"]] == [one]
    assert found["said"][0]["said_by"] == "owner" and await counted(server, ann) == 2
    await call(server, ann, "PATCH", f"/activities/{other}", {"title": "Another", "type": "walking"})
    await _all_again(server)
    assert await counted(server, ann) == 2 and await listed(server, ann) == {one, other}, "never proposed again"
    found = await call(server, ann, "PATCH", f"/activities/{other}/recordings", {"join": [one]})
    assert len(found["recordings"]) == 2 and await counted(server, ann) == 1


@ON_SQLITE
async def test_what_cannot_be_told_is_proposed_and_counts_twice_until_it_is_said(
    server: RunningServer, ann: Person
) -> None:
    watch, strap = await upload(server, ann, START, "gps"), await upload(server, ann, START, "heart")
    found = await call(server, ann, "GET", f"/activities/{watch}/recordings")
    assert [each["activity_id"] for each in found["proposed"]] == [strap] and await counted(server, ann) == 2
    found = await call(server, ann, "PATCH", f"/activities/{watch}/recordings", {"join": [strap]})
    assert found["proposed"] == [] and await counted(server, ann) == 1
    far = await upload(server, ann, EASTER, "gps")
    body = {"join": [far]}
    async with server.http.patch(f"/api/v1/activities/{watch}/recordings", json=body, headers=ann.headers) as answer:
        assert answer.status == 409


@ON_SQLITE
async def test_each_stream_is_from_the_recording_that_tells_it_best_or_that_the_owner_chose(
    server: RunningServer, ann: Person
) -> None:
    watch = await upload(server, ann, START, "gps", title="Morning", visibility="public")
    strap = await upload(server, ann, LATER, sent=points("heart", ahead_s=20))
    found = await call(server, ann, "PATCH", f"/activities/{watch}/recordings", {"join": [strap]})
    shown = found["shown_id"]
    assert found["merged"] and {one["stream"]: one["activity_id"] for one in found["streams"]} == {
        "position": watch,
        "distance": watch,
        "heart_rate": strap,
    }
    activity = await call(server, ann, "GET", f"/activities/{shown}")
    assert (activity["title"], activity["visibility"], activity["type"]) == ("Morning", "private", "running")
    assert activity["heart_rate_avg"] and activity["route_polyline"] and activity["start_time"] == START
    streams = await call(server, ann, "GET", f"/activities/{shown}/streams")
    sent = {one["time"] + 20: one["heart_rate"] for one in points("heart", ahead_s=20)}
    together = dict(zip(streams["time_s"], streams["heart_rate_bpm"], strict=True))
    assert together[0] is None and abs(together[300] - sent[299]) <= 1.5, "by the strap's own clock"
    assert await listed(server, ann) == {shown} and await counted(server, ann) == 1

    third = await upload(server, ann, START, "gps", "heart")
    found = await call(server, ann, "GET", f"/activities/{third}/recordings")
    assert found["shown_id"] == shown and len(found["recordings"]) == 3
    chosen = {"streams": {"heart_rate": strap, "position": third}}
    found = await call(server, ann, "PATCH", f"/activities/{shown}/recordings", chosen)
    assert {one["stream"] for one in found["streams"] if one["chosen"]} == {"heart_rate", "position"}
    await call(server, ann, "PATCH", f"/activities/{shown}", {"title": "Changed"})
    found = await call(server, ann, "PATCH", f"/activities/{shown}/recordings", {"part": [watch, strap, third]})
    assert not found["merged"] and await listed(server, ann) == {watch, strap, third} == await listed(
        server, ann, "?recordings=all"
    )
    assert (await call(server, ann, "GET", f"/activities/{third}"))["title"] == "Changed"
    assert await counted(server, ann) == 3


@ON_SQLITE
async def test_two_halves_can_be_put_together_and_deleted_as_one(server: RunningServer, ann: Person) -> None:
    first = await upload(server, ann, START, sent=points("gps", "heart", seconds=600))
    second = await upload(server, ann, "2025-04-12T14:45:00Z", sent=points("gps", "heart", seconds=300, ahead_s=900))
    assert await counted(server, ann) == 2
    found = await call(server, ann, "PATCH", f"/activities/{first}/recordings", {"join": [second]})
    whole = await call(server, ann, "GET", f"/activities/{found['shown_id']}")
    halves = [await call(server, ann, "GET", f"/activities/{each}") for each in (first, second)]
    assert whole["distance_m"] == pytest.approx(sum(one["distance_m"] for one in halves), rel=0.01)
    assert whole["duration_s"] == 1197 and whole["pauses"] == [{"start_s": 597, "end_s": 900}]
    assert whole["points_count"] == sum(one["points_count"] for one in halves) and await counted(server, ann) == 1
    await call(server, ann, "DELETE", f"/activities/{found['shown_id']}")
    assert await listed(server, ann, "?recordings=all") == set() and await counted(server, ann) == 0
    await call(server, ann, "POST", f"/activities/{second}/restore")
    await call(server, ann, "POST", f"/activities/{found['shown_id']}/restore")
    assert await counted(server, ann) == 1


@ON_SQLITE
async def test_deleting_a_workout_deletes_all_its_recordings_and_restoring_brings_them_back(
    server: RunningServer, ann: Person
) -> None:
    phone, watch = await upload(server, ann, START, "gps"), await upload(server, ann, START, "gps", "heart")
    await call(server, ann, "DELETE", f"/activities/{watch}")
    assert await counted(server, ann) == 0 and await listed(server, ann, "?recordings=all") == set()
    await call(server, ann, "POST", f"/activities/{watch}/restore")
    assert await counted(server, ann) == 1 and await listed(server, ann, "?recordings=all") == {phone, watch}
    await call(server, ann, "DELETE", f"/activities/{phone}")  # one that stands behind: it alone
    assert await listed(server, ann) == {watch} and await counted(server, ann) == 1
    await call(server, ann, "DELETE", f"/activities/{watch}")
    await call(server, ann, "POST", f"/activities/{phone}/restore")
    assert await listed(server, ann) == {phone} and await counted(server, ann) == 1
    await call(server, ann, "POST", f"/activities/{watch}/restore")
    assert await counted(server, ann) == 1 and await listed(server, ann) == {watch}


@ON_SQLITE
async def test_a_back_fill_finds_what_was_there_before_and_changes_nothing_more(
    server: RunningServer, ann: Person
) -> None:
    phone, watch = await upload(server, ann, START, "gps"), await upload(server, ann, START, "gps", "heart")
    third = await upload(server, ann, START, "heart")
    assert len(await listed(server, ann)) == 1 == await counted(server, ann), (
        "put together: the heart rate of what knows nothing else"
    )
    await upload(server, ann, EASTER, "gps")
    before = await _stand(server)

    def forget(connection: Connection) -> None:
        for person_id in {owner_id for owner_id, *_ in before}:
            connection.execute(update(ACTIVITIES).where(ACTIVITIES.c.owner_id == person_id).values(behind=None))

    await server.app[DATABASE].write(forget)
    await _all_again(server)
    assert await _stand(server) == before and await counted(server, ann) == 2
    rows = await server.app[DATABASE].read(lambda each: list(duplicates.every(each)))
    assert sorted(rows) == sorted((ann.owner_id, each) for each in (phone, watch, third))


async def _all_again(server: RunningServer) -> None:
    database = server.app[DATABASE]
    now_s = server.clock.now_s
    await asyncio.to_thread(backfill, database, {DUPLICATES: duplicates.every}, [DUPLICATES], now_s)
    await server.settled()


async def _stand(server: RunningServer) -> list[tuple[str, str, str | None]]:
    def read(connection: Connection) -> list[tuple[str, str, str | None]]:
        found = users.everybody(connection)
        query = select(ACTIVITIES.c.owner_id, ACTIVITIES.c.activity_id, ACTIVITIES.c.behind)
        rows = [
            row for user in found for row in connection.execute(query.where(ACTIVITIES.c.owner_id == user.owner_id))
        ]
        return sorted((row.owner_id, row.activity_id, row.behind) for row in rows)

    return await server.app[DATABASE].read(read)
