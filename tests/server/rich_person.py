"""Somebody who has a little of everything, so that every part of every page has something to say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from paceline_protocol.records import DAY
from paceline_server.keys import ADDRESSES, DEVICES, NEW_PASSWORDS
from server.full_sharing import full_sharing
from server.journal_builder import DEVICE_ID, DEVICE_KEY, START_UTC_S, JournalBuilder, run_samples
from server.oauth_people import let_in, question, register
from server.running_server import Person, RunningServer, log_in, make_person
from server.sent_files import gpx, send_file, tell, zipped

TODAY = date(2025, 10, 10)
SPORTS = ("running", "cycling", "swimming", "walking", "strength", "hiking")
SETS = [{"exercise": "squat", "repetitions": 5, "load_kg": 80.0, "rest_s": 60}]


@dataclass(frozen=True)
class Rich:
    """The person's session, and what is in the addresses of pages."""

    person: Person
    activities: tuple[str, ...]
    batches: tuple[str, ...]
    consent: dict[str, str]


async def rich_person(server: RunningServer) -> Rich:
    """Make the person, who runs the server too, and wait until all that follows is done."""
    person = await _somebody(server)
    await _wear(server, person)
    await _enter(server, person)
    await _tell(server, person)
    batches = await _import(server, person)
    await full_sharing(server, person, make_person(server, "fred"))
    client = await register(server, person)
    await let_in(server, person, client)
    found = await server.activities(person)
    deleted = next(one for one in found if one["type"] == "hiking")
    await do(server, person, "DELETE", f"/activities/{deleted['activity_id']}")
    await server.settled()
    left = [one for one in found if one is not deleted]
    shown = {(one["type"], one["points_count"] > 0): one["activity_id"] for one in left}
    return Rich(person, tuple(shown.values()), batches, question(client))


async def do(server: RunningServer, who: Person, method: str, path: str, body: object = None) -> dict[str, Any]:
    """Ask the API for something that succeeds."""
    async with server.http.request(method, f"/api/v1{path}", json=body, headers=who.headers) as response:
        assert response.status in (200, 201, 204), await response.text()
        return await response.json() if response.status != 204 else {}


async def _somebody(server: RunningServer) -> Person:
    person = make_person(server, "ann")
    server.app[DEVICES].claim(person.owner_id, DEVICE_ID, DEVICE_KEY)
    await server.app[ADDRESSES].want(person.owner_id, "ann@example.org")
    await server.app[NEW_PASSWORDS].ask("ann", "")
    person = await log_in(server, person)
    await do(server, person, "PATCH", f"/users/{person.owner_id}/profile", {"language": "de"})
    return person


async def _wear(server: RunningServer, person: Person) -> None:
    journal = JournalBuilder()
    journal.boot()
    journal.clock(5, START_UTC_S + 5)
    journal.start(10, utc_s=START_UTC_S + 10)
    samples = run_samples(1500)
    journal.samples(samples[:800])
    journal.lap(820)
    journal.pause(825, 840)
    journal.samples(samples[840:])
    journal.end(1510, samples=1470)
    journal.record(DAY, 2000, START_UTC_S + 2000, 8000, 40, 55, 0, 15, 10, 15)
    journal.battery(2100)
    assert (await server.put(person, journal.data, 0))[0] == 200
    numbers = ("epoch", "end", "confirmed", "recording", "fix", "user", "settings_version", "plan_version")
    said = {**dict.fromkeys(numbers, 0), "assistance_version": 0, "firmware": "0.1.0"}
    said |= {"battery_percent": 12, "battery_millivolt": 3600}
    await do(server, person, "PUT", f"/devices/{DEVICE_ID}/settings", {"users": [{"slot": 0}]})
    await do(server, person, "PUT", f"/devices/{DEVICE_ID}/status", said)


async def _enter(server: RunningServer, person: Person) -> None:
    for ago in (0, 1, 2, 5, 6, 9, 13, 16, 21, 27, 34, 48):
        sport = SPORTS[ago % len(SPORTS)]
        start = datetime(TODAY.year, TODAY.month, TODAY.day, 5, tzinfo=UTC) - timedelta(days=ago, hours=3)
        body: dict[str, Any] = {
            "type": sport,
            "start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "duration": 3600 + 600 * ago,
        }
        body |= {"perceived_effort": 6, "notes": "quux"} | (
            {"sets": SETS} if sport == "strength" else {"distance": 12_345.0}
        )
        await do(server, person, "POST", "/activities", body)


async def _tell(server: RunningServer, person: Person) -> None:
    own, today = f"/users/{person.owner_id}", TODAY.isoformat()
    await do(server, person, "PATCH", f"{own}/profile", {"sex": "female", "birth_date": "1984-05-04"})
    for day, kilograms in (("2025-09-20", 62.5), ("2025-10-09", 61.5)):
        await do(server, person, "PUT", f"{own}/body/weight_kg/{day}", {"value": kilograms})
    await do(server, person, "PUT", f"{own}/body/height_cm/2025-05-04", {"value": 170})
    await do(server, person, "PUT", f"{own}/body/diet_goal_kcal/2025-05-04", {"value": 1900})
    for metric, value in (("steps", 8000), ("resting_heart_rate_bpm", 52)):
        body = {"source": "phone", "value": value, "time": f"{today}T06:00:00Z"}
        await do(server, person, "PUT", f"{own}/daily/{today}/{metric}", body)
    night = {"sleep_id": "n", "start_time": "2025-10-09T22:00:00Z", "end_time": "2025-10-10T05:00:00Z"}
    stages = [{"stage": "deep", "start_time": night["start_time"], "end_time": "2025-10-10T01:00:00Z"}]
    batch = {"source": "phone", "time": f"{today}T06:00:00Z", "sleeps": [night | {"stages": stages}]}
    await do(server, person, "POST", "/workouts", batch)
    for kind, aim in (
        ("daily_steps", 9000),
        ("weekly_distance", 40_000),
        ("weekly_count", 3),
        ("monthly_time", 72_000),
        ("yearly_ascent", 9000),
        ("total_weight", 58),
        ("monthly_volume", 900),
        ("total_streak", 20),
    ):
        await do(server, person, "POST", "/goals", {"goal_type": kind, "target_value": aim, "start_date": "2025-10-01"})
    shoes = {"kind": "shoes", "name": "Zyx", "distance_limit_m": 90_000}
    made = await do(server, person, "POST", "/gear", shoes)
    usual = [{"sport": "running", "from": "2025-01-01", "gear_id": made["gear_id"]}]
    await do(server, person, "PUT", f"{own}/usual-gear", {"usual": usual})
    await do(server, person, "POST", "/gear", {"kind": "bike", "name": "Vw"})
    await do(server, person, "POST", "/meals", {"energy_kcal": 640, "name": "Xyzzy", "client_id": "m"})
    switches = [{"kind": kind, "mail": True} for kind in ("goal", "gear")]
    await do(server, person, "PUT", f"{own}/notification-rules", {"digest_time": "08:00", "switches": switches})
    await server.settled()


async def _import(server: RunningServer, person: Person) -> tuple[str, ...]:
    files = {"a.gpx": gpx(), "b.gpx": gpx(day=2), "again.gpx": gpx(), "nothing.gpx": b"<gpx/>"}
    files |= {"cut.gpx": gpx(day=3)[:900], "cut.fit": b"\x0e\x10\x00\x00", "old.tcx": b"<a><b/>"}
    files |= {"near.gpx": gpx(day=2, points=50), "places.kml": b"<kml/>", "packed.gpx.gz": b"\x1f\x8b\x08"}
    first = await send_file(server, person, zipped(files))
    await tell(server, person, first, "confirm")
    second = await send_file(server, person, zipped({"twice.gpx": gpx(), "c.gpx": gpx(day=4)}), "?mode=look")
    third = await send_file(server, person, b"no recording")
    return tuple(batch["batch_id"] for batch in (first, second, third))
