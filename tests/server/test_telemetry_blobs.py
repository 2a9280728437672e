"""Telemetry in a folder and in a bucket: it heals, is collected, backed up, restored, exported and forgotten."""

import asyncio
import io
import os
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paceline_server.activities.telemetry_left import LOOK_AFTER_S, YOUNG_S, telemetry_place
from paceline_server.backstage import make_backstage
from paceline_server.cli import main
from paceline_server.events.backfill import backfill
from paceline_server.events.model import Turn
from paceline_server.keys import DATABASE, WORKER
from paceline_server.platform.blobs import Blobs, blob_key, open_blobs, sum_of
from paceline_server.tombstones.store import RESTORABLE_S
from server.bucket import running_bucket, surroundings
from server.journal_builder import workout
from server.running_server import PASSWORD, Person, RunningServer, shared_apart
from server.statements import Statements

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with running_bucket() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
async def stored(
    request: pytest.FixtureRequest,
    server: RunningServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    statements: Statements,
) -> AsyncIterator[RunningServer]:
    """A server over each kind of store."""
    if request.param == "bucket":
        for name, value in surroundings(request.getfixturevalue("bucket")).items():
            monkeypatch.setenv(name, value)
        await server.stop()
        server.config = replace(server.config, blob_url=f"s3://blobs/{tmp_path.name}")
        await server.start()
    yield server
    statements.take_faults()  # backups read tables whole


def blobs_of(server: RunningServer) -> Blobs:
    return open_blobs(server.config.blobs, server.config.blob_url)


def run(server: RunningServer, *arguments: str) -> int:
    """Run a command over the server's data."""
    config = server.config
    more = ["--blob-url", config.blob_url] if config.blob_url else []
    return main([*arguments, "--data", str(config.data), *more])


async def streams(server: RunningServer, person: Person) -> tuple[int, dict[str, Any]]:
    _, answer = await server.get(person, f"/users/{person.owner_id}/activities")
    (activity,) = answer["activities"]
    return await server.get(person, f"/activities/{activity['activity_id']}/streams")


async def uploaded(server: RunningServer, person: Person, count: int = 300) -> str:
    """Upload a workout; return the key of its telemetry."""
    await server.put(person, workout(count)[0].data, 0)
    await server.settled()
    (key,) = blobs_of(server).keys("telemetry/")
    return key


async def test_damaged_or_missing_telemetry_is_one_error_and_then_made_anew(stored: RunningServer, ann: Person) -> None:
    key, blobs = await uploaded(stored, ann), blobs_of(stored)
    whole = (await streams(stored, ann))[1]
    data = blobs.raw(key)
    assert data is not None and sum_of(key)
    for harm in (lambda: blobs.put_raw(key, data[:-1] + b"!"), lambda: blobs.delete(key)):
        harm()
        status, answer = await streams(stored, ann)
        assert (status, answer["error"]) == (503, "telemetry_damaged")
        await stored.settled()
        assert await streams(stored, ann) == (200, whole)
        assert blobs.raw(key) == data


async def test_a_workout_that_grows_leaves_one_version_and_readers_meet_none_half(
    stored: RunningServer, ann: Person
) -> None:
    data = workout(300)[0].data
    for cut in (1000, 2000, len(data)):
        await stored.put(ann, data[:cut], 0)
        await stored.settled()
        assert (await streams(stored, ann))[0] == 200
        assert len(blobs_of(stored).keys("telemetry/")) == 1


async def test_what_an_older_program_wrote_is_read_and_moves_when_it_is_made_anew(
    stored: RunningServer, ann: Person
) -> None:
    key, blobs, database = await uploaded(stored, ann), blobs_of(stored), stored.app[DATABASE]
    whole, data = (await streams(stored, ann))[1], blobs.raw(key)
    old = key.removesuffix(f".{sum_of(key)}")
    assert data is not None
    blobs.put_raw(old, data)
    blobs.delete(key)
    await database.write(lambda each: each.exec_driver_sql("UPDATE activities SET telemetry_sha256 = ''"))
    assert await streams(stored, ann) == (200, whole)
    await stored.stop()
    assert await asyncio.to_thread(run, stored, "rebuild") == 0
    assert blobs.keys("telemetry/") == [key]
    await stored.start()
    assert await streams(stored, ann) == (200, whole)


async def test_a_put_whose_row_is_yet_to_come_is_not_collected_and_an_old_one_is(
    stored: RunningServer, ann: Person
) -> None:
    key, blobs, database = await uploaded(stored, ann), blobs_of(stored), stored.app[DATABASE]
    place = telemetry_place(ann.owner_id, "0199c000-0000-7000-8000-0000000000ac")
    coming = blob_key(place, blobs.put(place, b"coming"))
    now = [time.time()]
    stage = make_backstage(stored.config, database, lambda: now[0], os.urandom, shared_apart())

    def collect() -> None:
        assert backfill(database, stage.backfills, ["telemetry"], 0.0) == 1
        stage.runs["telemetry"](Turn(ann.owner_id, "telemetry", f"?{coming}"), database.write_now)

    await asyncio.to_thread(collect)
    assert blobs.keys("telemetry/") == sorted([key, coming])
    now[0] += YOUNG_S + 60
    await asyncio.to_thread(collect)
    assert blobs.keys("telemetry/") == [key]
    stored.clock.now_s += LOOK_AFTER_S * 2
    stored.app[WORKER].notify()
    await stored.settled()
    assert blobs.keys("telemetry/") == [key]


async def test_a_deleted_activity_takes_every_version_along(stored: RunningServer, ann: Person) -> None:
    key, blobs = await uploaded(stored, ann), blobs_of(stored)
    blobs.put(key.removesuffix(f".{sum_of(key)}"), b"left by a crash")
    _, answer = await stored.get(ann, f"/users/{ann.owner_id}/activities")
    url = f"/api/v1/activities/{answer['activities'][0]['activity_id']}"
    async with stored.http.delete(url, headers=ann.headers) as response:
        assert response.status == 204
    stored.clock.now_s += RESTORABLE_S + 60
    await stored.settled()
    assert blobs.keys("telemetry/") == []


async def test_the_export_and_the_doctor_read_either_store(
    stored: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    key, blobs = await uploaded(stored, ann), blobs_of(stored)
    async with stored.http.post("/api/v1/auth/login", json={"username": "ann", "password": PASSWORD}) as response:
        headers = {"Authorization": f"Bearer {(await response.json())['access_token']}"}
    async with stored.http.get(f"/api/v1/users/{ann.owner_id}/export", headers=headers) as response:
        names = zipfile.ZipFile(io.BytesIO(await response.read())).namelist()
    assert [name for name in names if name.startswith("telemetry/")]
    stored.data.chmod(0o700)
    await asyncio.to_thread(run, stored, "doctor")
    assert "every activity has its telemetry, unharmed" in capsys.readouterr().out
    blobs.put_raw(key, b"harmed")
    await asyncio.to_thread(run, stored, "doctor")
    assert "1 activities whose telemetry is damaged or missing" in capsys.readouterr().out


@pytest.mark.parametrize("into", ["folder", "bucket"])
async def test_a_backup_of_either_store_restores_into_either(
    stored: RunningServer,
    ann: Person,
    tmp_path: Path,
    into: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key = await uploaded(stored, ann)
    whole = (await streams(stored, ann))[1]
    data = blobs_of(stored).raw(key)
    for name, value in surroundings(request.getfixturevalue("bucket")).items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(run, stored, "backup", str(tmp_path / "backup")) == 0
    await stored.stop()
    url = f"s3://blobs/restored-{tmp_path.name}" if into == "bucket" else None
    (tmp_path / "restored").mkdir()
    stored.config = replace(stored.config, data=tmp_path / "restored", database_url=None, blob_url=url)
    assert await asyncio.to_thread(run, stored, "restore", str(tmp_path / "backup")) == 0
    await stored.start()
    assert blobs_of(stored).raw(key) == data
    assert await streams(stored, ann) == (200, whole)


async def test_while_the_bucket_is_down_uploads_are_taken_and_worked_off_later(
    server: RunningServer, ann: Person, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in surroundings("http://127.0.0.1:9").items():  # the discard port: nobody listens
        monkeypatch.setenv(name, value)
    await server.stop()
    server.config = replace(server.config, blob_url=f"s3://blobs/{tmp_path.name}")
    await server.start()
    assert (await server.put(ann, workout(300)[0].data, 0))[0] == 200
    while not server.app[WORKER].failures:  # noqa: ASYNC110 (what the worker counts)
        await asyncio.sleep(0.01)
    assert (await server.get(ann, f"/users/{ann.owner_id}/activities"))[1]["activities"] == []
    await server.stop()
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket)
    await server.start()
    server.clock.now_s += 3600
    server.app[WORKER].notify()
    await server.settled()
    whole = await streams(server, ann)
    assert whole[0] == 200
    await server.stop()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    await server.start()
    status, answer = await streams(server, ann)
    assert (status, answer["error"]) == (503, "storage")
    assert (await server.get(ann, f"/users/{ann.owner_id}/activities"))[0] == 200
