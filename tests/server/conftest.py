"""A server with an empty data folder on either database, a user with a wearable, and a second user."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from paceline_server.keys import DEVICES
from paceline_server.platform.database import Database
from server.emptied_database import drop_emptied
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.made_database import made_database
from server.postgres import database_with_tables, empty_database, running_postgres
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
        drop_emptied(url)


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: URL) -> str:
    """The name of a database there whose tables are made, to be copied: all revisions take as long as a test."""
    return database_with_tables(postgres)


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    made = tmp_path_factory.mktemp("tables") / "paceline.sqlite3"
    Database(f"sqlite:///{made}").close()
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each engine with nothing in its tables; parametrize it indirectly for one of them."""
    with made_database(request, request.param, tmp_path / "data") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each engine without any table."""
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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def one_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningServer]:
    """A server on each engine for a whole file, whose tests make people of their own and only move its clock on."""
    data = tmp_path_factory.mktemp("one") / "data"
    with made_database(request, request.param, data) as url:
        running = RunningServer(data, StandingClock(), url)
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
