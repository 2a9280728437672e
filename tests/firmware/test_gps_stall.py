"""Sensor FIFOs and the UART's buffer ride through the stalls of 80 ms that writing the flash costs."""

from pathlib import Path

import pytest
from firmware.gps_board import UTC_S, printed, track
from paceline_tools.virtual.settings import BoardSettings

# The drivers at the firmware's own intervals, the processor stopped for STALL_MS twice a second all the while.
MAIN = """
import asyncio, board, time
from wearable.drivers.lsm6dsox import Lsm6dsox
from wearable.drivers.max3010x import Max3010x
from wearable.gps.receiver import Receiver

seconds = set()
heart, motion = Max3010x(board.i2c), Lsm6dsox(board.i2c)
receiver = Receiver(board.gps_uart)
counts = [0, 0]

def take():
    while receiver.read():
        seconds.add(receiver.solution.time_2020_s)

async def gps():
    await receiver.start()
    while True:
        take()
        await asyncio.sleep_ms(100)

async def pulse():
    heart.start()
    while True:
        counts[0] += heart.read()
        await asyncio.sleep_ms(400)

async def steps():
    motion.start()
    while True:
        count = motion.read()
        while count:
            counts[1] += count
            count = motion.read()
        await asyncio.sleep_ms(400)

async def main():
    for task in (gps(), pulse(), steps()):
        asyncio.create_task(task)
    await asyncio.sleep_ms(20_000)
    first, before, begin = max(seconds), tuple(counts), time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), begin) < 60_000:
        time.sleep_ms(STALL_MS)
        await asyncio.sleep_ms(500)
    await asyncio.sleep_ms(1_000)
    passed_ms = time.ticks_diff(time.ticks_ms(), begin)
    missing = max(seconds) - first - len([one for one in seconds if one > first])
    print("lost", missing, heart.lost, motion.overruns, board.gps_uart.overruns)
    print("rates", (counts[0] - before[0]) * 1000 // passed_ms, (counts[1] - before[1]) * 1000 // passed_ms)

asyncio.run(main())
"""

# Answers asked for so fast that the line is never idle for 160 ms, and nobody reads.
FULL_LINE = """
import asyncio, board, time
from wearable.drivers.ublox import READY, Ublox
from wearable.drivers.ubx import UbxParser, pack_frame

async def main():
    receiver = Ublox(board.gps_uart)
    assert await receiver.start() == READY
    while receiver.read():
        pass
    asked = 25
    board.gps_uart.write(pack_frame(0x0A, 0x04, b"") * asked)
    time.sleep_ms(80)
    waiting = board.gps_uart.any()
    time.sleep_ms(80)
    parser, chunk, found = UbxParser(), bytearray(256), 0
    for _ in range(20):
        while board.gps_uart.any():
            parser.put(chunk, board.gps_uart.readinto(chunk))
            while parser.next_frame():
                found += parser.frame_class == 0x0A
        time.sleep_ms(20)
    print("full", waiting, asked - found, board.gps_uart.overruns)

asyncio.run(main())
"""


@pytest.mark.parametrize("stall_ms", [80, 160])
async def test_no_sample_is_lost_to_stalls_of_the_flash(tmp_path: Path, stall_ms: int) -> None:
    settings = BoardSettings(utc_s=UTC_S, speed=60, track=track(tmp_path / "run", 300))
    lines = await printed(tmp_path, MAIN.replace("STALL_MS", str(stall_ms)), settings)
    assert ["lost", "0", "0", "0", "0"] in lines
    ((_, heart_hz, motion_hz),) = [line for line in lines if line[0] == "rates"]
    assert int(heart_hz) in (24, 25) and int(motion_hz) in (25, 26)


async def test_a_stall_longer_than_the_fifo_would_be_seen(tmp_path: Path) -> None:
    settings = BoardSettings(utc_s=UTC_S, speed=60, track=track(tmp_path / "run", 300))
    lines = await printed(tmp_path, MAIN.replace("STALL_MS", "1500"), settings)
    ((_, seconds, heart, _, overruns),) = [line for line in lines if line[0] == "lost"]
    assert int(heart) > 0
    assert seconds == overruns == "0", "a solution a second fills the UART's buffer in 20 s only"


async def test_a_full_line_fits_the_uarts_buffer_for_two_stalls(tmp_path: Path) -> None:
    lines = await printed(tmp_path, FULL_LINE, BoardSettings(utc_s=UTC_S, speed=1))
    ((_, waiting, missing, overruns),) = [line for line in lines if line[0] == "full"]
    assert int(waiting) > 850, "the line was not full"
    assert missing == overruns == "0"
