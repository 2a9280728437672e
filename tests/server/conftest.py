"""A server with an empty data folder, a user with a wearable, and a second user."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from paceline_server.devices.service import DeviceService
from paceline_server.platform.database import Database
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.running_server import Person, RunningServer, StandingClock, make_person


@pytest.fixture
def clock() -> StandingClock:
    """The server's clock."""
    return StandingClock()


@pytest.fixture
async def server(tmp_path: Path, clock: StandingClock) -> AsyncIterator[RunningServer]:
    """A server with an empty data folder."""
    running = RunningServer(tmp_path / "data", clock)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def ann(server: RunningServer) -> Person:
    """A user who owns the wearable."""
    person = make_person(server, "ann")
    database = Database(server.config.url)
    DeviceService(database, server.clock).claim(person.owner_id, DEVICE_ID, DEVICE_KEY)
    database.close()
    return person


@pytest.fixture
def bob(server: RunningServer) -> Person:
    """Another user."""
    return make_person(server, "bob")
