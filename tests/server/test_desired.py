"""What should be on a wearable: versions that only rise, checked as the wearable would, the owner's alone."""

import hashlib
import io
from typing import Any

import pytest
from paceline_protocol.wrist_pack import pack_plans, pack_settings
from server.journal_builder import DEVICE_ID
from server.running_server import Person, RunningServer

PATH = f"/devices/{DEVICE_ID}"
STATUS = {
    "epoch": 0xFFFF_FFFF,
    "start": 0,
    "end": 5000,
    "confirmed": 4096,
    "battery_percent": 80,
    "battery_millivolt": 3900,
    "recording": 1,
    "session": 3,
    "firmware": "0.1.0",
    "fix": 3,
    "user": 0,
    "settings_version": 1,
    "plan_version": 0,
    "assistance_version": 0,
}


async def ask(server: RunningServer, person: Person, method: str, path: str, **body: Any) -> tuple[int, Any]:
    async with server.http.request(method, f"/api/v1{path}", headers=person.headers, **body) as response:
        json = response.content_type in ("application/json", "application/problem+json")
        return response.status, await response.json() if json else await response.read()


async def test_settings_become_the_blob_that_a_wearable_takes(server: RunningServer, ann: Person) -> None:
    user = {"slot": 0, "name": "Ann", "max_heart_rate_bpm": 185}
    status, row = await ask(server, ann, "PUT", f"{PATH}/settings", json={"users": [user], "zone_quarters": 8})
    blob = pack_settings([user], zone_quarters=8)
    wanted = {"kind": "settings", "version": 1, "size": len(blob), "sha256": hashlib.sha256(blob).hexdigest()}
    assert (status, row) == (200, wanted)
    assert await server.get(ann, f"{PATH}/desired") == (200, {"blobs": [wanted]})
    assert await ask(server, ann, "GET", f"{PATH}/desired/settings") == (200, blob)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"users": 1},
        {"users": [1]},
        {"users": []},
        {"users": [{"shoe": 43}]},
        {"users": [{"sex": 3}]},
        {"users": [{"sex": "x"}]},
        {"users": [{"goals": [{"kind": "miles"}]}]},
        {"x": 1},
    ]
    + [{"users": [{"slot": value}]} for value in (-1, 8, 256, 1.5, "0", None)]
    + [{"users": [{"name": value}]} for value in (1, "a name of thirteen", ["x"])]
    + [{"users": [{"slot": 0}], "flags": "x"}, {"users": [{"slot": 0}], "zone_quarters": 57}],
)
async def test_settings_that_a_wearable_would_refuse_are_refused(
    server: RunningServer, ann: Person, settings: dict[str, object]
) -> None:
    status, answer = await ask(server, ann, "PUT", f"{PATH}/settings", json=settings)
    assert (status, answer["error"] in ("field", "settings")) == (400, True), answer
    assert await server.get(ann, f"{PATH}/desired") == (200, {"blobs": []})


async def test_a_plan_in_words_becomes_the_blob_that_a_wearable_takes(server: RunningServer, ann: Person) -> None:
    steps = [
        {"kind": "warm-up", "until": "time_s", "amount": 600, "target": "zone", "low": 1, "high": 2},
        {"kind": "work", "until": "distance_m", "amount": 400},
        {"kind": "recovery", "until": "time_s", "amount": 90, "times": 6, "back": 1},
    ]
    plan = {"user": 0, "sport": "running", "name": "6 x 400", "steps": steps}
    status, row = await ask(server, ann, "PUT", f"{PATH}/plan", json={"plans": [plan]})
    assert (status, row["kind"], row["version"]) == (200, "plan", 1)
    _, blob = await ask(server, ann, "GET", f"{PATH}/desired/plan")
    coded = [
        {"kind": 0, "until": 1, "amount": 600, "target": 1, "low": 1, "high": 2},
        {"kind": 1, "until": 2, "amount": 400},
        {"kind": 2, "until": 1, "amount": 90, "times": 6, "back": 1},
    ]
    assert blob == pack_plans([{"user": 0, "sport": 1, "name": "6 x 400", "steps": coded}])
    for wrong in ({"plans": [plan | {"sport": "chess"}]}, {"plans": [plan | {"steps": []}]}, {"plans": [{}]}):
        status, answer = await ask(server, ann, "PUT", f"{PATH}/plan", json=wrong)
        assert (status, answer["error"] in ("field", "plan")) == (400, True), answer


async def test_versions_only_rise_also_over_a_deletion(server: RunningServer, ann: Person) -> None:
    async def put(data: bytes) -> int:
        status, row = await ask(server, ann, "PUT", f"{PATH}/desired/gps-assistance", data=data)
        assert status == 200
        return row["version"]

    assert [await put(data) for data in (b"a", b"a", b"b")] == [1, 1, 2]
    for method in ("PUT", "DELETE"):
        status, answer = await ask(server, ann, method, f"{PATH}/desired/notices", data=b"a")
        assert (status, answer["error"]) == (400, "notices"), "which the server alone makes"
    assert await ask(server, ann, "DELETE", f"{PATH}/desired/gps-assistance") == (204, b"")
    assert (await ask(server, ann, "GET", f"{PATH}/desired/gps-assistance"))[0] == 404
    assert await server.get(ann, f"{PATH}/desired") == (200, {"blobs": []})
    assert await put(b"b") > 2


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("settings", b"no settings", (400, "settings")),
        ("firmware", b"PLFW" + bytes(200), (400, "firmware")),
        ("firmware", b"x", (400, "firmware")),
        ("plan", b"", (400, "field")),
        ("songs", b"x", (404, "not_found")),
    ],
)
async def test_a_blob_that_a_wearable_would_refuse_is_refused(
    server: RunningServer, ann: Person, kind: str, data: bytes, expected: tuple[int, str]
) -> None:
    status, answer = await ask(server, ann, "PUT", f"{PATH}/desired/{kind}", data=data)
    assert (status, answer["error"]) == expected


async def test_a_blob_beyond_what_gateways_keep_is_refused(server: RunningServer, ann: Person) -> None:
    body = io.BytesIO(bytes((1 << 20) + 1))
    status, answer = await ask(server, ann, "PUT", f"{PATH}/desired/plan", data=body)
    assert (status, answer["error"]) == (413, "too_large")


async def test_a_gateway_tells_what_the_wearable_said(server: RunningServer, ann: Person) -> None:
    assert await server.get(ann, f"{PATH}/status") == (200, {"status": None})
    for battery_percent in (80, 79):
        said = STATUS | {"battery_percent": battery_percent}
        assert await ask(server, ann, "PUT", f"{PATH}/status", json=said) == (204, b"")
    status, answer = await server.get(ann, f"{PATH}/status")
    assert status == 200
    told = answer["status"]
    assert (told["battery_percent"], told["backlog_bytes"], told["recording"]) == (79, 904, "recording")
    assert told["heard_at"] == "2025-10-10T12:40:00Z"
    for wrong in ({"fix": 4}, {"epoch": -1}, {"end": True}, {"firmware": "0.1.0.0.0.0.0.0"}, {"recording": None}):
        status, answer = await ask(server, ann, "PUT", f"{PATH}/status", json=STATUS | wrong)
        assert (status, answer["error"]) == (400, "field")


async def test_it_is_the_owners_alone(server: RunningServer, ann: Person, bob: Person) -> None:
    assert (await ask(server, ann, "PUT", f"{PATH}/desired/gps-assistance", data=b"a"))[0] == 200
    requests = [("GET", "/desired"), ("GET", "/desired/gps-assistance"), ("DELETE", "/desired/gps-assistance")]
    requests += [("PUT", "/desired/gps-assistance"), ("GET", "/status")]
    for method, path in requests:
        body = {"data": b"mine"} if method == "PUT" else {}
        assert (await ask(server, bob, method, PATH + path, **body))[0] == 404, path
    assert (await ask(server, bob, "PUT", f"{PATH}/settings", json={"users": [{"slot": 0}]}))[0] == 404
    assert (await ask(server, bob, "PUT", f"{PATH}/status", json=STATUS))[0] == 404
    assert await ask(server, ann, "GET", f"{PATH}/desired/gps-assistance") == (200, b"a")
