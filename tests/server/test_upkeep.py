"""Looking after a server: rebuild gives the same values, a backup restores to the same on either engine, the doctor."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paceline_protocol.records import DAY
from paceline_server.activities.model import ACTIVITIES
from paceline_server.cli import main
from paceline_server.commands.serving import locked
from paceline_server.daily.model import DAILY_PARTS
from paceline_server.device_events.model import DEVICE_EVENTS
from paceline_server.events import store as events
from paceline_server.events.declared import JOURNAL_GREW
from paceline_server.platform.database import Database
from paceline_server.platform.paging import Page
from paceline_server.platform.schema import METADATA
from server.journal_builder import DEVICE_ID, EPOCH, START_UTC_S, workout
from server.postgres import empty_database
from server.running_server import Person, RunningServer
from server.statements import Statements
from sqlalchemy import Connection, Table, delete, select, update

DERIVED = (ACTIVITIES, DAILY_PARTS, DEVICE_EVENTS)


@pytest.fixture(autouse=True)
def whole_tables(statements: Statements) -> Iterator[None]:
    """Backups and these tests read tables whole."""
    yield
    statements.take_faults()


def rows(url: str, tables: tuple[Table, ...], leave: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Return what tables hold, without some columns."""

    def read(connection: Connection) -> dict[str, list[str]]:
        return {
            table.name: sorted(
                str({name: value for name, value in row.items() if name not in leave})
                for row in connection.execute(select(table)).mappings()
            )
            for table in tables
        }

    with Database(url) as database:
        return database.read_now(read)


def run(server: RunningServer, *arguments: str) -> int:
    """Run a command over the server's data."""
    return main([*arguments, "--data", str(server.data), "--database-url", server.config.url])


async def filled(server: RunningServer, person: Person) -> bytes:
    """Upload a workout and a day."""
    journal = workout(600)[0]
    journal.record(DAY, 700, START_UTC_S + 700, 800, 40, 55, 0, 15, 10, 15)
    await server.put(person, journal.data, 0)
    await server.settled()
    return journal.data


async def test_derived_data_that_was_dropped_or_spoilt_is_rebuilt_to_the_same_values(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(server, ann)
    await server.stop()
    before = rows(server.config.url, DERIVED, frozenset({"updated_at_s", "revision"}))
    blobs = {path: path.read_bytes() for path in server.config.blobs.rglob("*") if path.is_file()}

    def spoil(connection: Connection) -> None:
        connection.execute(update(ACTIVITIES).values(distance_m=1.0, points_count=3))
        connection.execute(update(DAILY_PARTS).values(records=b""))
        connection.execute(delete(DEVICE_EVENTS))

    with Database(server.config.url) as database:
        database.write_now(spoil)
    for path in blobs:
        path.unlink()
    assert await asyncio.to_thread(run, server, "rebuild") == 0
    assert "1 journals, uploads and files are read anew\ndone" in capsys.readouterr().out
    assert rows(server.config.url, DERIVED, frozenset({"updated_at_s", "revision"})) == before
    assert {path: path.read_bytes() for path in blobs} == blobs
    await server.start()


async def test_a_running_server_does_the_rebuild_itself(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(server, ann)
    with locked(server.data, alone=server.config.one_process):
        assert await asyncio.to_thread(run, server, "rebuild") == 0
    assert "the server that runs works them off" in capsys.readouterr().out
    await server.settled()
    assert rows(server.config.url, DERIVED)["daily_parts"]


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
async def test_a_backup_of_a_running_server_is_restored_to_either_engine(
    server: RunningServer, ann: Person, tmp_path: Path, into: str, request: pytest.FixtureRequest
) -> None:
    data = await filled(server, ann)
    more = workout(900)[0].data
    assert more[: len(data)] != data
    backup = tmp_path / "backup"
    assert await asyncio.to_thread(run, server, "backup", str(backup)) == 0
    before = rows(server.config.url, tuple(METADATA.sorted_tables), frozenset({"event_id"}))
    await server.stop()
    restored = tmp_path / "restored"
    if into == "sqlite":
        await into_server(server, ann, f"sqlite:///{restored / 'paceline.sqlite3'}", restored, backup, before)
    else:
        with empty_database(request.getfixturevalue("postgres")) as url:
            await into_server(server, ann, url, restored, backup, before)
    await server.start()


async def into_server(
    server: RunningServer, person: Person, url: str, data: Path, backup: Path, before: dict[str, Any]
) -> None:
    """Restore and serve."""
    command = ["restore", str(backup), "--data", str(data), "--database-url", url]
    assert await asyncio.to_thread(main, command) == 0
    assert rows(url, tuple(METADATA.sorted_tables), frozenset({"event_id"})) == before
    assert await asyncio.to_thread(main, command) == 1  # it is not empty any more
    restored = RunningServer(data, server.clock, url)
    await restored.start()
    (activity,) = await restored.activities(person)
    assert activity["receipt"]["whole"]
    _, streams = await restored.get(person, f"/activities/{activity['activity_id']}/streams")
    assert len(streams["time_s"]) == 600
    held = (await restored.get(person, f"/devices/{DEVICE_ID}/journal/{EPOCH}"))[1]["position"]
    assert (await restored.put(person, b"", held))[0] == 200
    with Database(url) as database:  # numbers of new events do not meet those that were restored
        database.write_now(events.emit, JOURNAL_GREW, person.owner_id, "0011223344556677/00000001", 1.0)
    await restored.stop()


async def test_a_damaged_or_half_written_backup_is_refused_before_anything_is_written(
    server: RunningServer, ann: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(server, ann)
    backup = tmp_path / "backup"
    assert await asyncio.to_thread(run, server, "backup", str(backup)) == 0
    assert await asyncio.to_thread(run, server, "backup", str(backup)) == 1
    assert "is not empty" in capsys.readouterr().err
    assert await asyncio.to_thread(run, server, "backup", str(server.data / "inside")) == 1
    restore = ["restore", str(backup), "--data", str(tmp_path / "restored")]
    (journal,) = (backup / "data" / "journals").rglob("*.journal")
    held = journal.read_bytes()
    journal.write_bytes(held[:-1] + bytes((held[-1] ^ 1,)))
    assert await asyncio.to_thread(main, restore) == 1
    assert f"{journal} is not as it was written" in capsys.readouterr().err
    journal.write_bytes(held)
    manifest = (backup / "manifest.json").read_text()
    (backup / "manifest.json").write_text(manifest.replace('"journals/', '"../journals/'))
    assert await asyncio.to_thread(main, restore) == 1
    (backup / "manifest.json").unlink()
    assert await asyncio.to_thread(main, restore) == 1
    assert "no whole backup" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "restored").iterdir()) == ["server.lock"]


async def test_the_doctor_says_what_is_wrong(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(server, ann)
    server.clock.now_s = time.time()
    await server.settled()
    server.data.chmod(0o700)
    assert await asyncio.to_thread(run, server, "doctor") == 0
    assert "WRONG" not in capsys.readouterr().out
    (blob,) = (path for path in server.config.blobs.rglob("*") if path.is_file())
    blob.unlink()
    (journal,) = server.config.journals.rglob("*.journal")
    journal.write_bytes(journal.read_bytes()[:100])
    server.data.chmod(0o755)
    assert await asyncio.to_thread(run, server, "doctor") == 1
    wrong = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WRONG")]
    assert [word for word in ("chmod", "telemetry", "shorter") if not any(word in line for line in wrong)] == []
    assert len(wrong) == 3


async def test_dead_letters_are_listed_retried_and_dropped(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await server.settled()
    await server.stop()
    with Database(server.config.url) as database:
        for turn in database.read_now(events.due, 1e12):  # waits for a time that is past on the commands' own clock
            waiting = database.write_now(events.claim, turn)
            assert waiting is not None
            database.write_now(events.done, waiting.event_ids)
        for subject in ("not a journal", "nor this"):
            database.write_now(events.emit, JOURNAL_GREW, ann.owner_id, subject, 1.0)
        for turn in database.read_now(events.due, 1.0):
            claimed = database.write_now(events.claim, turn)
            assert claimed is not None
            database.write_now(events.failed, claimed.event_ids, 12, 1.0, "ValueError: subject", True)
        first, second = database.read_now(events.dead, Page(10))
    assert run(server, "events") == 0
    assert "2 dead letters, 0 events due" in capsys.readouterr().out
    assert (
        run(server, "events", "--retry", str(first.event_id))
        == run(server, "events", "--drop", str(second.event_id))
        == 0
    )
    assert run(server, "events", "--drop", str(first.event_id)) == 1
    assert run(server, "events") == 0
    assert "0 dead letters, 1 events due" in capsys.readouterr().out
    assert await asyncio.to_thread(run, server, "events", "--back-fill", "telemetry") == 0
    await server.start()
