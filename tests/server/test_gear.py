"""Gear: what it did is what its activities did, whatever is edited, deleted or chosen; worn out is told once."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from paceline_server.analysis.history import history_of
from paceline_server.gear.model import Gear, Usual
from paceline_server.gear.wear import Assignment, wear_of
from paceline_server.stats.model import Sums
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer

START = date(2025, 1, 1)
OWNER = "0199c000-0000-7000-8000-00000000000a"


def test_random_histories_come_to_what_a_plain_count_says() -> None:
    chance = random.Random(6)
    for _ in range(40):
        gear = [gear_of(f"g{n}") for n in range(4)]
        spans = [(f"p{n}", chance.randint(0, 60), chance.randint(60, 100)) for n in range(3)]
        gear += [gear_of(name, "g0", day(first), day(last)) for name, first, last in spans]
        usual = {
            (chance.choice(["running", "cycling"]), chance.randint(0, 90)): chance.choice([None, "g0", "g1", "gone"])
            for _ in range(5)
        }
        rows = [sums(n, chance.choice(["running", "cycling", "hiking"]), chance.randint(0, 99)) for n in range(60)]
        choices = {
            row.activity_id: chance.sample(["g0", "g2", "g3", "gone"], chance.randint(0, 3))
            for row in chance.sample(rows, 20)
        }
        expected: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in rows:
            number = row.day - START.toordinal()
            told = [
                (first, gear_id) for (sport, first), gear_id in usual.items() if sport == row.sport and first <= number
            ]
            used = choices.get(row.activity_id, [max(told)[1]] if told else [])
            parts = [name for name, first, last in spans if "g0" in used and first <= number <= last]
            for gear_id in {*used, *parts}:
                expected[str(gear_id)][0] += 1
                expected[str(gear_id)][1] += row.distance_cm
                expected[str(gear_id)][2] += row.moving_ms
        rows_usual = [Usual(sport, day(first), gear_id) for (sport, first), gear_id in usual.items()]
        found = wear_of(gear, Assignment(choices, rows_usual), history_of(rows))
        for one in gear:
            wear = found[one.gear_id]
            count, distance_cm, moving_ms = expected[one.gear_id]
            assert (wear.activities, wear.distance_m, wear.time_s) == (count, distance_cm / 100, moving_ms / 1000)
            assert wear.total_distance_m == 5000 + wear.distance_m


def gear_of(gear_id: str, part_of: str | None = None, first: str | None = None, last: str | None = None) -> Gear:
    kind = "part" if part_of else "bike"
    return Gear(OWNER, gear_id, None, kind, gear_id, part_of, first, last, 5000, 0, None, None, None, 0.0)


def sums(number: int, sport: str, after: int) -> Sums:
    seen = START.toordinal() + after
    return Sums(
        OWNER, f"a{number}", float(number), 0, seen, sport, "file", 100_000 + number, 0, 60_000 + number, 0, 0, b"", b""
    )


def day(after: int) -> str:
    return (START + timedelta(days=after)).isoformat()


async def call(server: RunningServer, person: Person, method: str, path: str, status: int, json: Any = None) -> Any:
    async with server.http.request(method, f"/api/v1{path}", headers=person.headers, json=json) as response:
        answer = await response.json() if response.status != 204 else None
        assert response.status == status, answer
        return answer


async def gear(server: RunningServer, person: Person) -> dict[str, dict[str, Any]]:
    await server.settled()
    answer = await call(server, person, "GET", f"/users/{person.owner_id}/gear", 200)
    return {one["name"]: one for one in answer["gear"]}


async def test_gear_follows_its_activities(server: RunningServer, ann: Person) -> None:
    shoes = await call(
        server,
        ann,
        "POST",
        "/gear",
        201,
        {"kind": "shoes", "name": "Blue", "initial_distance_m": 1000, "distance_limit_m": 12_000},
    )
    other = await call(server, ann, "POST", "/gear", 201, {"kind": "shoes", "name": "Red"})
    usual = {"usual": [{"sport": "running", "from": "2025-09-01", "gear_id": shoes["gear_id"]}]}
    assert await call(server, ann, "PUT", f"/users/{ann.owner_id}/usual-gear", 200, usual) == usual
    first = activity_of(ann.owner_id, 1, date(2025, 9, 3), 6_000)
    second = activity_of(ann.owner_id, 2, date(2025, 9, 4), 4_500)
    for activity in (first, second, activity_of(ann.owner_id, 3, date(2025, 8, 31), 9_000)):
        await keep(server, activity)
    found = (await gear(server, ann))["Blue"]
    assert (found["distance_m"], found["activities"], found["time_s"], found["warned_at"]) == (11_500, 2, 3400, None)
    await keep(server, replace(second, distance_m=5_000.0))  # edited: at the limit
    worn = (await gear(server, ann))["Blue"]
    assert (worn["distance_m"], worn["worn"]) == (12_000, 1) and worn["warned_at"]
    server.clock.now_s += 60
    choice = {"activity_ids": [first.activity_id, second.activity_id], "gear_ids": [other["gear_id"]]}
    await call(server, ann, "POST", "/gear/choices", 204, choice)
    found = await gear(server, ann)
    assert (found["Blue"]["distance_m"], found["Red"]["distance_m"]) == (1000, 11_000)
    of_first = f"/activities/{first.activity_id}/gear"
    assert await call(server, ann, "GET", of_first, 200) == {"gear_ids": [other["gear_id"]], "chosen": True}
    await call(server, ann, "DELETE", f"/activities/{second.activity_id}", 204)
    assert (await gear(server, ann))["Red"]["distance_m"] == 6_000
    await call(server, ann, "POST", "/gear/choices", 204, {"activity_ids": [first.activity_id], "gear_ids": None})
    assert await call(server, ann, "GET", of_first, 200) == {"gear_ids": [shoes["gear_id"]], "chosen": False}
    await keep(server, activity_of(ann.owner_id, 4, date(2025, 9, 5), 50_000))
    assert (await gear(server, ann))["Blue"]["warned_at"] == worn["warned_at"]  # told once
    changed = await call(server, ann, "PATCH", f"/gear/{shoes['gear_id']}", 200, {"distance_limit_m": 90_000})
    assert changed["warned_at"] is None
    await call(server, ann, "DELETE", f"/gear/{shoes['gear_id']}", 204)
    assert await call(server, ann, "GET", of_first, 200) == {"gear_ids": [], "chosen": False}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_parts_and_what_cannot_be(server: RunningServer, ann: Person, bob: Person) -> None:
    bike = await call(server, ann, "POST", "/gear", 201, {"kind": "bike", "name": "Bike", "client_id": "b"})
    assert (await call(server, ann, "POST", "/gear", 200, {"kind": "bike", "name": "Bike", "client_id": "b"})) == bike
    chain = {"kind": "part", "name": "Chain", "part_of": bike["gear_id"], "used_from": "2025-09-10"}
    await call(server, ann, "POST", "/gear", 201, chain)
    ids = []
    for number, of_month in enumerate((5, 10, 20)):
        activity = activity_of(ann.owner_id, number, date(2025, 9, of_month), 20_000, "cycling")
        await keep(server, activity)
        ids.append(activity.activity_id)
    await call(server, ann, "POST", "/gear/choices", 204, {"activity_ids": ids, "gear_ids": [bike["gear_id"]]})
    found = await gear(server, ann)
    assert (found["Bike"]["distance_m"], found["Chain"]["distance_m"]) == (60_000, 40_000)
    nobodys = "0199c000-0000-7000-8000-ffffffffffff"
    for path, body, field in (
        ("/gear", chain | {"kind": "shoes"}, "part_of"),
        ("/gear", chain | {"part_of": nobodys}, "part_of"),
        ("/gear", chain | {"retired_on": "2025-09-09"}, "retired_on"),
        ("/gear/choices", {"activity_ids": [*ids, nobodys], "gear_ids": []}, "activity_ids"),
        ("/gear/choices", {"activity_ids": ids, "gear_ids": [nobodys]}, "gear_ids"),
    ):
        assert (await call(server, ann, "POST", path, 400, body))["field"] == field, body
    assert (await gear(server, ann))["Bike"]["distance_m"] == 60_000
    await call(server, bob, "GET", f"/gear/{bike['gear_id']}", 404)
    await call(server, bob, "PATCH", f"/gear/{bike['gear_id']}", 404, {"name": "Mine"})
    await call(server, bob, "POST", "/gear/choices", 400, {"activity_ids": ids, "gear_ids": []})
    await call(server, bob, "GET", f"/activities/{ids[0]}/gear", 404)
