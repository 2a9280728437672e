"""All own data in one archive: everything that was put in, nothing secret, nothing of others."""

import io
import json
import zipfile

import pytest
from paceline_server.keys import DEVICES
from server.full_run import full_run
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import PASSWORD, Person, RunningServer, make_person


async def log_in(server: RunningServer, name: str) -> Person:
    async with server.http.post("/api/v1/auth/login", json={"username": name, "password": PASSWORD}) as response:
        answer = await response.json()
        return Person(answer["user_id"], answer["access_token"])


async def export(server: RunningServer, person: Person) -> tuple[int, bytes]:
    url = f"/api/v1/users/{person.owner_id}/export"
    async with server.http.get(url, headers=person.headers) as response:
        return response.status, await response.read()


async def test_everything_is_in_it_and_nothing_secret(server: RunningServer, ann: Person) -> None:
    bob = make_person(server, "bob")
    server.app[DEVICES].claim(bob.owner_id, "ab" * 8, bytes(32))
    data = workout()[0].data
    await server.put(ann, data, 0)
    (activity,) = await server.activities(ann)
    _, streams = await server.get(ann, f"/activities/{activity['activity_id']}/streams")
    session = await log_in(server, "ann")
    status, archive = await export(server, session)
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        names = set(found.namelist())
        texts = {name: found.read(name) for name in names}
    assert texts[f"journals/{DEVICE_ID}/{EPOCH:08x}.journal"] == data
    rows = texts[f"telemetry/{activity['activity_id']}.csv"].decode().splitlines()
    assert rows[0].startswith("time_s,") and len(rows) == len(streams["time_s"]) + 1
    (kept,) = json.loads(texts["tables/activities.json"])
    assert (
        kept["distance_m"] == pytest.approx(activity["distance_m"]) and kept["activity_id"] == activity["activity_id"]
    )
    (device,) = json.loads(texts["tables/devices.json"])
    assert device["device_id"] == DEVICE_ID and "device_key" not in device
    everything = b"".join(texts.values())
    assert b"argon2" not in everything and b"token_hash" not in everything
    assert bob.owner_id.encode() not in everything and b"ab" * 8 not in everything
    assert {"README.txt", "tables/users.json", "tables/tokens.json", "tables/journals.json"} <= names


async def test_what_every_domain_keeps_can_be_taken_along_four_times_an_hour(
    server: RunningServer, ann: Person
) -> None:
    await full_run(server, ann)
    session = await log_in(server, "ann")
    answers = [await export(server, session) for _ in range(5)]
    assert [status for status, _ in answers] == [200] * 4 + [429]
    with zipfile.ZipFile(io.BytesIO(answers[0][1])) as found:
        names = set(found.namelist())
    assert {f"tables/{name}.json" for name in ("profiles", "body_values", "desired_blobs", "device_status")} <= names
    assert [path.name for path in server.data.iterdir() if path.name.startswith(".export")] == []
