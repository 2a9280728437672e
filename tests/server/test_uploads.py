"""Workouts that programs send: at once, bit by bit, again, late, never finished."""

import math
from typing import Any

import pytest
from paceline_server.formats.sent_points import SentPoint, columns_of
from paceline_server.uploads.store import LEFT_S
from server.running_server import Person, RunningServer

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "2025-04-12T14:30:00Z"
CLIENT_ID = "0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"


def points(first: int, last: int) -> list[dict[str, Any]]:
    """Return the points of a run at 3 m/s due north."""
    return [
        {"time": i, "lat": round(43.7 + 3 * i / 111_195, 6), "lng": -79.4, "heart_rate": 90 + i % 60, "cadence": 170}
        for i in range(first, last)
    ]


async def send(server: RunningServer, person: Person, path: str, body: object) -> tuple[int, dict[str, Any]]:
    async with server.http.post(f"/api/v1/activities{path}", json=body, headers=person.headers) as response:
        return response.status, await response.json()


async def one_shot(server: RunningServer, person: Person, **said: object) -> tuple[int, dict[str, Any]]:
    return await send(server, person, "", {"type": "running", "start_time": START, **said})


async def shown(server: RunningServer, person: Person, activity_id: str) -> dict[str, Any]:
    await server.settled()
    status, activity = await server.get(person, f"/activities/{activity_id}")
    assert status == 200
    return activity


@ON_SQLITE
async def test_a_workout_sent_whole_is_there_with_what_was_said_and_what_was_measured(
    server: RunningServer, ann: Person
) -> None:
    said = {"duration": 3600, "distance": 10000, "calories": 600, "data_points": points(0, 600)}
    status, answer = await one_shot(server, ann, **said)
    assert (status, answer["status"]) == (201, "saved")
    activity = await shown(server, ann, answer["activity_id"])
    assert (activity["type"], activity["start_time"], activity["status"]) == ("running", START, "finished")
    assert (activity["duration"], activity["distance"], activity["calories"]) == (3600, 10000, 600)
    assert activity["recorded"]["measured_distance_m"] == pytest.approx(1797, abs=3)
    assert activity["moving_time_s"] == 3600 and activity["average_pace"] == 360
    assert (activity["points_count"], activity["heart_rate_max"]) == (600, 149)
    assert activity["route_polyline"] and activity["receipt"]["received"] == 600
    _, streams = await server.get(ann, f"/activities/{answer['activity_id']}/streams")
    assert streams["cadence_spm"][7] == 170 and streams["latitude_deg"][0] == 43.7
    _, stats = await server.get(ann, f"/users/{ann.owner_id}/stats")
    assert stats["lifetime"] | {"time_s": 0} == stats["lifetime"] | {"count": 1, "distance_m": 10000, "time_s": 0}


@ON_SQLITE
async def test_an_entry_by_hand_needs_no_point(server: RunningServer, ann: Person) -> None:
    sets = [{"exercise": "bench_press", "repetitions": 8, "load_kg": 60, "rest_s": 90}, {"repetitions": 6}]
    said = {"type": "strength", "duration": 1800, "sets": sets, "notes": " <b>heavy</b> ", "title": "Push day"}
    _, answer = await one_shot(server, ann, **said)
    activity = await shown(server, ann, answer["activity_id"])
    assert (activity["source"], activity["title"], activity["notes"]) == ("entered", "Push day", "<b>heavy</b>")
    assert (activity["duration"], activity["moving_time_s"], activity["distance"]) == (1800, 1800, 0)
    first, second = activity["sets"]
    assert (first["exercise"], first["repetitions"], first["load_kg"], first["rest_s"]) == ("bench_press", 8, 60, 90)
    assert (second["repetitions"], second["load_kg"], activity["volume_kg"]) == (6, None, 480)


WRONG: list[tuple[dict[str, Any], str | None]] = [
    ({"data_points": [{"time": 0}, {"time": 1, "lat": 91, "lng": 0}]}, "data_points[1].lat"),
    ({"data_points": [{"time": 0, "lat": 47.0}]}, "data_points[0].lng"),
    ({"data_points": [{"lat": 47.0, "lng": 8.0}]}, "data_points[0].time"),
    ({"data_points": [{"time": 0, "watts": 3}]}, None),
    ({}, "duration"),
    ({"duration": -1}, "duration"),
    ({"duration": 60, "start_time": "2031-01-01T00:00:00Z"}, "start_time"),
    ({"duration": 60, "start_time": "yesterday"}, "start_time"),
    ({"duration": 60, "type": "Running!"}, "type"),
    ({"duration": 60, "sets": [{"start_s": 9, "end_s": 3}]}, "sets[0].end_s"),
]


@ON_SQLITE
async def test_what_cannot_be_is_refused_and_named(server: RunningServer, ann: Person) -> None:
    for said, field in WRONG:
        status, answer = await one_shot(server, ann, **said)
        assert status == 400, said
        assert field is None or answer["field"] == field
    assert await server.activities(ann) == []


def test_order_doubles_and_nothings_are_mended_and_said() -> None:
    sent = [SentPoint(time=5.0, lat=1.0, lng=2.0), SentPoint(time=1.0, lat=0.0, lng=0.0, heart_rate=0)]
    columns, problems = columns_of([*sent, SentPoint(time=5.0004, lat=3.0, lng=4.0)])
    assert columns["time_s"].tolist() == [1, 5] and columns["latitude_deg"][1] == 1
    assert math.isnan(columns["latitude_deg"][0]) and math.isnan(columns["heart_rate_bpm"][0])
    assert "distance_m" not in columns
    assert len(problems) == 2 and "1 points have the time of another" in problems[1]


async def test_an_id_of_the_clients_makes_it_once(server: RunningServer, ann: Person, bob: Person) -> None:
    said = {"duration": 60, "data_points": points(0, 30), "activity_id": CLIENT_ID}
    assert await one_shot(server, ann, **said) == (201, {"activity_id": CLIENT_ID, "status": "saved"})
    assert await one_shot(server, ann, **said) == (200, {"activity_id": CLIENT_ID, "status": "saved"})
    assert (await one_shot(server, ann, **said | {"duration": 61}))[0] == 409
    assert (await one_shot(server, bob, **said))[0] == 201  # ids are each user's own
    named = {"duration": 60, "client_id": "watch-7.fit"}
    first, again = await one_shot(server, ann, **named), await one_shot(server, ann, **named)
    assert (first[0], again[0], first[1]) == (201, 200, again[1])
    assert len(await server.activities(ann)) == 2 and len(await server.activities(bob)) == 1


async def test_a_recording_grows_by_addressed_points_and_ends(server: RunningServer, ann: Person) -> None:
    status, answer = await send(server, ann, "/start", {"type": "running", "start_time": START, "client_id": "a"})
    assert (status, answer["status"]) == (201, "live")
    url = f"/{answer['activity_id']}"
    assert (await shown(server, ann, answer["activity_id"]))["status"] == "live"
    assert await send(server, ann, f"{url}/points", {"from": 0, "data_points": points(0, 60)}) == (200, {"points": 60})
    status, gap = await send(server, ann, f"{url}/points", {"from": 90, "data_points": points(90, 120)})
    assert (status, gap["error"], gap["expected_from"]) == (409, "gap", 60)
    # The same again, and a batch that overlaps what is held.
    assert await send(server, ann, f"{url}/points", {"from": 0, "data_points": points(0, 60)}) == (200, {"points": 60})
    assert (await shown(server, ann, answer["activity_id"]))["points_count"] == 60
    await server.stop()
    await server.start()
    assert (await send(server, ann, f"{url}/points", {"from": 30, "data_points": points(30, 120)}))[1] == {
        "points": 120
    }
    wrong = points(30, 31)
    wrong[0]["heart_rate"] = 200
    status, differs = await send(server, ann, f"{url}/points", {"from": 30, "data_points": wrong})
    assert (status, differs["error"], differs["from"]) == (409, "differs", 30)
    assert (await send(server, ann, f"{url}/finish", {"points": 180}))[0] == 409
    laps = [{"start_s": 0, "end_s": 50}, {"start_s": 50, "end_s": 119}]
    end = {"points": 120, "calories": 20, "laps": laps, "pauses": [{"start_s": 60, "end_s": 70}]}
    assert (await send(server, ann, f"{url}/finish", end | {"laps": laps[::-1]}))[0] == 400
    for _ in range(2):
        assert await send(server, ann, f"{url}/finish", end) == (
            200,
            {"activity_id": answer["activity_id"], "status": "saved"},
        )
    activity = await shown(server, ann, answer["activity_id"])
    assert (activity["status"], activity["points_count"], activity["calories"]) == ("finished", 120, 20)
    assert activity["distance"] == pytest.approx(357, abs=2)
    assert [(lap["start_s"], lap["end_s"]) for lap in activity["laps"]] == [(0, 50), (50, 119)]
    assert activity["moving_time_s"] == pytest.approx(109, abs=1)
    status, late = await send(server, ann, f"{url}/points", {"from": 120, "data_points": points(120, 130)})
    assert (status, late["error"]) == (409, "finished")


@ON_SQLITE
async def test_one_that_is_left_ends_and_goes_on_when_its_phone_comes_back(server: RunningServer, ann: Person) -> None:
    _, answer = await send(server, ann, "/start", {"type": "running", "start_time": START})
    url = f"/{answer['activity_id']}"
    await send(server, ann, f"{url}/points", {"from": 0, "data_points": points(0, 60)})
    await server.settled()
    server.clock.now_s += LEFT_S - 60
    await send(server, ann, f"{url}/points", {"from": 60, "data_points": points(60, 70)})
    server.clock.now_s += 120
    assert (await shown(server, ann, answer["activity_id"]))["status"] == "live"
    server.clock.now_s += LEFT_S
    left = await shown(server, ann, answer["activity_id"])
    assert (left["status"], left["points_count"]) == ("finished", 70)
    assert left["receipt"]["problems"] == ["never finished: nothing more came for twelve hours"]
    await send(server, ann, f"{url}/points", {"from": 70, "data_points": points(70, 80)})
    back = await shown(server, ann, answer["activity_id"])
    assert (back["status"], back["points_count"], back["receipt"]["problems"]) == ("live", 80, [])
    await send(server, ann, f"{url}/finish", {})
    assert (await shown(server, ann, answer["activity_id"]))["status"] == "finished"


@ON_SQLITE
async def test_nobody_adds_to_anothers_recording(server: RunningServer, ann: Person, bob: Person) -> None:
    _, answer = await send(server, ann, "/start", {"type": "running"})
    url = f"/{answer['activity_id']}"
    assert (await send(server, bob, f"{url}/points", {"from": 0, "data_points": points(0, 5)}))[0] == 404
    assert (await send(server, bob, f"{url}/finish", {}))[0] == 404
    # What waited in a phone that somebody else is logged in with by now.
    headers = bob.headers | {"Paceline-User": ann.owner_id}
    async with server.http.post("/api/v1/activities/start", json={"type": "running"}, headers=headers) as response:
        assert (response.status, (await response.json())["error"]) == (403, "other_user")
    assert (await shown(server, ann, answer["activity_id"]))["points_count"] == 0
