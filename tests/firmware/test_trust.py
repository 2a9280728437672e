"""On the virtual board: a sensor that dies costs its column, a task that dies leaves its traceback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from bleak import BleakClient, BleakScanner
from firmware.air_gateway import DEVICE_ID, DEVICE_KEY, AirGateway
from paceline_gateway.inspect_journal import journal_lines
from paceline_protocol import messages
from paceline_protocol.code_tables import ALERTS
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, BOOT, CRASH, SAMPLES, SESSION_START, parse_fields
from paceline_protocol.sample_codec import SampleDecoder
from paceline_server.formats.journal import JournalFollower
from paceline_tools.radio.bleak_backend import install
from paceline_tools.radio.device import make_device
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import stage
from paceline_tools.track import ROW, Track, pack_track
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

UTC_S = 1_750_000_000
HEART, MOTION = 1, 2  # sensors in ALERT records
SPEED = 60
FAST = 600  # where all is ordered at its second beforehand
GAUGE = "wearable/drivers/max17048.py"

DIVIDES = """
class Max17048:
    def __init__(self, i2c):
        pass

    def millivolt(self):
        return 1 // 0
"""


@asynccontextmanager
async def _worn(link: RadioLink, folder: Path, speed: float = SPEED, **faulty: str) -> AsyncIterator[VirtualWearable]:
    """Wear a board on a run that begins soon; `faulty` replaces files of the build by others."""
    state = folder / "state"
    stage(state / "stage")
    if "gauge" in faulty:
        (state / "stage" / GAUGE).write_text(faulty["gauge"])
    track = folder / "run.track"
    track.write_bytes(pack_track(_run(1200)))
    settings = BoardSettings(utc_s=UTC_S, speed=speed, journal_bytes=16 * 4096, track=TrackInput(track, UTC_S))
    wearable = VirtualWearable(link, state, Identity(DEVICE_ID, DEVICE_KEY), settings)
    await wearable.switch_on()
    try:
        yield wearable
    finally:
        await wearable.switch_off()


def _run(seconds: int) -> Track:
    rows = np.zeros(seconds, ROW)
    rows["second"] = np.arange(seconds)
    rows["latitude_e7"] = 470_000_000 + 270 * rows["second"]
    rows["longitude_e7"], rows["altitude_mm"], rows["speed_mm_s"], rows["fix"] = 80_000_000, 400_000, 3_000, 3
    rows["heart_rate_bpm"], rows["cadence_spm"] = 140, 164
    return rows


async def _until(wearable: VirtualWearable, second: int) -> None:
    await wearable.wait_until(lambda: wearable.world.utc_s() >= UTC_S + second, 60)


def _journal(wearable: VirtualWearable) -> "tuple[list[tuple[int, Fields]], list[tuple[int, ...]]]":
    reader = JournalReader(journal_key(DEVICE_KEY))
    decoder = SampleDecoder()
    records: list[tuple[int, Fields]] = []
    samples: list[tuple[int, ...]] = []
    for _, kind, payload in reader.feed(wearable.flash_path.read_bytes()):
        if kind == SAMPLES:
            samples += decoder.decode(payload)
            continue
        fields = parse_fields(kind, payload)
        assert fields is not None
        records.append((kind, fields))
    return records, samples


def _alerts(wearable: VirtualWearable) -> "list[tuple[str, int]]":
    records, _ = _journal(wearable)
    return [(ALERTS[fields.code], fields.value) for kind, fields in records if kind == ALERT]


async def test_a_heart_rate_sensor_that_dies_costs_its_column_and_comes_back(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, FAST) as wearable:
        wearable.unplug("heart", UTC_S + 150)
        wearable.unplug("motion", UTC_S + 150)
        wearable.plug("heart", UTC_S + 300)
        await asyncio.gather(wearable.press("start", at_utc_s=UTC_S + 20), wearable.end_workout(UTC_S + 600))
        assert wearable.boots == 1
    records, samples = _journal(wearable)
    begin = samples[0][0]
    assert [sample[0] for sample in samples] == list(range(begin, begin + len(samples)))
    assert len(samples) > 550
    (died_s,) = [fields.t_s for kind, fields in records if kind == ALERT and fields.value == HEART]
    heart = {sample[0]: sample[6] for sample in samples}
    assert all(heart[t_s] for t_s in range(died_s - 40, died_s - 10)), "a heart rate before"
    assert not any(heart[t_s] for t_s in range(died_s + 1, died_s + 60)), "none while the chip is gone"
    assert all(list(heart.values())[-20:]), "and one again"
    assert sorted(_alerts(wearable)) == [("sensor failed", HEART), ("sensor failed", MOTION)]


async def test_a_task_that_dies_is_told_with_its_traceback_and_the_workout_goes_on(
    link: RadioLink, tmp_path: Path
) -> None:
    faulty = DIVIDES
    async with _worn(link, tmp_path, FAST, gauge=faulty) as wearable:
        await asyncio.gather(wearable.press("start", at_utc_s=UTC_S + 20), wearable.end_workout(UTC_S + 300))
        assert wearable.boots == 1
    records, samples = _journal(wearable)
    assert len(samples) > 270
    texts = [fields.text for kind, fields in records if kind == CRASH]
    assert texts[0].startswith("battery, death 1: ")
    assert "max17048.py" in texts[0] and "in millivolt" in texts[0]
    assert texts[0].endswith("ZeroDivisionError: divide by zero")
    assert [text.split(":")[0] for text in texts] == [f"battery, death {number}" for number in (1, 2, 4, 8)]
    shown = [line for line in journal_lines(wearable.flash_path, DEVICE_KEY) if "CRASH" in line]
    assert len(shown) == len(texts) and "ZeroDivisionError" in shown[0]
    _assert_the_server_reads_it(wearable, len(samples))


def _assert_the_server_reads_it(wearable: VirtualWearable, samples: int) -> None:
    journal = wearable.flash_path.read_bytes()
    epoch = int.from_bytes(journal[4:8], "little")
    follower = JournalFollower(journal_key(DEVICE_KEY), epoch, first_page=0, resume_position=0, journal_start=0)
    follower.feed(journal[:4096])
    (session,) = follower.read().sessions
    assert not session.damage and samples


async def test_a_build_that_cannot_start_ends_in_safe_mode_and_gives_its_journal(
    link: RadioLink, tmp_path: Path
) -> None:
    device, _controller = make_device(link, "central 1", "C0:C1:C2:C3:C4:01")
    await device.power_on()
    uninstall = install(device)
    async with _worn(link, tmp_path, gauge="raise RuntimeError('a bad build')\n") as wearable:
        await wearable.wait_until(lambda: wearable.boots == 4, 30)
        wearable.set_speed(10)
        found = await BleakScanner.find_device_by_name("Paceline-0708", timeout=60)
        assert found is not None
        async with BleakClient(found) as client:
            gateway = AirGateway(client)
            await gateway.connect()
            await gateway.ask(messages.COMMAND, action=messages.START, sport=1, user=0)
            kind, fields = await gateway.next()
            assert kind == messages.ERROR and "safe mode" in fields.text
            await gateway.ask(messages.READ, epoch=gateway.status.epoch, position=0, credits=100)
            end = gateway.status.end
            pulled = await gateway.read_until(lambda data: len(data) >= end)
        assert wearable.flash_path.read_bytes()[: len(pulled)] == pulled
        assert wearable.boots == 4
        assert wearable.endings == [Ending.RESET] * 3
    uninstall()
    records, _ = _journal(wearable)
    assert [kind for kind, _ in records] == [BOOT, CRASH] * 3 + [BOOT, ALERT]
    assert all("a bad build" in fields.text for kind, fields in records if kind == CRASH)
    assert _alerts(wearable) == [("safe mode", 0)]


async def test_safe_mode_ends_by_itself_and_a_repaired_build_records_again(link: RadioLink, tmp_path: Path) -> None:
    async with _worn(link, tmp_path, gauge="raise RuntimeError('a bad build')\n") as wearable:
        await wearable.wait_until(lambda: wearable.boots == 4, 30)
        stage(tmp_path / "good")
        (wearable.state / "stage" / GAUGE).write_text((tmp_path / "good" / GAUGE).read_text())
        wearable.set_speed(300)
        await wearable.wait_until(lambda: wearable.boots == 5, 60)
        begin = wearable.world.utc_s() - UTC_S
        await _until(wearable, int(begin) + 60)
        await wearable.press("start")
        await _until(wearable, int(begin) + 120)
        assert wearable.boots == 5
    records, samples = _journal(wearable)
    assert samples and [kind for kind, _ in records].count(SESSION_START) == 1
