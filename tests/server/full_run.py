"""What users do with a server, once each: upload, list, read, delete, log in and out, set up a wearable."""

from typing import Any

from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import DAY
from paceline_server.keys import SIGN_IN
from paceline_server.sign_in.model import Claims
from server.full_archive import full_archive
from server.full_entry import full_entry
from server.full_sharing import full_sharing
from server.journal_builder import DEVICE_ID, EPOCH, START_UTC_S, workout
from server.oauth_people import let_in, register, renew
from server.running_server import PASSWORD, Person, RunningServer, make_person
from server.sent_files import gpx, send_file, tell, zipped

# A point of P-256, of RFC 8291's example.
BROWSER_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"


async def full_run(server: RunningServer, person: Person, other: Person | None = None) -> None:
    """Do it all; with another person, who is made when there is none."""
    async with server.http.post("/api/v1/auth/login", json={"username": "ann", "password": PASSWORD}) as response:
        session = Person(person.owner_id, (await response.json())["access_token"])
    journal = workout()[0]
    journal.record(DAY, 700, START_UTC_S + 700, 800, 40, 55, 0, 15, 10, 15)
    data = journal.data
    for start in range(0, len(data), 700):  # some grows while it is live
        status, _ = await server.put(session, data[start : start + 700], start)
        assert status == 200
        await server.settled()
    lost = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position={-(-len(data) // PAGE_SIZE) * PAGE_SIZE}&gap=true"
    async with server.http.put(lost, data=bytes(100), headers=session.headers) as response:
        assert response.status == 200
    await server.settled()
    own = f"/users/{person.owner_id}"
    for path in (
        own,
        f"{own}/devices",
        f"{own}/daily?from=2025-10-01&to=2025-10-31",
        f"{own}/activities?limit=5",
        f"/devices/{DEVICE_ID}/journal/{EPOCH}",
    ):
        assert (await server.get(session, path))[0] == 200, path
    (activity,) = await server.activities(session)
    path = f"/activities/{activity['activity_id']}"
    assert (await server.get(session, f"{path}/streams"))[0] == 200
    await _wear(server, session)
    await _tell(server, session)
    batch = await send_file(server, session, zipped({"a.gpx": gpx(), "b.gpx": gpx(day=2)}))
    await tell(server, session, batch, "confirm")
    await tell(server, session, batch, "undo")
    await _let_in(server, session)
    await full_entry(server, session)
    await _want(server, session, activity["activity_id"])
    await full_sharing(server, session, other or make_person(server, "fred"))
    await _twice(server, session, activity)
    async with server.http.get("/", headers=session.headers) as response:
        assert response.status == 200
    async with server.http.patch(f"/api/v1{path}", json={"visibility": "public"}, headers=session.headers) as response:
        assert response.status == 200
    for shown in (path, f"{path}/streams"):
        async with server.http.get(f"/api/v1{shown}") as response:  # as anybody
            assert response.status == 200
    async with server.http.delete(f"/api/v1{path}", headers=session.headers) as response:
        assert response.status == 204
    await full_archive(server, session)
    async with server.http.post("/api/v1/auth/logout", headers=session.headers) as response:
        assert response.status == 204


async def _twice(server: RunningServer, session: Person, activity: dict[str, Any]) -> None:
    entry = {name: activity[name] for name in ("type", "start_time", "duration")}
    async with server.http.post("/api/v1/activities", json=entry, headers=session.headers) as response:
        entered = (await response.json())["activity_id"]
    await server.settled()
    path = f"/activities/{activity['activity_id']}/recordings"
    for said in ({"join": [entered]}, {"part": [entered]}):
        async with server.http.patch(f"/api/v1{path}", json=said, headers=session.headers) as response:
            assert response.status == 200
    assert (await server.get(session, path))[0] == 200
    async with server.http.delete(f"/api/v1/activities/{entered}", headers=session.headers) as response:
        assert response.status == 204


async def _let_in(server: RunningServer, session: Person) -> None:
    client = await register(server, session)
    tokens = await let_in(server, session, client)
    assert (await renew(server, client, tokens["refresh_token"]))[0] == 200
    claims = Claims("https://id.example", session.owner_id, "ann", None)
    await server.app[SIGN_IN].link(session.owner_id, claims)
    async with server.http.get("/account/sign-in", headers=session.headers) as response:
        assert "ann" in await response.text()


async def _wear(server: RunningServer, session: Person) -> None:
    device = f"/devices/{DEVICE_ID}"
    numbers = ("epoch", "end", "confirmed", "battery_percent", "battery_millivolt", "recording", "fix", "user")
    versions = ("settings_version", "plan_version", "assistance_version")
    said = {**dict.fromkeys(numbers + versions, 0), "firmware": "0.1.0"}
    for path, body in (("settings", {"users": [{"slot": 0}]}), ("status", said)):
        async with server.http.put(f"/api/v1{device}/{path}", json=body, headers=session.headers) as response:
            assert response.status in (200, 204)
    for path in ("desired", "status", "events"):
        assert (await server.get(session, f"{device}/{path}"))[0] == 200


async def _tell(server: RunningServer, session: Person) -> None:
    own = f"/api/v1/users/{session.owner_id}"
    once = session.headers | {"Idempotency-Key": "profile"}
    async with server.http.patch(f"{own}/profile", json={"sex": "female"}, headers=once) as response:
        assert response.status == 200
    value = {"value": 61.5}
    async with server.http.put(f"{own}/body/weight_kg/2025-05-04", json=value, headers=session.headers) as response:
        assert response.status == 200
    async with server.http.get("/account", headers=session.headers) as response:
        assert response.status == 200
    assert (await server.get(session, f"/users/{session.owner_id}/stats"))[0] == 200


async def _want(server: RunningServer, session: Person, activity_id: str) -> None:
    own, time = f"/users/{session.owner_id}", "2025-10-08T20:00:00Z"

    async def do(method: str, path: str, body: object = None) -> dict[str, str]:
        async with server.http.request(method, f"/api/v1{path}", json=body, headers=session.headers) as response:
            assert response.status in (200, 201, 204), await response.text()
            return await response.json() if response.status != 204 else {}

    count = {"metric": "steps", "start_time": "2025-10-08T08:00:00Z", "end_time": "2025-10-08T09:00:00Z", "value": 640}
    night = {"sleep_id": "n", "start_time": "2025-10-07T22:00:00Z", "end_time": "2025-10-08T06:00:00Z"}
    for value in (640, 650):
        batch = {"source": "phone", "time": time, "counts": [count | {"value": value}], "sleeps": [night]}
        await do("POST", "/workouts", batch)
        await do("PUT", f"{own}/daily/2025-10-08/weight_kg", {"source": "scale", "value": value / 10, "time": time})
    zones = [{"from": "2025-10-01", "time_zone": "UTC"}]
    await do("PUT", f"{own}/daily-rules", {"sources": ["scale"], "time_zones": zones})
    goals = {
        kind: await do("POST", "/goals", {"goal_type": kind, "target_value": 1, "start_date": "2025-10-01"})
        for kind in ("daily_steps", "weekly_count", "total_weight")
    }
    shoes = await do("POST", "/gear", {"kind": "shoes", "name": "Blue", "distance_limit_m": 1, "client_id": "b"})
    await do(
        "PUT", f"{own}/usual-gear", {"usual": [{"sport": "running", "from": "2025-01-01", "gear_id": shoes["gear_id"]}]}
    )
    await do("POST", "/gear/choices", {"activity_ids": [activity_id], "gear_ids": [shoes["gear_id"]]})
    await server.settled()
    keys = {"p256dh": BROWSER_KEY, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
    browser = {"endpoint": "https://web.push.apple.com/x", "keys": keys}
    subscribed = await do("POST", f"{own}/push-subscriptions", browser)
    await do("GET", f"{own}/push-subscriptions")
    await do("DELETE", f"/push-subscriptions/{subscribed['subscription_id']}")  # nothing is sent there
    meal = await do("POST", "/meals", {"energy_kcal": 640, "client_id": "m"})
    await do("PATCH", f"/meals/{meal['meal_id']}", {"name": "Lunch"})
    for shown in (f"{own}/health", f"{own}/meals", f"/meals/{meal['meal_id']}"):
        await do("GET", shown)
    await do("DELETE", f"/meals/{meal['meal_id']}")
    switches = [{"kind": kind, "mail": True} for kind in ("goal", "gear")]
    await do("PUT", f"{own}/notification-rules", {"digest_time": "08:00", "switches": switches})
    _, told = await server.get(session, f"{own}/notifications?unread=true")
    await do("POST", f"{own}/notifications/read", {"notification_ids": [told["notifications"][0]["notification_id"]]})
    await do("DELETE", f"/notifications/{told['notifications'][0]['notification_id']}")
    path = f"/goals/{goals['weekly_count']['goal_id']}"
    for shown in (
        f"{own}/goals",
        path,
        f"{path}/periods",
        f"{own}/gear",
        f"/activities/{activity_id}/gear",
        f"/activities/{activity_id}/feedback",
        f"{own}/recommendations",
        f"{own}/achievements",
        f"{own}/year",
    ):
        await do("GET", shown)
    for thing in (path, f"/gear/{shoes['gear_id']}"):
        await do("PATCH", thing, {"title": "More"} if thing == path else {"name": "Red"})
        await do("DELETE", thing)
