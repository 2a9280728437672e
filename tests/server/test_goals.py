"""Goals: the shapes that were promised, and reached once, whatever comes late or goes again."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer

TODAY = date(2025, 10, 10)  # of the server's clock, a Friday


async def call(server: RunningServer, person: Person, method: str, path: str, status: int, **send: Any) -> Any:
    async with server.http.request(method, f"/api/v1{path}", headers=person.headers, **send) as response:
        answer = await response.json() if response.status != 204 else None
        assert response.status == status, answer
        return answer


async def make(server: RunningServer, person: Person, goal_type: str, target: float, **more: Any) -> dict[str, Any]:
    goal = {"goal_type": goal_type, "target_value": target, **more}
    return await call(server, person, "POST", "/goals", 201, json=goal)


async def shown(server: RunningServer, person: Person, goal: dict[str, Any]) -> dict[str, Any]:
    await server.settled()
    return await call(server, person, "GET", f"/goals/{goal['goal_id']}", 200)


async def test_the_promised_shapes(server: RunningServer, ann: Person) -> None:
    await keep(server, activity_of(ann.owner_id, 1, TODAY, 12_400.5))
    wanted = {
        "goal_type": "weekly_distance",
        "target_value": 20000,
        "start_date": "2025-10-01",
        "end_date": "2025-10-31",
    }
    made = await call(server, ann, "POST", "/goals", 201, json=wanted)
    answer = await call(server, ann, "GET", f"/users/{ann.owner_id}/goals", 200)
    (goal,) = answer["goals"]
    assert goal == made and wanted.items() <= goal.items()
    assert goal["period"] == "weekly" and goal["achieved"] is False
    assert goal["current_period_progress"] == 12_400.5
    assert (goal["current_period_start"], goal["current_period_end"]) == ("2025-10-06", "2025-10-12")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_weeks_follow_the_profile_from_the_next_one_on(server: RunningServer, ann: Person) -> None:
    goal = await make(server, ann, "weekly_distance", 10_000, start_date="2025-09-29")
    named = await make(server, ann, "weekly_count", 2, start_date="2025-09-29", first_weekday=0)
    await call(server, ann, "PATCH", f"/users/{ann.owner_id}/profile", 200, json={"first_weekday": 6})
    days = ("current_period_start", "current_period_end", "first_weekday")
    for passed, monday, sunday in (
        (0, ("2025-10-06", "2025-10-12", 0), ("2025-10-06", "2025-10-12", 6)),
        (3, ("2025-10-13", "2025-10-19", 0), ("2025-10-13", "2025-10-18", 6)),
        (6, ("2025-10-13", "2025-10-19", 0), ("2025-10-19", "2025-10-25", 6)),
    ):
        server.clock.now_s += passed * 86_400
        found = await shown(server, ann, goal), await shown(server, ann, named)
        assert [tuple(one[name] for name in days) for one in found] == [sunday, monday]
    periods = (await call(server, ann, "GET", f"/goals/{goal['goal_id']}/periods", 200))["periods"]
    assert [one["start"] for one in periods] == ["2025-10-19", "2025-10-13", "2025-10-06", "2025-09-29"]


async def test_a_goal_is_reached_once_whatever_comes_late_or_goes(server: RunningServer, ann: Person) -> None:
    goal = await make(server, ann, "weekly_distance", 10_000, start_date="2025-09-22", sport="running")
    first = activity_of(ann.owner_id, 1, date(2025, 9, 30), 9_000)
    await keep(server, first)
    await keep(server, activity_of(ann.owner_id, 2, date(2025, 9, 30), 9_000, "cycling"))
    url = f"/goals/{goal['goal_id']}/periods"
    periods = (await call(server, ann, "GET", url, 200))["periods"]
    assert [(one["start"], one["progress"], one["achieved"]) for one in periods] == [
        ("2025-10-06", 0, False),
        ("2025-09-29", 9000, False),
        ("2025-09-22", 0, False),
    ]
    await keep(server, activity_of(ann.owner_id, 3, date(2025, 10, 5), 1_000))  # late
    told = (await call(server, ann, "GET", url, 200))["periods"][1]
    assert told["achieved"] and told["reached_at"]
    server.clock.now_s += 60
    await keep(server, replace(first, distance_m=100.0))  # edited: lost again
    lost = (await call(server, ann, "GET", url, 200))["periods"][1]
    assert (lost["achieved"], lost["progress"], lost["reached_at"]) == (False, 1100, told["reached_at"])
    await keep(server, first)
    assert (await call(server, ann, "GET", url, 200))["periods"][1] == told
    async with server.http.delete(f"/api/v1/activities/{first.activity_id}", headers=ann.headers) as response:
        assert response.status == 204
    assert (await call(server, ann, "GET", url, 200))["periods"][1]["progress"] == 1000


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_steps_weight_and_streak(server: RunningServer, ann: Person) -> None:
    steps = await make(server, ann, "daily_steps", 8000)
    weight = await make(server, ann, "total_weight", 60, start_date="2025-10-01")
    streak = await make(server, ann, "total_streak", 2, start_date="2025-10-01")
    assert (await shown(server, ann, weight))["current_period_progress"] is None
    day = {"source": "phone", "value": 8200, "time": "2025-10-10T12:00:00Z"}
    await call(server, ann, "PUT", f"/users/{ann.owner_id}/daily/2025-10-10/steps", 200, json=day)
    for when, kg in (("2025-09-28", 62.0), ("2025-10-09", 59.9)):
        await call(server, ann, "PUT", f"/users/{ann.owner_id}/body/weight_kg/{when}", 200, json={"value": kg})
    for number in (8, 9):
        await keep(server, activity_of(ann.owner_id, number, date(2025, 10, number), 100))
    for goal, value in ((steps, 8200), (weight, 59.9), (streak, 2)):
        found = await shown(server, ann, goal)
        assert (found["current_period_progress"], found["achieved"]) == (value, True), found
        assert found["reached_at"] is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_goals_are_made_once_changed_with_their_tag_and_deleted(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    wanted = {"goal_type": "monthly_count", "target_value": 8, "client_id": "a1", "recurring": False}
    goal = await call(server, ann, "POST", "/goals", 201, json=wanted)
    assert goal["start_date"] == "2025-10-10" and goal["end_date"] == "2025-10-31"
    assert await call(server, ann, "POST", "/goals", 200, json=wanted | {"target_value": 9}) == goal
    path = f"/goals/{goal['goal_id']}"
    async with server.http.get(f"/api/v1{path}", headers=ann.headers) as response:
        tag = response.headers["ETag"]
    change = {"target_value": 6, "end_date": None, "title": "Often"}
    async with server.http.patch(f"/api/v1{path}", json=change, headers=ann.headers | {"If-Match": tag}) as response:
        assert response.status == 200
        assert change.items() <= (await response.json()).items()
    async with server.http.patch(f"/api/v1{path}", json=change, headers=ann.headers | {"If-Match": tag}) as response:
        assert response.status == 412
    for method, send in (("GET", {}), ("PATCH", {"json": change}), ("DELETE", {})):
        await call(server, bob, method, path, 404, **send)
    await call(server, ann, "DELETE", path, 204)
    await call(server, ann, "GET", path, 404)
    for body, field in (
        ({"goal_type": "hourly_distance", "target_value": 1}, "goal_type"),
        ({"goal_type": "weekly_weight", "target_value": 60}, "goal_type"),
        ({"goal_type": "weekly_distance", "target_value": 0}, "target_value"),
        (
            {"goal_type": "weekly_count", "target_value": 1, "start_date": "2025-10-02", "end_date": "2025-10-01"},
            "end_date",
        ),
    ):
        answer = await call(server, ann, "POST", "/goals", 400, json=body)
        assert answer["field"] == field, answer
