"""The real firmware on the virtual board: the journal holds what the sensors were given, also after power cuts."""

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from paceline_protocol import gatt
from paceline_protocol.alias import is_alias
from paceline_protocol.errors import JournalError
from paceline_protocol.page import PAGE_SIZE, parse_header
from paceline_protocol.records import BOOT, CLOCK, SAMPLES, SESSION_END, SESSION_START, iter_records, parse_fields
from paceline_protocol.sample_codec import SampleDecoder
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.settings import BoardSettings, PowerCut, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable
from tools.on_board import IDENTITY, UTC_S

START_S = UTC_S + 60
SECONDS = 600
Row = tuple[int, ...]


def row(second: int) -> Row:
    """Of an invented run: second, latitude_e7, longitude_e7, altitude_mm, speed_mm_s, fix, heart rate, cadence."""
    heart_rate = 80 + min(60, second // 4)
    place = (-334_500_000 + second * 270, 1_512_000_000 - second * 40, 25_000 + second * 10)
    return (second, *place, 3_020, 3, heart_rate, 164)


@pytest.fixture
def settings(tmp_path: Path) -> BoardSettings:
    path = tmp_path / "run.track"
    rows = [struct.pack("<IiiiHBBBB", *row(second), 0) for second in range(SECONDS)]
    path.write_bytes(b"PTRK" + struct.pack("<I", SECONDS) + b"".join(rows))
    track = TrackInput(path, START_S)
    return BoardSettings(utc_s=UTC_S, speed=300, track=track, journal_bytes=64 * 4096)


@pytest.fixture
async def wearable(tmp_path: Path, settings: BoardSettings) -> AsyncIterator[VirtualWearable]:
    wearable = VirtualWearable(RadioLink(), tmp_path / "state", IDENTITY, settings)
    await wearable.switch_on()
    yield wearable
    await wearable.switch_off()


def journal(wearable: VirtualWearable) -> tuple[list[int], dict[int, Row]]:
    """Kinds of the records in order, and samples by the track's second: one that comes twice fails."""
    kinds: list[int] = []
    boots: list[tuple[list[Row], list[Row]]] = []
    cells = wearable.flash_path.read_bytes()
    decoder = SampleDecoder()
    for at in range(0, len(cells), PAGE_SIZE):
        page = cells[at : at + PAGE_SIZE]
        try:
            parse_header(page)
        except JournalError:
            break
        for _, kind, payload in iter_records(page):
            kinds.append(kind)
            if kind == BOOT:
                boots.append(([], []))
            elif kind == CLOCK:
                boots[-1][0].append(tuple(parse_fields(kind, payload) or ()))
            elif kind == SAMPLES:
                boots[-1][1].extend(tuple(sample) for sample in decoder.decode(bytes(payload)))
    return kinds, on_track(boots)


def on_track(boots: list[tuple[list[Row], list[Row]]]) -> dict[int, Row]:
    """Samples of each boot at the seconds that its anchors (t_s, utc_s, source) of the best source give them."""
    placed: dict[int, Row] = {}
    for anchors, samples in boots:
        best = [anchor for anchor in anchors if anchor[2] == min(other[2] for other in anchors)]
        for t_s, *values in samples:
            anchor = next((anchor for anchor in reversed(best) if anchor[0] <= t_s), best[0])
            second = t_s - anchor[0] + anchor[1] - START_S
            assert second not in placed, f"second {second} comes twice"
            placed[second] = tuple(values)
    return placed


def agrees(second: int, sample: Row) -> None:
    _, latitude, longitude, altitude, speed, fix, heart_rate, cadence = row(second)
    assert sample[0] == fix
    assert abs(sample[1] - latitude / 10) <= 0.5 and abs(sample[2] - longitude / 10) <= 0.5
    assert abs(sample[3] - altitude / 200) <= 0.5 and abs(sample[4] - speed / 10) <= 1
    assert sample[6] == 0 or abs(sample[5] - heart_rate) <= 6, (second, sample)
    assert abs(sample[7] - cadence) <= 8, (second, sample)


async def test_a_workout_is_recorded_as_it_was_felt_second_by_second(wearable: VirtualWearable) -> None:
    await wearable.press("start", at_utc_s=START_S + 20.5)
    await wearable.press("lap", at_utc_s=START_S + 200.5)
    await wearable.end_workout(START_S + 420.5)
    await wearable.switch_off()
    kinds, samples = journal(wearable)
    assert kinds.count(SESSION_START) == 1 and kinds.count(SESSION_END) == 1
    assert sorted(samples) == list(range(min(samples), max(samples) + 1))
    assert 20 <= min(samples) <= 22 and 419 <= max(samples) <= 421
    for second, sample in samples.items():
        if second > min(samples):  # until START the receiver slept
            agrees(second, sample)
    assert wearable.world.flash["journal"].violations == 0


async def test_power_cuts_cost_at_most_30_seconds_each_and_nothing_older(wearable: VirtualWearable) -> None:
    await wearable.press("start", at_utc_s=START_S + 5.5)
    for cut in range(3):
        wearable.cut_power(PowerCut(after=2 + cut, seed=cut))
        await wearable.wait_until(lambda cut=cut: len(wearable.endings) > cut, 30)
        died_s = wearable.world.reported_utc_s - START_S
        await wearable.wait_until(lambda cut=cut: wearable.boots == cut + 2, 30)
        _, samples = journal(wearable)
        kept = [second for second in samples if second <= died_s]
        assert max(kept) >= died_s - 30
        await wearable.press("lap", at_utc_s=wearable.world.utc_s() + 60)
    await wearable.end_workout(wearable.world.utc_s() + 5)
    await wearable.switch_off()
    assert wearable.endings[:3] == [Ending.POWER_CUT] * 3
    kinds, samples = journal(wearable)
    assert kinds.count(SESSION_START) >= 4 and kinds.count(SESSION_END) == 1
    assert wearable.world.flash["journal"].violations == 0
    for second, sample in samples.items():
        if sample[0] and second < SECONDS:
            assert abs(sample[1] - row(second)[1] / 10) <= 0.5, second


async def test_the_firmware_is_on_the_air_under_its_identity(tmp_path: Path, settings: BoardSettings) -> None:
    link = RadioLink()
    device, _controller = make_device(link, "central", "C0:C1:C2:C3:C4:C5")
    await device.power_on()
    uninstall = install(device)
    wearable = VirtualWearable(link, tmp_path / "state", IDENTITY, settings)
    await wearable.switch_on()
    try:
        found = await BleakScanner.find_device_by_filter(
            lambda _device, heard: (heard.local_name or "").startswith(gatt.ADVERTISED_NAME_PREFIX), timeout=10
        )
        assert found is not None and found.address == IDENTITY.radio_address
        gone = asyncio.Event()
        async with BleakClient(found, lambda _client: gone.set()) as client:
            info = gatt.parse_info(await client.read_gatt_char(gatt.INFO_UUID))
            assert is_alias(info.alias, IDENTITY.device_key)
            wearable.kill()
            await asyncio.wait_for(gone.wait(), 10)
        await wearable.wait_until(lambda: wearable.boots == 2, 20)
    finally:
        await wearable.switch_off()
        uninstall()
