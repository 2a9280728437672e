"""Other processes put their adapter on this link through the hub, and leave it however they end."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from paceline_tools.radio.device import attach_device
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import UNPACED
from paceline_tools.radio.virtual_gateway import parse
from tools.radio_peer import READ, Peer

TESTS = Path(__file__).parents[1]


@pytest.fixture
def link() -> RadioLink:
    return RadioLink(UNPACED)


@pytest.fixture
async def hub(link: RadioLink) -> AsyncIterator[Hub]:
    hub = Hub(link)
    yield hub
    await hub.close()


@pytest.fixture
async def peer(link: RadioLink) -> Peer:
    peer = Peer(link)
    await peer.start()
    return peer


async def guest(hci: str, number: int, stay: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "paceline_tools.radio.virtual_gateway", "--hci", hci, "--address", f"C0:00:00:00:00:0{number}"),
        *("--main", "tools.hub_guest:main", "--", "peer", READ, stay),
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        stdout=asyncio.subprocess.PIPE,
    )


async def line_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def until(true: Callable[[], bool], limit_s: float = 20) -> None:
    async with asyncio.timeout(limit_s):
        while not true():  # noqa: ASYNC110 -- the radio tells nobody when it is done
            await asyncio.sleep(0.01)


async def test_a_program_in_another_process_uses_bleak_unchanged(hub: Hub, peer: Peer, tmp_path: Path) -> None:
    process = await guest(await hub.serve_unix(tmp_path / "hci"), 1, "go")
    assert await line_of(process) == "read b'to be read' 247"
    assert await asyncio.wait_for(process.wait(), 20) == 0
    await until(lambda: not hub.controllers)


async def test_kill_9_of_a_process_frees_its_link_and_controller(hub: Hub, peer: Peer, tmp_path: Path) -> None:
    process = await guest(await hub.serve_unix(tmp_path / "hci"), 1, "stay")
    assert (await line_of(process)).startswith("read")
    assert len(peer.device.connections) == 1
    process.kill()
    await asyncio.wait_for(process.wait(), 20)
    await until(lambda: not peer.device.connections and not hub.controllers)
    again = await guest(await hub.serve_tcp(), 1, "go")
    assert (await line_of(again)).startswith("read")
    assert await asyncio.wait_for(again.wait(), 20) == 0


async def test_two_adapters_hold_links_to_one_device_at_once(hub: Hub, peer: Peer) -> None:
    address = await hub.serve_tcp()
    transports = []
    for number in (1, 2):
        device, transport = await attach_device(address, f"guest-{number}", f"C0:00:00:00:00:0{number}")
        transports.append(transport)
        await device.connect(peer.device.random_address, timeout=10)
        await peer.device.start_advertising(advertising_interval_min=20, advertising_interval_max=20)
    await until(lambda: len(peer.device.connections) == 2)
    for transport in transports:
        await transport.close()
    await until(lambda: not peer.device.connections and not hub.controllers)


def test_what_stands_behind_the_dashes_is_the_gateways() -> None:
    options, theirs = parse(["--hci", "unix:/x", "--", "--config", "c.toml", "run", "--"])
    assert (options.hci, theirs) == ("unix:/x", ["--config", "c.toml", "run", "--"])
