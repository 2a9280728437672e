"""One guest for all tests of this folder. They run only by `make test-bluez`, which sees that there is an image."""

import os
from collections.abc import AsyncIterator

import pytest
from bluez.home import Home
from bluez.lossy_air import LossyAir
from paceline_tools.guest import image
from paceline_tools.guest.machine import Guest
from paceline_tools.radio.hub import Hub

ADAPTER_ADDRESS = "AA:BB:CC:00:00:01"
collect_ignore_glob = [] if os.environ.get("PACELINE_BLUEZ") else ["test_*.py"]


@pytest.fixture(scope="session")
async def booted(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """The guest with D-Bus, adapter and bluetoothd running."""
    folder = tmp_path_factory.mktemp("guest")
    whole = image.with_sources(image.build(), folder / "files.cpio")
    air = LossyAir()
    hub = Hub(air)
    await hub.serve_unix(folder / "hci", ADAPTER_ADDRESS)
    try:
        async with Guest.running(whole, folder / "hci", folder) as guest:
            home = Home(guest, air, folder)
            await home.boot()
            try:
                yield home
            finally:
                await home.shut_down()
    finally:
        await hub.close()


@pytest.fixture
async def home(booted: Home, request: pytest.FixtureRequest) -> AsyncIterator[Home]:
    """The home at rest; after a test that failed, all logs."""
    failed = request.session.testsfailed
    yield booted
    booted.air.loss = 0.0
    if request.session.testsfailed > failed:
        print(await booted.logs())
        await booted.tidy()
