"""A wearable has a name, is revoked when it is stolen, and is passed on; what it recorded stays with whom it was."""

import asyncio

import pytest
from paceline_server.backstage import make_backstage
from paceline_server.events.backfill import backfill
from paceline_server.keys import DATABASE, WORKER
from server.journal_builder import DEVICE_ID, DEVICE_KEY, EPOCH, workout
from server.running_server import Person, RunningServer, shared_apart

DEVICE = f"/api/v1/devices/{DEVICE_ID}"
STATUS = {"epoch": 1, "end": 0, "confirmed": 0, "battery_percent": 0, "battery_millivolt": 0, "recording": 0} | {
    "fix": 0,
    "user": 0,
    "settings_version": 0,
    "plan_version": 0,
    "assistance_version": 0,
    "firmware": "0.1.0",
}


async def ask(
    server: RunningServer, person: Person, method: str, url: str, body: object = None
) -> tuple[int, dict[str, object]]:
    async with server.http.request(method, url, json=body, headers=person.headers) as response:
        return response.status, await response.json() if response.status != 204 else {}


async def claim(server: RunningServer, person: Person, key: bytes = DEVICE_KEY) -> int:
    body = {"device_id": DEVICE_ID, "device_key": key.hex()}
    return (await ask(server, person, "POST", "/api/v1/devices", body))[0]


async def devices(server: RunningServer, person: Person) -> list[dict[str, object]]:
    return (await server.get(person, f"/users/{person.owner_id}/devices"))[1]["devices"]


async def test_a_wearable_is_named(server: RunningServer, ann: Person, bob: Person) -> None:
    assert (await ask(server, ann, "PATCH", DEVICE, {"name": "  Ann's \n bike "}))[1]["name"] == "Ann's bike"
    (device,) = await devices(server, ann)
    assert device["name"] == "Ann's bike" and device["revoked"] is False
    assert (await ask(server, ann, "PATCH", DEVICE, {}))[1] == device
    assert (await ask(server, bob, "PATCH", DEVICE, {"name": "mine"}))[0] == 404
    assert (await ask(server, ann, "PATCH", DEVICE, {"name": "x" * 41}))[0] == 400
    assert (await ask(server, ann, "PATCH", DEVICE, {"owner_id": bob.owner_id}))[0] == 400


async def test_of_a_revoked_wearable_nothing_is_taken_and_nobody_claims_it(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    data = workout(600)[0].data
    assert (await server.put(ann, data[:3000], 0))[0] == 200
    before = await server.activities(ann)
    assert (await ask(server, ann, "PATCH", DEVICE, {"revoked": True}))[1]["revoked"] is True
    refused = (403, "device_revoked")
    status, answer = await server.put(ann, data, 0)
    assert (status, answer["error"]) == refused
    for method, path, body in (
        ("GET", f"/journal/{EPOCH}", None),
        ("GET", "/desired", None),
        ("PUT", "/status", STATUS),
    ):
        status, answer = await ask(server, ann, method, DEVICE + path, body)
        assert (status, answer["error"]) == refused
    assert (await ask(server, ann, "DELETE", DEVICE))[0] == 403
    assert await claim(server, bob) == 409
    assert await server.activities(ann) == before and len(before) == 1
    assert (await ask(server, ann, "PATCH", DEVICE, {"revoked": False}))[0] == 200
    assert (await server.put(ann, data, 0))[0] == 200


async def test_a_wearable_that_is_passed_on_leaves_what_it_recorded(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    data = workout(600)[0].data
    await server.put(ann, data, 0)
    before = await server.activities(ann)
    assert await claim(server, bob) == 409
    assert (await ask(server, bob, "DELETE", DEVICE))[0] == 404
    assert (await ask(server, ann, "DELETE", DEVICE))[0] == 204
    assert await devices(server, ann) == [] and (await server.put(ann, data, 0))[0] == 404
    assert await claim(server, bob) == 201
    assert await claim(server, ann) == 409
    other = workout(300, seed=2)[0].data
    assert (await server.put(bob, other, 0))[0] == 200
    assert await server.activities(ann) == before and len(await server.activities(bob)) == 1
    # Ann's journal is still read with the key, and Bob's stays his when Ann goes.
    stage = make_backstage(server.config, server.app[DATABASE], server.clock, bytes, shared_apart())
    assert await asyncio.to_thread(backfill, server.app[DATABASE], stage.backfills, ["journals"], 0.0) == 2
    server.app[WORKER].notify()
    assert await server.activities(ann) == before
    async with server.http.post(
        "/api/v1/auth/login", json={"username": "ann", "password": "correct horse battery"}
    ) as response:
        session = Person(ann.owner_id, (await response.json())["access_token"])
    leave = {"password": "correct horse battery"}
    assert (await ask(server, session, "DELETE", f"/api/v1/users/{ann.owner_id}", leave))[0] == 204
    await server.settled()
    assert (await server.put(bob, other, 0))[0] == 200 and len(await devices(server, bob)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_former_owner_takes_it_back_with_the_same_key_alone(server: RunningServer, ann: Person) -> None:
    assert (await ask(server, ann, "DELETE", DEVICE))[0] == 204
    assert await claim(server, ann, bytes(32)) == 409
    assert await claim(server, ann) == 201
    assert await claim(server, ann) == 200
    assert (await server.put(ann, workout(300)[0].data, 0))[0] == 200
