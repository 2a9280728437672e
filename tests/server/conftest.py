"""A server with an empty data folder on either database, a user with a wearable, and a second user."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from paceline_server.keys import DEVICES
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.postgres import empty_database, running_postgres
from server.running_server import Person, RunningServer, StandingClock, log_in, make_person
from server.statements import Statements, watched
from sqlalchemy import URL


@pytest.fixture(autouse=True)
def statements() -> Iterator[Statements]:
    """All that is asked of the database while a test runs; a statement that leaves the owner open fails it."""
    with watched() as seen:
        yield seen
    assert seen.faults == []


@pytest.fixture
def clock() -> StandingClock:
    """The server's clock."""
    return StandingClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL on which databases may be made."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each engine; parametrize it indirectly for one of them."""
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        yield f"sqlite:///{tmp_path / 'data' / 'paceline.sqlite3'}"
    else:
        with empty_database(request.getfixturevalue("postgres")) as url:
            yield url


@pytest.fixture
async def server(tmp_path: Path, clock: StandingClock, database_url: str) -> AsyncIterator[RunningServer]:
    """A server with an empty data folder."""
    running = RunningServer(tmp_path / "data", clock, database_url)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
async def one_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server on SQLite for a whole file, whose tests make people of their own and only move its clock on."""
    running = RunningServer(tmp_path_factory.mktemp("one") / "data", StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def someone(one_server: RunningServer) -> Person:
    """A session of somebody new on the file's server, an hour after the one before."""
    one_server.clock.now_s += 3600
    return await log_in(one_server, make_person(one_server, f"person-{one_server.clock.now_s:.0f}"))


@pytest.fixture
def ann(server: RunningServer) -> Person:
    """A user who owns the wearable."""
    person = make_person(server, "ann")
    server.app[DEVICES].claim(person.owner_id, DEVICE_ID, DEVICE_KEY)
    return person


@pytest.fixture
def bob(server: RunningServer) -> Person:
    """Another user."""
    return make_person(server, "bob")
