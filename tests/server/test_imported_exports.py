"""Exports of other platforms through the server: activities with what was said of them, gear, days; and all undone."""

from typing import Any

from paceline_tools.fuzz.archives import made_archives
from paceline_tools.fuzz.files import sound_files
from server.running_server import Person, RunningServer
from server.sent_files import send_file, states, tell

FIT, _, GPX, TCX, *_ = sound_files()
_, APPLE, STRAVA, *_ = made_archives(FIT, GPX, TCX)


async def days(server: RunningServer, person: Person) -> list[dict[str, Any]]:
    _, answer = await server.get(person, f"/users/{person.owner_id}/daily?from=2024-04-25&to=2024-05-05")
    return answer["days"]


async def test_apple_health_is_activities_and_days_and_goes_without_a_trace(
    one_server: RunningServer, someone: Person
) -> None:
    batch = await send_file(one_server, someone, APPLE, "?mode=now&name=export.zip")
    assert (batch["status"], set(states(batch))) == ("done", {"imported"})
    (activity,) = await one_server.activities(someone)
    assert (activity["type"], activity["duration"]) == ("running", 39)
    assert activity["heart_rate_avg"] is not None
    (day,) = await days(one_server, someone)
    assert (day["steps"], day["weight_kg"], day["sleep_minutes"]) == (80, 72.58, 420)
    assert set(states(await send_file(one_server, someone, APPLE, "?mode=now"))) == {"same"}
    undone = await tell(one_server, someone, batch, "undo")
    assert set(states(undone)) == {"undone"}
    assert await one_server.activities(someone) == []
    assert await days(one_server, someone) == []


async def test_strava_brings_title_notes_and_gear(one_server: RunningServer, someone: Person) -> None:
    batch = await send_file(one_server, someone, STRAVA, "?mode=now")
    assert states(batch) == ["imported", "imported"]
    run, swim = sorted(await one_server.activities(someone), key=lambda one: one["start_time"])
    assert (run["title"], swim["type"], swim["distance"]) == ("Lake", "swimming", 1000)
    _, shown = await one_server.get(someone, f"/activities/{run['activity_id']}")
    assert shown["notes"] == "Slowly"
    _, gear = await one_server.get(someone, f"/users/{someone.owner_id}/gear")
    assert [(one["name"], one["kind"], one["activities"]) for one in gear["gear"]] == [("Red shoes", "shoes", 1)]
    await tell(one_server, someone, batch, "undo")
    _, gear = await one_server.get(someone, f"/users/{someone.owner_id}/gear")
    assert [(one["name"], one["activities"]) for one in gear["gear"]] == [("Red shoes", 0)]
