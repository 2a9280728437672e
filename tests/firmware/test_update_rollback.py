"""On the virtual board: builds that crash, hang or never prove themselves are rolled back, and the journal tells it."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from firmware.update_bundles import FLASHED, NEXT, alerts, app_state, boots, bundle, records
from paceline_protocol import messages
from paceline_protocol.records import CRASH
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import stage
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.settings import BoardSettings, Identity
from paceline_tools.virtual.wearable import VirtualWearable
from wearable.update.trial import ON_TRIAL, TOLD

NEW = bytes(NEXT)
VERSION = 7
USED_UP, RAISED = 1, 2


@asynccontextmanager
async def _worn(link: RadioLink, folder: Path, update: bytes, speed: float = 60) -> AsyncIterator[VirtualWearable]:
    """A wearable at which this bundle has arrived just before it is switched on."""
    state = folder / "state"
    stage(state / "stage")
    (state / "stage" / "blobs").mkdir()
    (state / "stage" / "blobs" / "4.blob").write_bytes(struct.pack("<II", VERSION, len(update)) + update)
    settings = BoardSettings(utc_s=1_750_000_000, speed=speed, journal_bytes=16 * 4096)
    wearable = VirtualWearable(link, state, Identity(DEVICE_ID, DEVICE_KEY), settings)
    await wearable.switch_on()
    try:
        yield wearable
    finally:
        await wearable.switch_off()


def _crashes(wearable: VirtualWearable) -> list[str]:
    return [fields.text for kind, fields in records(wearable) if kind == CRASH]


async def _rolled_back(wearable: VirtualWearable, limit_s: float = 60) -> None:
    await wearable.wait_until(lambda: app_state(wearable) == TOLD, limit_s)


async def test_a_build_that_cannot_be_imported_goes_back_at_once(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, bundle(start="raise RuntimeError('a bad build')\n")) as wearable:
        await _rolled_back(wearable)
        assert wearable.boots == 3, "installed, tried, gone back"
    assert [version for _, version in boots(wearable)] == [FLASHED]
    assert alerts(wearable) == [("update rolled back", RAISED)]
    (text,) = _crashes(wearable)
    assert text.startswith("update: ") and text.endswith("RuntimeError: a bad build") and "start.py" in text


async def test_a_build_that_crashes_later_has_three_boots_and_no_safe_mode(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, bundle(app="raise RuntimeError('a bad build')\n")) as wearable:
        await _rolled_back(wearable)
        assert wearable.boots == 5
    assert [version for _, version in boots(wearable)] == [NEW] * 3 + [FLASHED]
    assert boots(wearable)[0][0] == "update" and [cause for cause, _ in boots(wearable)[1:3]] == ["reset"] * 2
    assert alerts(wearable) == [("update rolled back", USED_UP)]
    assert len(_crashes(wearable)) == 3


@pytest.mark.parametrize("where", ["start", "app"])
async def test_a_build_that_hangs_is_ended_by_the_watchdog(link: RadioLink, tmp_path: Path, where: str) -> None:
    text = "import time\nwhile True:\n    time.sleep_ms(100)\n"
    hangs = bundle(start=text) if where == "start" else bundle(app=text)
    async with _worn(link, tmp_path, hangs) as wearable:
        await _rolled_back(wearable)
        assert sum("watchdog" in line for line in wearable.lines) == 3
    assert alerts(wearable) == [("update rolled back", USED_UP)]
    assert boots(wearable)[-1][1] == FLASHED


async def test_a_build_one_of_whose_tasks_dies_never_proves_itself(link: RadioLink, tmp_path: Path) -> None:
    gauge = (
        "class Max17048:\n    def __init__(self, i2c):\n        pass\n    def millivolt(self):\n        return 1 // 0\n"
    )
    async with _worn(link, tmp_path, bundle(drivers__max17048=gauge)) as wearable:
        await _rolled_back(wearable)
        assert wearable.endings == [Ending.RESET] * 4
    assert alerts(wearable) == [("update rolled back", USED_UP)]
    assert [version for _, version in boots(wearable)] == [NEW] * 3 + [FLASHED]
    assert any("ZeroDivisionError" in text for text in _crashes(wearable))


async def test_what_was_rolled_back_is_not_taken_again_and_the_next_is(link: RadioLink, tmp_path: Path) -> None:
    device, _controller = make_device(link, "central 1", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    bad = bundle(start="1 // 0\n")
    async with _worn(link, tmp_path, bad, speed=20) as wearable:
        await _rolled_back(wearable)
        found = await BleakScanner.find_device_by_filter(lambda each, _: (each.name or "").startswith("Paceline"))
        assert found is not None
        async with BleakClient(found) as client:
            gateway = AirGateway(client)
            await gateway.connect()
            assert gateway.status.firmware == FLASHED
            for version, kind in ((VERSION, messages.ERROR), (VERSION + 1, messages.PUT_OK)):
                await gateway.ask(messages.PUT, kind=4, version=version, total=len(bad), offset=0, data=bad[:100])
                answered, fields = await gateway.next()
                assert answered == kind, fields
    uninstall()


async def test_power_cuts_while_it_installs_end_in_a_whole_version(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, bundle(), speed=1) as wearable:
        stage_folder = wearable.state / "stage"
        for files in (5, 30):  # two cuts; a third would have it give up
            await _until(wearable, lambda files=files: len(list(stage_folder.glob("app_a/**/*.mpy"))) >= files)
            boots_before = wearable.boots
            wearable.kill()
            await wearable.wait_until(lambda before=boots_before: wearable.boots > before, 20)
        await wearable.wait_until(lambda: app_state(wearable) == ON_TRIAL, 20)
        await wearable.wait_until(lambda: bool(boots(wearable)), 20)
    assert boots(wearable)[0][1] == NEW and not (stage_folder / "blobs" / "4.blob").exists()


async def _until(wearable: VirtualWearable, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 (files appear without an event)
            await asyncio.sleep(0.002)
    assert wearable.on
