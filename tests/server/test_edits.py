"""What an owner says over a recording: shown at once, kept apart, undone by nothing that arrives or is rebuilt."""

import asyncio
from typing import Any

import pytest
from paceline_protocol.records import SET
from paceline_server.activities.model import ACTIVITIES
from paceline_server.cli import main
from paceline_server.platform.database import Database
from paceline_server.tombstones.store import RESTORABLE_S
from server.journal_builder import JournalBuilder, run_samples, workout
from server.running_server import Person, RunningServer
from server.statements import Statements
from sqlalchemy import Connection, select

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def edit(
    server: RunningServer, person: Person, activity_id: str, body: object, **headers: str
) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/activities/{activity_id}"
    async with server.http.patch(url, json=body, headers=person.headers | headers) as response:
        return response.status, await response.json()


async def ask(server: RunningServer, person: Person, method: str, path: str) -> tuple[int, dict[str, Any]]:
    async with server.http.request(method, f"/api/v1{path}", headers=person.headers) as response:
        return response.status, (await response.json()) if response.status != 204 else {}


async def the_one(server: RunningServer, person: Person) -> dict[str, Any]:
    (activity,) = await server.activities(person)
    return activity


def held(server: RunningServer) -> list[dict[str, Any]]:
    """Return the rows as they are kept, without what every writing changes."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = connection.execute(select(ACTIVITIES)).mappings()
        return [{name: row[name] for name in row if name not in ("updated_at_s", "revision")} for row in rows]

    with Database(server.config.url) as database:
        return database.read_now(read)


async def test_an_edit_is_shown_at_once_and_bytes_that_come_late_do_not_undo_it(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    data = workout(600)[0].data
    await server.put(ann, data[:800], 0)
    activity_id = (await the_one(server, ann))["activity_id"]
    said = {"title": " Along the river ", "notes": "a\nb", "perceived_effort": 7, "type": "hiking", "calories": 99}
    status, edited = await edit(server, ann, activity_id, said)
    assert (status, edited["title"], edited["notes"], edited["perceived_effort"]) == (200, "Along the river", "a\nb", 7)
    await server.put(ann, data[800:], 800)
    activity = await the_one(server, ann)
    assert (activity["status"], activity["points_count"]) == ("finished", 600)
    assert (activity["title"], activity["type"], activity["calories"]) == ("Along the river", "hiking", 99)
    assert (activity["recorded"]["type"], activity["recorded"]["calories_kcal"]) == ("running", 321)
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["by_sport"].keys() == {"hiking"}
    _, back = await edit(server, ann, activity_id, {"type": None, "calories": None, "title": None})
    assert (back["type"], back["calories"], back["title"], back["notes"]) == ("running", 321, None, "a\nb")
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["by_sport"].keys() == {"running"}
    assert (await edit(server, bob, activity_id, {"title": "x"}))[0] == 404


@ON_SQLITE
async def test_an_edited_activity_is_rebuilt_to_what_it_was(
    server: RunningServer, ann: Person, statements: Statements
) -> None:
    await server.put(ann, workout(900)[0].data, 0)
    sent = {"type": "running", "start_time": "2025-04-12T14:30:00Z", "duration": 100, "client_id": "c"}
    sent["data_points"] = [{"time": i / 3, "lat": 43.7 + i / 31_007, "lng": 8 - i / 70_001} for i in range(100)]
    async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
        assert response.status == 201
    for activity in await server.activities(ann):
        crop = {"from_s": 10.5, "to_s": 80}
        assert (await edit(server, ann, activity["activity_id"], {"type": "walking", "crop": crop}))[0] == 200
    await server.settled()
    await server.stop()
    before = held(server)
    assert await asyncio.to_thread(main, ["rebuild", "--data", str(server.data)]) == 0
    assert held(server) == before
    assert len(before) == 2
    await server.start()
    statements.take_faults()  # tests may read tables whole


async def test_a_crop_shows_a_part_and_can_be_taken_back(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout(600)[0].data, 0)
    whole = await the_one(server, ann)
    url = f"/activities/{whole['activity_id']}"
    _, all_rows = await server.get(ann, f"{url}/streams")
    crop = {"from_s": 100, "to_s": 400}
    status, part = await edit(server, ann, whole["activity_id"], {"crop": crop})
    assert (status, part["duration"], part["points_count"], part["crop"]) == (200, 300, 301, crop)
    assert part["start_utc_s"] == whole["start_utc_s"] + 100
    _, rows = await server.get(ann, f"{url}/streams")
    assert rows["time_s"] == [float(i) for i in range(301)] and rows["distance_m"][0] == 0
    assert rows["latitude_deg"] == all_rows["latitude_deg"][100:401]
    assert part["distance"] == pytest.approx(rows["distance_m"][-1], abs=0.1)
    assert part["distance"] < whole["distance"] / 1.8
    _, progress = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert progress["lifetime"]["distance_m"] == pytest.approx(part["distance"], abs=0.1)
    for wrong in ({"from_s": 400, "to_s": 100}, {"from_s": 0, "to_s": 1000}):
        assert (await edit(server, ann, whole["activity_id"], {"crop": wrong}))[0] == 400
    _, back = await edit(server, ann, whole["activity_id"], {"crop": None})
    same = back.keys() - {"updated_at"}
    assert {name: back[name] for name in same} == {name: whole[name] for name in same}


@ON_SQLITE
async def test_what_the_recording_tells_is_not_edited(server: RunningServer, ann: Person) -> None:
    await server.put(ann, workout(60)[0].data, 0)
    activity_id = (await the_one(server, ann))["activity_id"]
    for name, value in (("start_time", "2025-04-12T14:30:00Z"), ("duration", 5), ("distance", 5)):
        status, answer = await edit(server, ann, activity_id, {name: value})
        assert (status, answer["error"], answer["field"]) == (409, "recorded", name)
    entered = {"type": "running", "start_time": "2025-04-12T14:30:00Z", "duration": 100}
    async with server.http.post("/api/v1/activities", json=entered, headers=ann.headers) as response:
        by_hand = (await response.json())["activity_id"]
    said = {"start_time": "2025-04-13T14:30:00+02:00", "duration": 1200, "distance": 4000}
    status, edited = await edit(server, ann, by_hand, said)
    assert (status, edited["start_time"], edited["duration"]) == (200, "2025-04-13T12:30:00Z", 1200)
    assert (edited["distance"], edited["average_pace"]) == (4000, 300)
    for wrong in ({"title": "x" * 201}, {"perceived_effort": 11}, {"visibility": "all"}, {"colour": 1}):
        assert (await edit(server, ann, by_hand, wrong))[0] == 400


async def test_an_edit_on_an_older_state_is_refused_and_growth_is_none(server: RunningServer, ann: Person) -> None:
    data = workout(600)[0].data
    await server.put(ann, data[:800], 0)
    activity_id = (await the_one(server, ann))["activity_id"]
    async with server.http.get(f"/api/v1/activities/{activity_id}", headers=ann.headers) as response:
        tag = response.headers["ETag"]
    await server.put(ann, data[800:], 800)
    await server.settled()
    tags = {"If-Match": tag}
    assert (await edit(server, ann, activity_id, {"title": "one"}, **tags))[0] == 200
    status, answer = await edit(server, ann, activity_id, {"title": "two"}, **tags)
    assert (status, answer["error"]) == (412, "precondition")
    assert (await the_one(server, ann))["title"] == "one"


@ON_SQLITE
async def test_sets_that_were_counted_are_corrected_one_by_one(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10, sport=6)
    builder.samples(run_samples(100))
    for number, (end, repetitions) in enumerate(((40, 8), (70, 7), (100, 5)), 1):
        builder.record(SET, end, number, repetitions, 20, 0)
    builder.end(110)
    await server.put(ann, builder.data, 0)
    activity = await the_one(server, ann)
    starts = [one["start_s"] for one in activity["sets"]]
    said = [
        {"start_s": starts[0], "end_s": starts[0], "exercise": "squat", "repetitions": 10, "load_kg": 80},
        {"start_s": starts[2], "end_s": starts[2], "removed": True},
        {"exercise": "plank", "repetitions": 1},
    ]
    status, edited = await edit(server, ann, activity["activity_id"], {"sets": said})
    assert status == 200
    assert [(one["exercise"], one["repetitions"], one["load_kg"]) for one in edited["sets"]] == [
        ("squat", 10, 80),
        (None, 7, None),
        ("plank", 1, None),
    ]
    assert edited["sets"][0]["end_s"] == activity["sets"][0]["end_s"] and edited["volume_kg"] == 800
    _, back = await edit(server, ann, activity["activity_id"], {"sets": None})
    assert back["sets"] == activity["sets"]


async def test_what_is_deleted_can_be_restored_with_what_arrived_meanwhile(server: RunningServer, ann: Person) -> None:
    data = workout(600)[0].data
    await server.put(ann, data[:800], 0)
    activity_id = (await the_one(server, ann))["activity_id"]
    await edit(server, ann, activity_id, {"title": "Mine"})
    url = f"/activities/{activity_id}"
    assert (await ask(server, ann, "DELETE", url))[0] == 204
    await server.put(ann, data[800:], 800)
    assert await server.activities(ann) == []
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["lifetime_workouts"] == 0
    status, found = await server.get(ann, f"/users/{ann.owner_id}/activities/deleted")
    assert status == 200 and [one["title"] for one in found["activities"]] == ["Mine"]
    status, back = await ask(server, ann, "POST", f"{url}/restore")
    assert (status, back["activity_id"], back["title"]) == (200, activity_id, "Mine")
    activity = await the_one(server, ann)
    assert (activity["status"], activity["points_count"], activity["title"]) == ("finished", 600, "Mine")
    assert len((await server.get(ann, f"{url}/streams"))[1]["time_s"]) == 600
    assert (await ask(server, ann, "POST", f"{url}/restore"))[0] == 200  # it is there: nothing to do
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["lifetime_workouts"] == 1


@ON_SQLITE
async def test_after_thirty_days_it_is_gone_and_its_source_brings_nothing_back(
    server: RunningServer, ann: Person, bob: Person, statements: Statements
) -> None:
    data = workout(600)[0].data
    await server.put(ann, data, 0)
    sent = {"type": "running", "start_time": "2025-04-12T14:30:00Z", "duration": 100, "client_id": "c"}
    async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
        assert response.status == 201
    url = ""
    for activity in await server.activities(ann):
        url = f"/activities/{activity['activity_id']}"
        assert (await ask(server, bob, "POST", f"{url}/restore"))[0] == 404
        assert (await ask(server, ann, "DELETE", url))[0] == 204
    server.clock.now_s += RESTORABLE_S - 60
    await server.settled()
    assert len([path for path in server.config.blobs.rglob("*") if path.is_file()]) == 2
    server.clock.now_s += 120
    await server.settled()
    assert not [path for path in server.config.blobs.rglob("*") if path.is_file()]
    assert (await ask(server, ann, "POST", f"{url}/restore"))[0] == 404
    assert (await server.get(ann, f"/users/{ann.owner_id}/activities/deleted"))[1]["activities"] == []
    async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
        assert (response.status, (await response.json())["status"]) == (200, "deleted")
    await server.put(ann, data, 0)
    await server.stop()
    assert await asyncio.to_thread(main, ["rebuild", "--data", str(server.data)]) == 0
    assert held(server) == []
    await server.start()
    statements.take_faults()  # tests may read tables whole
