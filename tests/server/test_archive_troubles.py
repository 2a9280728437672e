"""An archive that is damaged, forged or cut is refused whole; one that is stopped anywhere goes on from there."""

import asyncio
import hashlib
import json
import re
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from paceline_server.archive_tables.model import taken, told
from paceline_server.archives import store
from paceline_server.archives.checking import check
from paceline_server.archives.manifest import ArchiveError
from paceline_server.archives.model import ARCHIVES as ARCHIVES_TABLE
from paceline_server.archives.model import SENT, TAKEN, ArchiveRead
from paceline_server.archives.staging import staged_file
from paceline_server.archives.store import HANDLER, SUBJECT
from paceline_server.archives.taking import ArchiveTaker
from paceline_server.cli import main
from paceline_server.commands.serving import locked
from paceline_server.events import store as events
from paceline_server.events.model import Turn
from paceline_server.keys import ARCHIVES, DEVICES, WORKER
from paceline_server.platform.auth import COOKIE, form_key_of
from paceline_server.platform.migrate import HEAD
from server.full_archive import Parts, archive_of, parts_of, send_archive, zip_of
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import RunningServer, StandingClock, log_in, make_person, shared_apart
from server.sent_files import gpx, send_file
from sqlalchemy import Connection, Engine, event, insert

GOAL = {"goal_type": "weekly_distance", "target_value": 20000}
Change = Callable[[Parts], None]


@dataclass
class World:
    """A server with somebody's workouts on it, and his archive."""

    server: RunningServer
    data: bytes


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    server = RunningServer(tmp_path_factory.mktemp("world") / "data", StandingClock())
    await server.start()
    ann = await log_in(server, make_person(server, "ann"))
    server.app[DEVICES].claim(ann.owner_id, DEVICE_ID, DEVICE_KEY)
    await server.put(ann, workout(60)[0].data, 0)
    await send_file(server, ann, gpx())
    async with server.http.post("/api/v1/goals", json=GOAL, headers=ann.headers) as response:
        assert response.status == 201
    await server.settled()
    yield World(server, (await archive_of(server, ann))[1])
    await server.stop()


def sealed(parts: Parts, **said: object) -> bytes:
    """Return an archive whose manifest fits its parts, whatever they are."""
    kept = {name: data for name, data in parts.items() if name != "manifest.json"}
    listed = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        | ({"rows": data.count(b"\n")} if name.endswith(".jsonl") else {})
        for name, data in kept.items()
    ]
    manifest = json.loads(parts["manifest.json"]) | {"parts": listed} | said
    return zip_of({**kept, "manifest.json": json.dumps(manifest).encode()})


def row(table: str, **values: object) -> Change:
    """Let the first row of a table be another one; None takes a column away."""

    def change(parts: Parts) -> None:
        first, *others = parts[f"tables/{table}.jsonl"].splitlines()
        made = {name: value for name, value in (json.loads(first) | values).items() if value is not ...}
        parts[f"tables/{table}.jsonl"] = b"\n".join([json.dumps(made).encode(), *others, b""])

    return change


def first(parts: Parts, folder: str) -> str:
    return next(name for name in parts if name.startswith(folder))


def renamed(folder: str, name: str) -> Change:
    return lambda parts: parts.update({name: parts.pop(first(parts, folder))})


def without(folder: str) -> Change:
    def change(parts: Parts) -> None:
        del parts[first(parts, folder)]

    return change


def telemetry(data: bytes) -> Change:
    def change(parts: Parts) -> None:
        name = first(parts, "telemetry/")
        parts[name] = data
        row("activities", activity_id=name[-40:-4], telemetry_sha256=hashlib.sha256(data).hexdigest())(parts)

    return change


FORGED: dict[str, tuple[Change, str]] = {
    "unknown table": (lambda parts: parts.update({"tables/tokens.jsonl": b"{}\n"}), "no table"),
    "another folder": (lambda parts: parts.update({"elsewhere/x": b"x"}), "nothing that an archive"),
    "a path upwards": (renamed("originals/", "originals/../../x"), "cannot be a part"),
    "unknown column": (row("goals", password=1), "has no column password"),
    "no column": (row("goals", title=...), "has no title"),
    "null": (row("goals", metric=None), "must not be null"),
    "no number": (row("goals", target_value="1"), "target_value cannot be 1"),
    "truth as a number": (row("goals", first_weekday=True), "first_weekday"),
    "too large a number": (row("goals", first_weekday=2**31), "first_weekday"),
    "too long": (row("goals", title="x" * 101), "title cannot be"),
    "a day that is none": (row("goals", start_date="2026-02-30"), "cannot be read"),
    "a weekday that is none": (row("goals", later_weekdays="2026-11-30:7"), "cannot be read"),
    "NUL": (row("goals", title="a\0b"), "title cannot be"),
    "no id": (row("goals", goal_id="../x"), "goal_id cannot be"),
    "no base64": (row("devices", journal_key="?"), "journal_key cannot be"),
    "a short key": (row("devices", journal_key="AAAA"), "cannot be read"),
    "a device that is a path": (row("journals", device_id="../../../../x"), "cannot be read"),
    "positions backwards": (row("journals", start_position=9, held_position=3), "cannot be read"),
    "an activity without its detail": (row("activities", detail={}), "cannot be read"),
    "a strange visibility": (row("activities", visibility="everywhere"), "cannot be read"),
    "no JSON": (lambda parts: parts.update({"tables/goals.jsonl": b"{\n"}), "not JSON"),
    "no row": (lambda parts: parts.update({"tables/goals.jsonl": b"[]\n"}), "is no row"),
    "rows of two kinds": (row("activities", title=...), "the same columns"),
    "half a line": (lambda parts: parts.update({"tables/goals.jsonl": b"{}"}), "not the rows"),
    "a journal without a device": (without("tables/devices"), "does not hold it"),
    "a journal without a row": (without("tables/journals"), "not those that its tables name"),
    "a row without its journal": (without("journals/"), "not those that its tables name"),
    "telemetry of nobody": (renamed("telemetry/", f"telemetry/{'0' * 8}-0000-7000-8000-{'0' * 12}.plt"), "no activity"),
    "no telemetry": (telemetry(b"PLT"), "no telemetry"),
    "far too much of it": (telemetry(struct.pack("<4sIB", b"PLT\x01", 2**32 - 1, 0)), "more rows"),
    "other telemetry": (lambda parts: parts.update({first(parts, "telemetry/"): b"x"}), "no"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_is_refused(world: World, tmp_path: Path, name: str) -> None:
    change, says = FORGED[name]
    parts = parts_of(world.data)
    change(parts)
    with pytest.raises(ArchiveError, match=says):
        looked_at(tmp_path, sealed(parts))


def test_what_is_damaged_is_refused(world: World, tmp_path: Path) -> None:
    parts = parts_of(world.data)
    flipped = parts | {"tables/goals.jsonl": parts["tables/goals.jsonl"].replace(b"20000", b"30000")}
    manifest = json.loads(parts["manifest.json"])
    for data, says in (
        (b"", "no whole zip"),
        (world.data[: len(world.data) // 2], "no whole zip"),
        (zip_of({"a.txt": b"a"}), "no manifest"),
        (zip_of(flipped), "damaged"),
        (zip_of(parts | {"tables/goals.jsonl": b""}), "damaged"),
        (zip_of(parts | {"tables/goals.jsonl": parts["tables/goals.jsonl"] * 9}), "larger than it says"),
        (zip_of({name: one for name, one in parts.items() if name != "README.txt"}), "differ"),
        (zip_of(parts | {"manifest.json": b"[]"}), "cannot be read"),
        (sealed(parts, revision="9999"), "renew this server"),
        (sealed(parts, paceline_archive=2), "newer Paceline"),
        (sealed(parts, owner_id="x"), "whose it is"),
        (zip_of(parts | {"manifest.json": json.dumps(manifest | {"parts": manifest["parts"] * 2}).encode()}), "twice"),
    ):
        with pytest.raises(ArchiveError, match=says):
            looked_at(tmp_path, data)
    assert looked_at(tmp_path, world.data).manifest.revision == HEAD
    assert looked_at(tmp_path, sealed(parts)).manifest.revision == HEAD


def test_no_table_that_comes_again_has_a_column_that_sounds_secret() -> None:
    words = re.compile("hash|secret|sealed|token|password|private")
    found = [f"{table.name}.{field.name}" for table in taken() for field in table.fields if words.search(field.name)]
    assert found == [], "name it in archive_tables/model.py as secret, or only told"
    assert {table.name for table in told()} >= {"passkeys", "users", "email_addresses"}


def looked_at(folder: Path, data: bytes) -> Any:
    file = folder / "archive.zip"
    file.write_bytes(data)
    return check(str(file), HEAD)


class Stopper:
    """Lets the database fail at the nth row that is put in, as a disk that is full does."""

    def __init__(self) -> None:
        self.left = 0
        event.listen(Engine, "before_cursor_execute", self._before)

    def _before(self, _connection: object, _cursor: object, sql: str, *_others: object) -> None:
        if sql.startswith("INSERT") and self.left:
            self.left -= 1
            if not self.left:
                raise OSError("the disk is full")

    def end(self) -> None:
        """Fail no more."""
        event.remove(Engine, "before_cursor_execute", self._before)


async def test_stopped_anywhere_it_goes_on_and_nothing_is_lost_or_doubled(world: World) -> None:
    server = world.server
    bob = await log_in(server, make_person(server, "bob"))
    places = server.app[ARCHIVES].places
    taker = ArchiveTaker(places, shared_apart(), server.clock)
    coming = ArchiveRead(bob.owner_id, SENT, "00")
    staged_file(places.folder, coming).write_bytes(world.data)
    # Without its event: the server's own worker must leave it alone.
    places.database.write_now(lambda each: each.execute(insert(ARCHIVES_TABLE).values(asdict(coming))))
    stopper, step = Stopper(), 0
    try:
        for step in range(1, 30):
            stopper.left = step
            try:
                await asyncio.to_thread(taker.process, bob.owner_id)
            except OSError:
                continue
            break
        assert 5 < step < 29
    finally:
        stopper.end()
    found = places.database.read_now(store.get, bob.owner_id)
    assert found is not None and found.state == TAKEN
    assert not staged_file(places.folder, coming).exists()
    await server.settled()
    parts, before = parts_of((await archive_of(server, bob))[1]), parts_of(world.data)
    for name, data in before.items():
        if name.startswith("tables/"):
            assert parts[name].count(b"\n") == data.count(b"\n"), name
    assert sum(not name.startswith("told/") for name in parts) == sum(not name.startswith("told/") for name in before)


async def test_one_whose_file_is_lost_midway_says_so_and_goes_on_when_it_is_sent_again(world: World) -> None:
    server = world.server
    carol = await log_in(server, make_person(server, "carol"))
    places = server.app[ARCHIVES].places
    taker, stopper = ArchiveTaker(places, shared_apart(), server.clock), Stopper()
    coming = ArchiveRead(carol.owner_id, SENT, "01")
    staged_file(places.folder, coming).write_bytes(world.data)
    places.database.write_now(lambda each: each.execute(insert(ARCHIVES_TABLE).values(asdict(coming))))
    stopper.left = 6
    try:
        with pytest.raises(OSError):
            await asyncio.to_thread(taker.process, carol.owner_id)
    finally:
        stopper.end()
    staged_file(places.folder, coming).unlink()
    await asyncio.to_thread(taker.process, carol.owner_id)
    _, found = await server.get(carol, "/archive")
    assert found["state"] == "refused" and "rows are here: sent again, it goes on" in found["reason"]
    found = await send_archive(server, carol, world.data)
    assert found["state"] == "taken" and found["taken_rows"] == found["total_rows"]
    parts, before = parts_of((await archive_of(server, carol))[1]), parts_of(world.data)
    tables = [name for name in before if name.startswith("tables/")]
    assert {name: parts[name].count(b"\n") for name in tables} == {name: before[name].count(b"\n") for name in tables}


async def test_one_that_cannot_be_read_for_good_ends_as_failed_and_another_may_come(world: World) -> None:
    server = world.server
    fred = await log_in(server, make_person(server, "fred"))
    places, turn = server.app[ARCHIVES].places, Turn(fred.owner_id, HANDLER, SUBJECT)
    coming = ArchiveRead(fred.owner_id, SENT, "01")
    staged_file(places.folder, coming).write_bytes(b"what the disk cannot read any more")

    def give_up(connection: Connection) -> None:
        connection.execute(insert(ARCHIVES_TABLE).values(asdict(coming)))
        events.add(connection, [turn], server.clock(), delay_s=1e6)
        claimed = events.claim(connection, turn)
        assert claimed is not None and store.seen(connection, fred.owner_id) == coming
        events.failed(connection, claimed.event_ids, 12, server.clock(), "OSError: …", dead=True)

    places.database.write_now(give_up)
    _, found = await server.get(fred, "/archive")
    assert found["state"] == "refused" and "has given up. Send it again." in found["reason"]
    found = await send_archive(server, fred, world.data)
    assert found["state"] == "taken" and found["reason"] == ""
    assert not await places.database.read(events.has_failed, turn)
    assert not staged_file(places.folder, coming).exists()


async def test_a_person_sends_one_by_the_page(world: World) -> None:
    server = world.server
    carl = await log_in(server, make_person(server, "carl"))
    url, headers = "/account/archive", {"Cookie": f"{COOKIE}={carl.token}"}
    for key, data, status, says in (
        ("", b"x", 403, ""),
        (form_key_of(carl.token), b"", 400, "Choose the file"),
        (form_key_of(carl.token), b"no zip", 200, "The file is no whole zip."),
        (form_key_of(carl.token), world.data, 200, "All that is in it is in your account now."),
    ):
        form = FormData()
        form.add_field("form_key", key)
        if data:
            form.add_field("file", data, filename="paceline.zip")
        else:
            form.add_field("other", "x")
        async with server.http.post(url, data=form, headers=headers, allow_redirects=False) as response:
            assert response.status == (303 if status == 200 else status), await response.text()
            text = await response.text()
        await server.settled()
        if status == 200:
            async with server.http.get(url, headers=headers) as response:
                text = await response.text()
        assert says in text


async def test_commands_write_one_and_send_one(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = world.server
    dora = await log_in(server, make_person(server, "dora"))
    where, file = ["--data", str(server.data)], str(tmp_path / "ann.zip")
    assert await asyncio.to_thread(main, ["archive", *where, "ann", file]) == 0
    assert await asyncio.to_thread(main, ["archive", *where, "ann", file]) == 1  # it is there already
    assert same_tables(parts_of(await asyncio.to_thread(Path(file).read_bytes)), parts_of(world.data))
    with locked(server.data, alone=True):  # as a server that runs holds it
        assert await asyncio.to_thread(main, ["take", *where, "dora", file]) == 0
    assert "the server that runs works them off" in capsys.readouterr().out
    server.app[WORKER].notify()
    await server.settled()
    assert (await server.get(dora, "/archive"))[1]["state"] == "taken"
    assert [path.name for path in server.data.iterdir() if path.name.startswith(".archive-")] == []


def same_tables(one: Parts, other: Parts) -> bool:
    names = [name for name in other if name.startswith("tables/")]
    return all(one[name] == other[name] for name in names)
