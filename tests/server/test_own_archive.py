"""An archive holds everything, a server reads it again to the same state, and other programs open it."""

import io
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fitdecode
import pytest
from paceline_server.archives import store
from paceline_server.archives.model import TAKING
from paceline_server.archives.staging import staged_file
from paceline_server.keys import DEVICES
from paceline_server.platform.database import Database
from paceline_server.telemetry import unpack_columns
from server.full_archive import Parts, archive_of, parts_of, send_archive
from server.full_run import full_run
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import Person, RunningServer, StandingClock, log_in, make_person
from server.sent_files import gpx, send_file

NOT_THE_SAME = ("told/", "manifest.json")
POINT = "{http://www.topografix.com/GPX/1/1}trkpt"


@dataclass
class Full:
    """A server on which somebody has everything, and her archive."""

    server: RunningServer
    person: Person
    data: bytes

    @property
    def parts(self) -> Parts:
        """What is in it."""
        return parts_of(self.data)


@pytest.fixture(scope="module")
async def first_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("first") / "data", StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
async def full(first_server: RunningServer) -> Full:
    ann = make_person(first_server, "ann")
    first_server.app[DEVICES].claim(ann.owner_id, DEVICE_ID, DEVICE_KEY)
    await full_run(first_server, ann)
    session = await log_in(first_server, ann)
    await first_server.put(ann, workout()[0].data, 0)
    await send_file(first_server, session, gpx(day=3))
    await first_server.settled()
    status, data = await archive_of(first_server, session)
    assert status == 200
    return Full(first_server, session, data)


@pytest.fixture
async def other(tmp_path: Path, database_url: str) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path / "data", StandingClock(), database_url)
    await running.start()
    yield running
    await running.stop()


def same(parts: Parts) -> Parts:
    """Return what must be the same on whichever server."""
    return {name: data for name, data in parts.items() if not name.startswith(NOT_THE_SAME)}


def killed_while_it_takes(server: RunningServer, person: Person, data: bytes) -> str:
    """Send an archive to a server that does not run; return its state after a process was killed over it."""
    with Database(server.config.url) as database:
        found = database.write_now(store.sent, person.owner_id, "ab" * 8, server.clock.now_s)
        staged_file(server.data, found).write_bytes(data)
        command = (sys.executable, "-m", "server.archive_crash", server.data, server.config.url, person.owner_id, "40")
        died = subprocess.run(command, check=False, cwd=Path(__file__).parents[1], timeout=120)
        assert died.returncode == -signal.SIGKILL
        held = database.read_now(store.get, person.owner_id)
        assert held is not None and 0 < held.taken_rows < held.total_rows
        return held.state


def rows(parts: Parts, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in parts.get(f"tables/{table}.jsonl", b"").splitlines()]


async def shown(server: RunningServer, person: Person) -> list[Any]:
    """Return what a user is shown of his workouts, days, goals and gear."""
    own = f"/users/{person.owner_id}"
    paths = ("activities", "activities/deleted", "stats", "goals", "gear", "profile", "daily-rules", "usual-gear")
    found = [await server.get(person, f"{own}/{path}") for path in paths]
    found.append(await server.get(person, f"{own}/daily?from=2025-10-01&to=2025-10-31"))
    found += [
        await server.get(person, f"/activities/{one['activity_id']}/streams") for one in found[0][1]["activities"]
    ]
    return json.loads(json.dumps(found).replace(person.owner_id, "me"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # what it is from is on SQLite
async def test_another_server_reads_it_to_the_same_state_though_it_is_killed(full: Full, other: RunningServer) -> None:
    eve = await log_in(other, make_person(other, "eve"))
    other.clock.now_s = full.server.clock.now_s
    await other.stop()
    assert killed_while_it_takes(other, eve, full.data) == TAKING
    await other.start()
    await other.settled()
    _, found = await other.get(eve, "/archive")
    assert (found["state"], found["new_ids"]) == ("taken", False), found
    assert found["taken_rows"] == found["total_rows"] > 30
    _, again = await archive_of(other, eve)
    first, second = same(full.parts), same(parts_of(again))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert await shown(other, eve) == await shown(full.server, full.person)
    # The same once more changes nothing; nor does another one, as the account is not empty.
    assert (await send_archive(other, eve, full.data))["state"] == "taken"
    refused = await send_archive(other, eve, again)
    assert refused["state"] == "refused" and "empty" in refused["reason"]
    assert same(parts_of((await archive_of(other, eve))[1])) == first
    # The wearable's key stayed where it was: who has the wearable claims it.
    for key, status in (("ab" * 32, 409), (DEVICE_KEY.hex(), 201)):
        claim = {"device_id": DEVICE_ID, "device_key": key}
        async with other.http.post("/api/v1/devices", json=claim, headers=eve.headers) as response:
            assert response.status == status
    assert [path.name for path in other.data.iterdir() if path.name.startswith(".")] == []


async def test_another_account_gets_new_ids_and_the_first_one_keeps_its_own(full: Full) -> None:
    before = await shown(full.server, full.person)
    bob = await log_in(full.server, make_person(full.server, "bob"))
    found = await send_archive(full.server, bob, full.data)
    assert (found["state"], found["new_ids"]) == ("taken", True), found
    parts = parts_of((await archive_of(full.server, bob))[1])
    hers, his = rows(full.parts, "activities"), rows(parts, "activities")
    assert not {one["activity_id"] for one in hers} & {one["activity_id"] for one in his}
    sums = [sorted(one["telemetry_sha256"] for one in found) for found in (hers, his)]
    assert sums[0] == sums[1]
    for table in ("gear_choices", "uploads", "upload_parts"):
        known = {one["activity_id"] for name in ("activities", "activity_tombstones") for one in rows(parts, name)}
        assert {one["activity_id"] for one in rows(parts, table)} <= known, table
        assert len(rows(parts, table)) == len(rows(full.parts, table))
    for one in his:
        assert (await full.server.get(bob, f"/activities/{one['activity_id']}/streams"))[0] == 200
    assert await shown(full.server, full.person) == before
    # Whose slot it was is of this server: nothing that comes here of his archive is another's.
    people = {one["person_id"] for one in rows(full.parts, "wrist_slots")}
    assert people and not people & {one["person_id"] for one in rows(parts, "wrist_slots")}


def test_other_programs_open_it(full: Full) -> None:
    parts = full.parts
    manifest = json.loads(parts["manifest.json"])
    assert {part["name"] for part in manifest["parts"]} == parts.keys() - {"manifest.json"}
    for part in manifest["parts"]:
        assert part["size"] == len(parts[part["name"]])
        if part["rows"] is not None:
            assert len([json.loads(line) for line in parts[part["name"]].splitlines()]) == part["rows"]
    told = {one["activity_id"]: one for one in rows(parts, "activities")}
    read = 0
    for name, data in parts.items():
        if name.endswith(".fit"):
            telemetry = unpack_columns(parts[f"telemetry/{name[-40:-4]}.plt"], ("time_s",))
            with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as reader:
                frames = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
            assert sum(frame.name == "record" for frame in frames) == len(telemetry["time_s"])
            (session,) = (frame for frame in frames if frame.name == "session")
            assert session.get_value("total_distance") == pytest.approx(told[name[-40:-4]]["distance_m"], abs=1)
            read += 1
        if name.endswith(".gpx"):
            points = ElementTree.fromstring(data).findall(f".//{POINT}")
            assert points and all(-90 <= float(point.attrib["lat"]) <= 90 for point in points)
    assert read == len(told) >= 2


def test_nothing_in_it_is_secret_or_anothers(full: Full) -> None:
    whole = b"".join(full.parts.values())
    for secret in (b"argon2", b"token_hash", b"password_hash", b"device_key", DEVICE_KEY.hex().encode()):
        assert secret not in whole, secret
    assert full.person.owner_id.encode() not in b"".join(
        data for name, data in full.parts.items() if name.startswith("tables/")
    )
    assert {
        "told/users.jsonl",
        "told/tokens.jsonl",
        "told/passkeys.jsonl",
        "told/households.jsonl",
    } <= full.parts.keys()
    assert full.parts[f"journals/{DEVICE_ID}/{rows(full.parts, 'journals')[0]['epoch']:08x}.journal"][:2] == b"PJ"


async def test_four_an_hour(first_server: RunningServer) -> None:
    person = await log_in(first_server, make_person(first_server, "carl"))
    answers = [(await archive_of(first_server, person))[0] for _ in range(5)]
    assert answers == [200] * 4 + [429]
    assert [path.name for path in first_server.data.iterdir() if path.name.startswith(".")] == []
