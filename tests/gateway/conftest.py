"""Fixtures of the gateway's tests."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from gateway.desk import Desk
from gateway.journal_server import TOKEN, JournalServer
from gateway.on_the_air import Start
from gateway.radio_wearable import RadioWearable
from gateway.stand_in import Wearable, Wire
from paceline_gateway.config import Server
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "spool")
    yield desk
    desk.spool.close()


@pytest.fixture
def wired(desk: Desk) -> Callable[[Wearable], Wire]:
    """Makes a fresh connection to a wearable."""
    return lambda wearable: Wire(wearable, desk.clock)


@pytest.fixture
async def air() -> AsyncIterator[RadioLink]:
    link = RadioLink(UNPACED)
    device, _controller = make_device(link, "gateway", "C0:00:00:00:00:99")
    await device.power_on()
    uninstall = install(device)
    yield link
    uninstall()
    link.cut_all()


@pytest.fixture
async def wear(air: RadioLink) -> AsyncIterator[Start]:
    worn: list[RadioWearable] = []

    async def start(wearable: Wearable) -> RadioWearable:
        radio = RadioWearable(air, wearable, f"F0:00:00:00:00:{len(worn):02X}")
        worn.append(radio)
        await radio.start()
        return radio

    yield start
    for radio in worn:
        await radio.stop()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[JournalServer, Server]]:
    journal_server = JournalServer()
    url = await journal_server.start()
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    yield journal_server, Server(url, token)
    await journal_server.stop()
