"""What is told: once each, only what is news, and only to whom it belongs."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from paceline_server.activities.model import Activity
from paceline_server.analysis.best_efforts import Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.quality import Quality
from paceline_server.events import store as events
from paceline_server.events.declared import GOAL_NOTICES
from paceline_server.events.model import Turn
from paceline_server.keys import DATABASE
from paceline_server.notifications import store as notices
from paceline_server.notifications.landmarks import TOTALS, highest_passed
from paceline_server.notifications.looking import goals_told
from paceline_server.notifications.model import GEAR, Tale
from paceline_server.platform.auth import COOKIE
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer, make_person
from server.test_goals import call, make

TODAY = date(2025, 10, 10)  # of the server's clock, a Friday


async def told(
    server: RunningServer, person: Person, query: str = "", but: str = "achievement"
) -> list[dict[str, Any]]:
    """Return what somebody was told but for a kind, the latest first."""
    await server.settled()
    answer = await call(server, person, "GET", f"/users/{person.owner_id}/notifications{query}", 200)
    return [one for one in answer["notifications"] if one["kind"] != but]


async def test_a_goal_that_is_reached_is_told_once_and_not_again_when_it_was_deleted(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await make(server, ann, "weekly_distance", 10_000, start_date="2025-09-01", title="Ten")
    run = activity_of(ann.owner_id, 1, TODAY, 12_000)
    await keep(server, run)
    (mark,) = await told(server, ann, but="goal")
    assert (mark["kind"], mark["title"], mark["text"]) == (
        "achievement",
        "Longest run: 10 km",
        "The next mark is 21.1 km.",
    )
    await keep(server, activity_of(ann.owner_id, 2, date(2025, 9, 10), 12_000))  # reached long ago: no news
    (notice,) = await told(server, ann)
    assert (notice["kind"], notice["title"], notice["link"]) == ("goal", "Goal reached: Ten", "/goals")
    assert notice["text"] == "12 km, the aim was 10 km, in the week from Monday 6 October."
    assert notice["read_at"] is None and await told(server, bob) == []
    path, read = f"/notifications/{notice['notification_id']}", f"/users/{ann.owner_id}/notifications/read"
    await call(server, ann, "POST", read, 204, json={})
    assert await told(server, ann, "?unread=true") == []
    await call(server, bob, "DELETE", path, 404)
    await call(server, ann, "DELETE", path, 204)
    await call(server, ann, "DELETE", path, 404)
    await keep(server, replace(run, distance_m=100.0))
    await keep(server, run)
    assert await told(server, ann) == []


async def test_a_goal_at_risk_is_told_once_in_its_week(one_server: RunningServer) -> None:
    server, ann, before_s = one_server, make_person(one_server, "late"), one_server.clock.now_s
    await make(server, ann, "weekly_distance", 100_000, start_date="2025-09-01", title="Much")
    server.clock.now_s = datetime(2025, 10, 10, 17, 30, tzinfo=UTC).timestamp()
    try:
        for number in (1, 2):
            await keep(server, activity_of(ann.owner_id, 300 + number, TODAY, 3000))
            (notice,) = [one for one in await told(server, ann) if one["kind"] == "recommendation"]
    finally:
        server.clock.now_s = before_s
    assert "“Much” is at risk" in notice["title"] and notice["link"] == "/training"


async def test_bests_steps_and_gear_are_told(one_server: RunningServer) -> None:
    server, ann = one_server, make_person(one_server, "runner")
    shoes = {"kind": "shoes", "name": "Blue", "distance_limit_m": 9000}
    gear = await call(server, ann, "POST", "/gear", 201, json=shoes)
    usual = {"usual": [{"sport": "running", "from": "2025-01-01", "gear_id": gear["gear_id"]}]}
    await call(server, ann, "PUT", f"/users/{ann.owner_id}/usual-gear", 200, json=usual)
    for number, day, duration_s in ((1, date(2025, 3, 1), 1500), (2, date(2025, 10, 9), 1440), (3, TODAY, 1450)):
        run = activity_of(ann.owner_id, 100 + number, day, 5000)
        efforts = (Effort(5000.0, float(duration_s), 0.0),)
        await keep(server, with_efforts(run, efforts))
    for value in (9_000, 12_400, 16_000):
        said = {"source": "phone", "value": value, "time": f"2025-10-10T12:00:{value // 1000:02}Z"}
        await call(server, ann, "PUT", f"/users/{ann.owner_id}/daily/2025-10-10/steps", 200, json=said)
        await server.settled()
    found = {(one["kind"], one["title"]): one for one in await told(server, ann)}
    assert found.keys() == {
        ("gear", "Blue is worn out"),
        ("best", "A personal best"),
        ("milestone", "10,000 steps on Friday 10 October"),
        ("milestone", "15,000 steps on Friday 10 October"),
    }
    assert found["best", "A personal best"]["text"] == "5 km in 24:00, 1:00 faster than before."
    assert found["gear", "Blue is worn out"]["text"] == "It has come to the limit that you set: 9.00 km."


def with_efforts(activity: Activity, efforts: tuple[Effort, ...]) -> Activity:
    """Return the activity with best efforts among what was found of it."""
    quality = Quality(0.0, 0.0)
    found = Findings(efforts, (), (), (), (), 0.0, activity.duration_s, None, None, quality, ())
    return replace(activity, findings=found)


def test_a_total_passes_the_highest_landmark_between_two_values() -> None:
    marks = TOTALS["count"]
    assert [highest_passed(marks, before, after) for before, after in ((9, 10), (10, 24), (9, 60), (0, 0))] == [
        10,
        None,
        50,
        None,
    ]


async def test_the_page_shows_opens_and_deletes_without_scripts(one_server: RunningServer) -> None:
    server, ann = one_server, make_person(one_server, "reader")
    assert await server.app[DATABASE].write(notices.tell, ann.owner_id, Tale(GEAR, "1", "<b>", "old", "/gear"), 1.0)
    assert not await server.app[DATABASE].write(notices.tell, ann.owner_id, Tale(GEAR, "1", "x", "x"), 2.0)
    headers = {"Cookie": f"{COOKIE}={ann.token}"}

    async def read(path: str) -> str:
        async with server.http.get(path, headers=headers) as response:
            assert response.status == 200
            return await response.text()

    async def send(**fields: str) -> str:
        async with server.http.post("/notifications", data=fields, headers=headers, allow_redirects=False) as response:
            assert response.status == 303
            return response.headers["Location"]

    page = await read("/notifications")
    assert "&lt;b&gt;" in page and "told-count" in page and "Mark all as read" in page
    (key, *_), (notice_id,) = (
        re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ("form_key", "notification_id")
    )
    assert await send(form_key=key, do="open", notification_id=notice_id) == "/gear"
    page = await read("/gear")
    assert "told-count" not in page and 'href="/notifications"' in page
    assert await send(form_key=key, do="delete", notification_id=notice_id) == "/notifications"
    assert await send(form_key=key, do="delete", notification_id="x") == "/notifications"
    assert "Nothing to tell yet" in await read("/notifications")
    async with server.http.post("/notifications", data={"do": "read_all"}, headers=headers) as response:
        assert response.status == 403  # another site's form has no key


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_back_fill_tells_nothing_twice(server: RunningServer, ann: Person) -> None:
    await make(server, ann, "daily_count", 1)
    await keep(server, activity_of(ann.owner_id, 1, TODAY, 12_000))
    before = await told(server, ann)
    assert len(before) == 1
    turns = [Turn(ann.owner_id, GOAL_NOTICES, subject) for _, subject in await server.app[DATABASE].read(goals_told)]
    assert len(turns) == 1
    assert await server.app[DATABASE].write(events.add, turns, 1.0) == 1
    assert await told(server, ann) == before
