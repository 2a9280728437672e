"""/readyz: what takes a server out of service, and what it warns of before."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from paceline_server.keys import DATABASE, WORKER
from paceline_server.operations.readiness import EARLIEST_S, warnings_of
from paceline_server.tls.authority import load_or_make
from paceline_server.tls.certificate import issue
from paceline_server.tls.keeper import FILE, GivenSource, TlsKeeper
from paceline_server.tls.private_file import write_private
from server.running_server import NOW_S, RunningServer, StandingClock
from sqlalchemy import text

DAY_S = 86400.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    """A server on SQLite."""
    running = RunningServer(tmp_path / "data", StandingClock())
    running.clock.now_s = EARLIEST_S + 30 * DAY_S
    await running.start()
    yield running
    await running.stop()


async def asked(server: RunningServer) -> tuple[int, dict[str, Any]]:
    async with server.http.get("/readyz") as response:
        return response.status, await response.json()


async def test_tables_of_another_program_and_dead_workers_take_it_out(server: RunningServer) -> None:
    status, said = await asked(server)
    assert (status, said["status"]) == (200, "ready")
    await server.settled()
    database = server.app[DATABASE]
    found = database.read_now(lambda connection: connection.execute(text("SELECT * FROM alembic_version")).scalar_one())
    database.write_now(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    status, said = await asked(server)
    assert status == 503 and "revision 9999" in said["message"]
    database.write_now(
        lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": found})
    )
    assert (await asked(server))[0] == 200
    await server.app[WORKER].stop()
    assert await asked(server) == (503, {"status": "not ready", "message": "Events are not worked off any more."})


async def test_it_warns_of_what_is_going_to_hinder(tmp_path: Path) -> None:
    clock = StandingClock()
    clock.now_s = EARLIEST_S + 30 * DAY_S
    authority = load_or_make(tmp_path, "Paceline", (), NOW_S)
    write_private(tmp_path / FILE, issue(authority, frozenset({"localhost"}), clock.now_s - 70 * DAY_S).pem)
    keeper = TlsKeeper(GivenSource(tmp_path / FILE, tmp_path / FILE), clock)
    assert list(warnings_of(clock.now_s, 0, 1 << 40, keeper)) == []
    assert list(warnings_of(clock.now_s + 10 * DAY_S, 2, 5 << 20, keeper)) == [
        "2 events failed for good.",
        "5 MiB are free on the disk.",
        f"The certificate ends on {keeper.ends:%Y-%m-%d}.",
    ]
    write_private(tmp_path / FILE, b"")
    await keeper.look()
    said = list(warnings_of(1e9, 0, 1 << 40, keeper))
    assert said == ["The clock is years behind.", "A newer certificate cannot be used: the log says why."]
