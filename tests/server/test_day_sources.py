"""What phones, scales and other services say of days: the latest holds by source, and no step counts twice."""

import random
from typing import Any

from paceline_protocol.records import DAY
from server.journal_builder import DEVICE_ID, JournalBuilder
from server.running_server import Person, RunningServer

TOLD = "2025-10-10T08:00:00Z"  # before the server's clock
_MIDNIGHT_UTC_S = 1_759_881_600  # 2025-10-08


def count(start: str, end: str, value: float | None, time: str = TOLD, metric: str = "steps") -> dict[str, Any]:
    times = {"start_time": f"2025-10-08T{start}:00Z", "end_time": f"2025-10-08T{end}:00Z", "time": time}
    return {"metric": metric, "value": value, **times}


async def send(server: RunningServer, person: Person, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    async with server.http.post("/api/v1/workouts", json=body, headers=person.headers) as response:
        answer = await response.json()
        assert response.status == status, answer
        return answer


async def put(server: RunningServer, person: Person, path: str, body: dict[str, Any], status: int = 200) -> Any:
    url = f"/api/v1/users/{person.owner_id}/{path}"
    async with server.http.put(url, json=body, headers=person.headers) as response:
        answer = await response.json()
        assert response.status == status, answer
        return answer


async def day_of(server: RunningServer, person: Person, day: str = "2025-10-08") -> dict[str, Any]:
    _, answer = await server.get(person, f"/users/{person.owner_id}/daily?from={day}&to={day}")
    return answer["days"][0] if answer["days"] else {}


async def test_any_order_and_repetition_of_batches_gives_one_day(server: RunningServer, ann: Person) -> None:
    batches = [
        {"source": "phone", "counts": [count("08:00", "09:00", value, f"2025-10-09T0{minute}:00:00Z")]}
        for value, minute in ((100, 1), (900, 3), (500, 2), (None, 2), (800, 3))
    ] + [{"source": "phone", "counts": [count("08:30", "10:00", 300)]}]
    random.Random(3).shuffle(batches)
    for batch in [*batches, *batches]:
        await send(server, ann, batch)
    assert (await day_of(server, ann))["steps"] == 900 + 200
    assert await send(server, ann, batches[0]) == {"changed": 0}


async def test_wearable_and_phone_are_merged_by_time(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(0, _MIDNIGHT_UTC_S)
    for quarter in range(32, 36):  # from eight to nine
        builder.record(DAY, (quarter + 1) * 900, 0, 100, 20, 0, 0, 15, 4, 15)
    await server.put(ann, builder.data, 0)
    await server.settled()
    counts = [count("08:00", "09:00", 700), count("09:00", "10:00", 300)]
    await send(server, ann, {"source": "phone", "counts": counts})
    day = await day_of(server, ann)
    assert day["steps"] == 400 + 300
    assert {name: of["steps"] for name, of in day["sources"].items()} == {f"wearable {DEVICE_ID}": 400, "phone": 1000}
    await put(server, ann, "daily-rules", {"sources": ["phone"]})
    assert (await day_of(server, ann))["steps"] == 1000
    status, answer = await server.get(ann, "/workouts?metric=steps&from=2025-10-08&to=2025-10-08")
    assert (status, answer["days"]) == (200, [{"date": "2025-10-08", "value": 1000}])


async def test_a_days_value_holds_by_its_time_stamp(server: RunningServer, ann: Person) -> None:
    async def say(value: float | None, hour: int, source: str = "cloud") -> Any:
        body = {"source": source, "value": value, "time": f"2025-10-09T{hour:02}:00:00+02:00"}
        return (await put(server, ann, "daily/2025-10-08/steps", body))["steps"]

    assert await say(5000, 10) == 5000
    assert await say(4000, 9) == 5000  # older, came later
    assert await say(6000, 10) == 6000  # of two with one stamp the larger
    assert await say(5500, 10) == 6000
    assert await say(None, 11) is None
    assert await say(7000, 12) == 7000


async def test_the_weight_is_one_whoever_says_it(server: RunningServer, ann: Person) -> None:
    async def profile() -> dict[str, float]:
        _, answer = await server.get(ann, f"/users/{ann.owner_id}/body")
        return {one["from"]: one["value"] for one in answer["values"] if one["metric"] == "weight_kg"}

    body = {"source": "scale", "value": 61.4, "time": TOLD}
    assert (await put(server, ann, "daily/2025-10-08/weight_kg", body))["weight_kg"] == 61.4
    assert await profile() == {"2025-10-08": 61.4}
    await put(server, ann, "body/weight_kg/2025-10-08", {"value": 60.9})  # by hand, now
    assert await profile() == {"2025-10-08": 60.9} and (await day_of(server, ann))["weight_kg"] == 60.9
    await put(server, ann, "daily-rules", {"sources": ["scale"]})
    assert await profile() == {"2025-10-08": 61.4} and (await day_of(server, ann))["weight_kg"] == 61.4
    url = f"/api/v1/users/{ann.owner_id}/body/weight_kg/2025-10-08"
    async with server.http.delete(url, headers=ann.headers) as response:
        assert response.status == 204
    assert await profile() == {} and await day_of(server, ann) == {}
    async with server.http.delete(url, headers=ann.headers) as response:
        assert response.status == 404


async def test_sleep_belongs_to_the_day_of_waking(server: RunningServer, ann: Person) -> None:
    night = {"sleep_id": "n1", "start_time": "2025-10-07T22:30:00Z", "end_time": "2025-10-08T06:30:00Z", "time": TOLD}
    stages = [
        {"stage": stage, "start_time": f"2025-10-0{a}:00Z", "end_time": f"2025-10-0{b}:00Z"}
        for stage, a, b in (
            ("light", "7T22:30", "8T00:30"),
            ("awake", "8T00:30", "8T01:00"),
            ("deep", "8T01:00", "8T06:30"),
        )
    ]
    await send(server, ann, {"source": "ring", "sleeps": [night | {"stages": stages}]})
    await send(server, ann, {"source": "phone", "sleeps": [night | {"sleep_id": "x"}]})
    day = await day_of(server, ann)
    assert day["sleep_minutes"] == 480 and day["sources"]["ring"]["sleep_minutes"] == 450  # "phone" before "ring"
    await put(server, ann, "daily-rules", {"sources": ["ring"]})
    day = await day_of(server, ann)
    assert day["sleep_minutes"] == 450  # where the ring says awake, the phone fills nothing
    assert [(one["source"], len(one["stages"])) for one in day["sleeps"]] == [("phone", 0), ("ring", 3)]
    gone = night | {"sleep_id": "x", "gone": True, "time": "2025-10-10T09:00:00Z"}
    await send(server, ann, {"source": "phone", "sleeps": [gone]})
    assert (await day_of(server, ann))["sleep_minutes"] == 450


async def test_days_are_those_of_the_users_clock_and_of_journeys(server: RunningServer, ann: Person) -> None:
    await send(server, ann, {"source": "phone", "counts": [count("13:00", "14:00", 100), count("15:00", "16:00", 40)]})
    assert (await day_of(server, ann))["steps"] == 140
    url = f"/api/v1/users/{ann.owner_id}/profile"
    async with server.http.patch(url, json={"time_zone": "Asia/Tokyo"}, headers=ann.headers) as response:
        assert response.status == 200
    assert (await day_of(server, ann))["steps"] == 100 and (await day_of(server, ann, "2025-10-09"))["steps"] == 40
    home = {"time_zones": [{"from": "2025-10-01", "time_zone": "Europe/Zurich"}]}
    answer = await put(server, ann, "daily-rules", home)
    assert answer == {"sources": [], "time_zone": "Asia/Tokyo", **home}
    assert (await day_of(server, ann))["steps"] == 140


async def test_what_cannot_be_is_named_and_changes_nothing(server: RunningServer, ann: Person, bob: Person) -> None:
    good = count("08:00", "09:00", 10)
    for body, field in (
        ({}, "source"),
        ({"source": f"wearable {DEVICE_ID}"}, "source"),
        ({"source": "phone", "counts": [good, good | {"value": -1}]}, "counts[1].value"),
        ({"source": "phone", "counts": [good | {"value": float("1e300")}]}, "counts[0].value"),
        ({"source": "phone", "counts": [good | {"metric": "mood"}]}, "counts[0].metric"),
        ({"source": "phone", "counts": [good | {"end_time": good["start_time"]}]}, "counts[0].end_time"),
        ({"source": "phone", "counts": [good | {"time": "2031-01-01T00:00:00Z"}]}, "counts[0].time"),
        ({"source": "phone", "counts": [good | {"time": None}]}, "counts[0].time"),
        ({"source": "phone", "counts": ["x"]}, "counts[0]"),
        ({"source": "phone", "counts": "x"}, "counts"),
        ({"source": "phone", "counts": [good] * 2001}, "counts"),
        ({"source": "phone", "days": [{"metric": "steps", "date": "8 May", "value": 1, "time": TOLD}]}, "days[0].date"),
    ):
        answer = await send(server, ann, body, 400)
        assert (answer["error"], answer["field"]) == ("field", field), body
    assert await day_of(server, ann) == {}
    for rules, field in (
        ({"sources": ["a", "a"]}, "sources"),
        ({"time_zones": [{"from": "2025-10-01"}]}, "time_zones[0].time_zone"),
    ):
        assert (await put(server, ann, "daily-rules", rules, 400))["field"] == field
    await put(
        server, bob, f"../users/{ann.owner_id}/daily/2025-10-08/steps", {"source": "x", "value": 1, "time": TOLD}, 404
    )
