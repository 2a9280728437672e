"""Frames replayed, out of order, forged or cut, both ways, between the real firmware and the real gateway."""

import asyncio
import logging
import random
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from bumble import controller, hci
from bumble.core import PhysicalTransport
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY
from paceline_gateway.actions import Instant
from paceline_gateway.config import Config, Wearable
from paceline_gateway.daemon import pull_once
from paceline_gateway.visits import World
from paceline_tools.line.places import Places
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.provision import provision
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable

L2CAP_HEAD, ATT_CHANNEL = 4, 4
NOTIFICATION, WRITE_COMMAND = 0x1B, 0x52
ATT_HEAD = 3  # opcode and handle
LIMIT_S = 15
Spoil = Callable[[bytes], list[bytes]]


class HostileAir(RadioLink):
    """Someone between: `to_gateway` and `to_wearable` give the frames that arrive for one that was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.to_gateway: Spoil = lambda frame: [frame]
        self.to_wearable: Spoil = lambda frame: [frame]

    def send_acl_data(
        self,
        sender_controller: controller.Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        for unit in self._spoiled(data):
            super().send_acl_data(sender_controller, destination_address, transport, unit)

    def _spoiled(self, data: bytes) -> list[bytes]:
        opcode = data[L2CAP_HEAD] if int.from_bytes(data[2:4], "little") == ATT_CHANNEL else 0
        spoil = {NOTIFICATION: self.to_gateway, WRITE_COMMAND: self.to_wearable}.get(opcode)
        if spoil is None:
            return [data]
        head = data[L2CAP_HEAD : L2CAP_HEAD + ATT_HEAD]
        values = [head + frame for frame in spoil(data[L2CAP_HEAD + ATT_HEAD :])]
        return [len(value).to_bytes(2, "little") + data[2:4] + value for value in values]


def replays(dice: random.Random) -> Spoil:
    """Send some frames twice, and old ones again."""
    old: list[bytes] = []

    def spoil(frame: bytes) -> list[bytes]:
        old.append(frame)
        return [frame, frame] if dice.random() < 0.5 else [frame, dice.choice(old)]

    return spoil


def disorders(dice: random.Random) -> Spoil:
    """Hold some frames back until the next has passed."""
    held: list[bytes] = []

    def spoil(frame: bytes) -> list[bytes]:
        if not held and dice.random() < 0.2:
            held.append(frame)
            return []
        return [frame, *(held.pop() for _ in held[:])]

    return spoil


def flips(dice: random.Random) -> Spoil:
    """Change one bit of some frames."""

    def spoil(frame: bytes) -> list[bytes]:
        if dice.random() > 0.1 or len(frame) < 40:
            return [frame]
        at = dice.randrange(len(frame))
        return [frame[:at] + bytes([frame[at] ^ 1 << dice.randrange(8)]) + frame[at + 1 :]]

    return spoil


def cuts(dice: random.Random) -> Spoil:
    """Let some frames arrive without their end."""
    return lambda frame: (
        [frame[: dice.randrange(1, len(frame))]] if dice.random() < 0.1 and len(frame) > 40 else [frame]
    )


@pytest.fixture(scope="module")
async def air(
    recorded: Places, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[HostileAir, VirtualWearable]]:
    """A wearable with a journal of some pages, and an adapter in this process."""
    link = HostileAir()
    state = tmp_path_factory.mktemp("air") / "state"
    wearable = VirtualWearable(link, state, Identity(DEVICE_ID, DEVICE_KEY), BoardSettings(utc_s=1_760_100_000))
    await asyncio.to_thread(provision, state, wearable.identity, wearable.settings.journal_bytes)
    shutil.copyfile(recorded.wearable / wearable.flash_path.name, wearable.flash_path)
    await wearable.switch_on()
    device, _controller = make_device(link, "gateway", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    yield link, wearable
    uninstall()
    await wearable.switch_off()
    link.cut_all()


@pytest.fixture(autouse=True)
def honest(air: tuple[HostileAir, VirtualWearable]) -> Iterator[None]:
    yield
    air[0].to_gateway = air[0].to_wearable = lambda frame: [frame]


async def pulled(folder: Path, key: bytes = DEVICE_KEY, limit_s: float = LIMIT_S) -> bytes | None:
    """Pull with the real gateway; return what it holds, None when it did not come to the end."""
    config = Config(folder / "gateway.toml", folder / "spool", None, {DEVICE_ID: Wearable(DEVICE_ID, key, "W")}, 1)
    world = World(lambda: Instant(time.monotonic(), time.time_ns() // 1_000_000), lambda: 0.0)
    missed = await pull_once(config, world, limit_s)
    files = list((folder / "spool").glob("*/*.journal"))
    return files[0].read_bytes() if files and not missed else None


@pytest.mark.parametrize("spoil", [replays, disorders, flips, cuts], ids=lambda spoil: spoil.__name__)
async def test_whatever_happens_to_frames_on_the_air_the_journal_arrives_as_it_is(
    air: tuple[HostileAir, VirtualWearable], tmp_path: Path, spoil: Callable[[random.Random], Spoil]
) -> None:
    link, wearable = air
    flash = wearable.flash_path.read_bytes()
    link.to_gateway, link.to_wearable = spoil(random.Random(1)), spoil(random.Random(2))
    spoiled = await pulled(tmp_path)
    link.to_gateway = link.to_wearable = lambda frame: [frame]
    held = await pulled(tmp_path)  # and the next good sync completes
    assert held is not None and len(held) > 4096
    assert spoiled is None or held.startswith(spoiled)
    assert flash[: 2 * 4096] == wearable.flash_path.read_bytes()[: 2 * 4096] == held[: 2 * 4096]
    assert wearable.flash_path.read_bytes()[: len(held)] == held
    assert wearable.boots == 1


async def test_a_gateway_with_another_key_pulls_nothing_says_it_once_and_rests(
    air: tuple[HostileAir, VirtualWearable], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flash = air[1].flash_path.read_bytes()
    with caplog.at_level(logging.INFO, "paceline_gateway"):
        assert await pulled(tmp_path, key=bytes(32), limit_s=3) is None
    assert not list((tmp_path / "spool").glob("*/*.journal"))
    # Without its key it cannot be told from a neighbour's: that is no warning.
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    told = [record.message for record in caplog.records if record.message.endswith("no key in the settings is its key")]
    assert len(told) == 1
    assert bytes(32).hex() not in caplog.text and DEVICE_KEY.hex() not in caplog.text
    assert air[1].flash_path.read_bytes()[: 2 * 4096] == flash[: 2 * 4096]
