"""What a wearable holds of its wearers' profiles and goals is composed by the server, under what was set by hand."""

import asyncio
import struct
from typing import Any

import pytest
from paceline_protocol import wrist_settings
from paceline_protocol.wrist_pack import GOAL, USER, pack_settings
from paceline_server.desired.composing import Wearer, composed
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import Person, RunningServer, log_in
from server.test_desired import ask
from server.test_households import household, take_slot

PATH = f"/devices/{DEVICE_ID}"
Fields = dict[str, Any]


async def blob(server: RunningServer, person: Person) -> tuple[int, bytes]:
    """Return version and data of the settings that are wanted; 0 and nothing for none."""
    await server.settled()
    _, answer = await server.get(person, f"{PATH}/desired")
    rows = [row for row in answer["blobs"] if row["kind"] == "settings"]
    if not rows:
        return 0, b""
    status, data = await ask(server, person, "GET", f"{PATH}/desired/settings")
    assert status == 200 and wrist_settings.check(data) == ""
    return rows[0]["version"], data


def users_of(data: bytes) -> dict[int, Fields]:
    """Return what a blob says of each slot, with the goals that are there."""
    found: dict[int, Fields] = {}
    for place in range(data[3]):
        values = struct.unpack_from(wrist_settings.USER_FORMAT, data, wrist_settings.user_at(place))
        user: Fields = dict(zip(USER.names, values, strict=True))
        goals = [
            dict(zip(GOAL.names, struct.unpack_from(wrist_settings.GOAL_FORMAT, data, at), strict=True))
            for at in (wrist_settings.goal_at(place, number) for number in range(wrist_settings.GOALS))
        ]
        found[user["slot"]] = user | {"goals": [goal for goal in goals if goal["kind"]]}
    return found


async def say(server: RunningServer, person: Person, metric: str, value: float, day: str = "2025-10-01") -> None:
    path = f"/users/{person.owner_id}/body/{metric}/{day}"
    assert (await ask(server, person, "PUT", path, json={"value": value}))[0] == 200


async def want(server: RunningServer, person: Person, goal_type: str, target: float) -> str:
    body = {"goal_type": goal_type, "target_value": target, "start_date": "2025-10-01"}
    status, goal = await ask(server, person, "POST", "/goals", json=body)
    assert status == 201, goal
    return goal["goal_id"]


async def test_profile_and_goals_reach_the_wrist_under_what_was_set_by_hand(server: RunningServer, ann: Person) -> None:
    assert await blob(server, ann) == (0, b"")
    profile = {"birth_date": "1990-05-04", "sex": "female"}
    assert (await ask(server, ann, "PATCH", f"/users/{ann.owner_id}/profile", json=profile))[0] == 200
    await say(server, ann, "weight_kg", 61.5)
    await say(server, ann, "max_heart_rate_bpm", 185)
    await want(server, ann, "daily_steps", 9000)
    version, data = await blob(server, ann)
    user = users_of(data)[0]
    told = {name: user[name] for name in ("birth_year", "sex", "weight_hg", "max_heart_rate_bpm", "daily_steps")}
    assert told == {"birth_year": 1990, "sex": 1, "weight_hg": 615, "max_heart_rate_bpm": 185, "daily_steps": 9000}
    assert wrist_settings.name_of(user["name"]) == b"ann"
    by_hand = {"users": [{"slot": 0, "name": "Annie", "max_heart_rate_bpm": 190}], "zone_quarters": 8}
    status, row = await ask(server, ann, "PUT", f"{PATH}/settings", json=by_hand)
    assert (status, row["version"]) == (200, version + 1)
    again, data = await blob(server, ann)
    user = users_of(data)[0]
    assert (again, user["max_heart_rate_bpm"], user["weight_hg"], data[2]) == (version + 1, 190, 615, 136)
    await say(server, ann, "max_heart_rate_bpm", 188)  # over which the hand's goes
    await say(server, ann, "weight_kg", 70.0, "2025-09-01")  # which was before the one that holds
    assert await blob(server, ann) == (again, data)
    await say(server, ann, "weight_kg", 62.0)
    async with server.http.get(PATH, headers=(await log_in(server, ann)).headers) as response:
        assert "follow the profiles" in await response.text()
    version, data = await blob(server, ann)
    assert (version, users_of(data)[0]["weight_hg"]) == (again + 1, 620)


async def test_what_is_done_of_a_goal_counts_each_workout_once(server: RunningServer, ann: Person) -> None:
    goal_id = await want(server, ann, "total_distance", 50_000)
    await want(server, ann, "total_floors", 10)  # which no wrist follows
    _, data = await blob(server, ann)
    (goal,) = users_of(data)[0]["goals"]
    assert (goal["kind"], goal["period"], goal["sport"], goal["done"]) == (1, 0, wrist_settings.ANY_SPORT, 0)
    assert (goal["target"], goal["until_utc_s"]) == (50_000, 0)
    sent = workout(4000)[0].data
    await server.put(ann, sent, 0)
    version, data = await blob(server, ann)
    _, shown = await server.get(ann, f"/goals/{goal_id}")
    assert users_of(data)[0]["goals"][0]["done"] == int(shown["current_period_progress"]) > 1000
    assert struct.unpack_from("<II", data, 4) == (EPOCH, len(sent))
    await server.put(ann, sent, 0)
    assert await blob(server, ann) == (version, data)
    assert (await ask(server, ann, "DELETE", f"/goals/{goal_id}"))[0] == 204
    assert await blob(server, ann) == (0, b"")


async def test_a_weeks_goal_is_composed_anew_when_the_week_is_over(server: RunningServer, ann: Person) -> None:
    await want(server, ann, "weekly_distance", 30_000)
    version, data = await blob(server, ann)
    until_s = users_of(data)[0]["goals"][0]["until_utc_s"]
    assert server.clock() < until_s <= server.clock() + 7 * 86400
    server.clock.now_s = until_s + 2.0
    again, data = await blob(server, ann)
    assert (again, users_of(data)[0]["goals"][0]["until_utc_s"]) == (version + 1, until_s + 7 * 86400)


async def test_a_slot_has_what_its_wearer_says_until_it_is_given_back(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await household(server, ann, bob)
    await say(server, bob, "weight_kg", 82.0)
    assert await blob(server, ann) == (0, b"")
    await take_slot(server, ann, bob)
    _, data = await blob(server, ann)
    found = users_of(data)
    assert sorted(found) == [0, 1] and found[1]["weight_hg"] == 820 and found[0]["weight_hg"] == 0
    await say(server, bob, "weight_kg", 81.0)
    assert users_of((await blob(server, ann))[1])[1]["weight_hg"] == 810
    back = {"host_id": ann.owner_id, "accepted": False}
    assert (await ask(server, bob, "PUT", f"/households/slots/{DEVICE_ID}/1", json=back))[0] == 200
    assert await blob(server, ann) == (0, b"")


async def test_a_whole_blob_is_left_as_it_was_put(server: RunningServer, ann: Person) -> None:
    put = pack_settings([{"slot": 0, "name": "Ann"}])
    assert (await ask(server, ann, "PUT", f"{PATH}/desired/settings", data=put))[0] == 200
    await say(server, ann, "weight_kg", 61.5)
    assert await blob(server, ann) == (1, put)
    assert (await ask(server, ann, "DELETE", f"{PATH}/desired/settings"))[0] == 204
    await say(server, ann, "weight_kg", 61.0)
    assert await blob(server, ann) == (0, b"")
    body = {"users": [{"slot": 0}]}
    assert (await ask(server, ann, "PUT", f"{PATH}/settings", json=body))[0] == 200
    assert users_of((await blob(server, ann))[1])[0]["weight_hg"] == 610


async def test_changes_at_once_end_in_one_state(server: RunningServer, ann: Person) -> None:
    async def by_hand(name: str) -> None:
        body = {"users": [{"slot": 0, "name": name}]}
        assert (await ask(server, ann, "PUT", f"{PATH}/settings", json=body))[0] == 200

    weights = (say(server, ann, "weight_kg", 60.0 + number) for number in range(5))
    await asyncio.gather(*weights, *(by_hand(f"Ann {number}") for number in range(5)))
    await by_hand("Ann")
    await say(server, ann, "weight_kg", 61.5)
    user = users_of((await blob(server, ann))[1])[0]
    assert (user["weight_hg"], wrist_settings.name_of(user["name"])) == (615, b"Ann")


@pytest.mark.parametrize(
    ("by_hand", "others", "slots"),
    [
        ({}, {}, []),
        ({}, {2: Wearer("Bo")}, [0, 2]),
        ({"users": [{"slot": 3}]}, {}, [3]),
        ({"users": [{"slot": 3}]}, {1: Wearer("Bo")}, [1, 3]),
        ({"users": [{"slot": 1, "weight_hg": 1}]}, {0: Wearer("Bo", {"weight_hg": 9})}, [0, 1]),
    ],
)
def test_slots_are_those_by_hand_and_those_that_are_somebodys(
    by_hand: Fields, others: dict[int, Wearer], slots: list[int]
) -> None:
    assert [user["slot"] for user in composed(by_hand, Wearer("Ann"), others)["users"]] == slots


def test_goals_by_hand_are_the_only_ones() -> None:
    goals = [{"kind": "count", "target": 3}]
    by_hand = {"users": [{"slot": 1, "goals": goals}]}
    users = composed(by_hand, Wearer("Ann"), {2: Wearer("Bo", {"sex": "male"}, goals)})["users"]
    assert [user.get("goals", []) for user in users] == [goals, []]
    assert users[1]["sex"] == "male"
