"""Time on the virtual board: sleeps are exact, asyncio follows, the speed bounds it, counters wrap as on the chip."""

import time
from pathlib import Path

from tools.on_board import UTC_S, board_with, printed_by, small_board

SLEEP = """
import asyncio, time
async def main():
    begin = time.ticks_ms()
    await asyncio.sleep(60)
    print("slept", time.ticks_diff(time.ticks_ms(), begin))
asyncio.run(main())
"""


async def test_a_minute_of_asyncio_takes_a_second_at_speed_60(tmp_path: Path) -> None:
    begun = time.monotonic()
    (line,) = await printed_by(tmp_path / "state", SLEEP, small_board(speed=60))
    assert time.monotonic() - begun >= 0.95  # never faster than the speed, however fast the machine
    assert 60_000 <= int(line.split()[1]) <= 60_100


async def test_the_speed_can_be_changed_while_it_sleeps(tmp_path: Path) -> None:
    source = SLEEP.replace("sleep(60)", "sleep(3600)").replace("begin =", "print('up'); begin =")
    async with board_with(tmp_path / "state", source, small_board(speed=1)) as wearable:
        await wearable.wait_for_line("up", 10)
        wearable.set_speed(3600)
        line = await wearable.wait_for_line("slept", 20)
    assert 3_600_000 <= int(line.split()[1]) <= 3_601_000


TIMERS = """
import asyncio, time
from machine import Timer
async def job(name, ms, log):
    await asyncio.sleep_ms(ms)
    log.append(name)
async def main():
    log = []
    jobs = [asyncio.create_task(job(name, ms, log)) for name, ms in (("c", 900), ("a", 100), ("b", 500))]
    await asyncio.gather(*jobs)
    print("order", "".join(log))
    begin = time.ticks_ms()
    try:
        await asyncio.wait_for(job("late", 5000, log), 2)
    except asyncio.TimeoutError:
        print("timeout", time.ticks_diff(time.ticks_ms(), begin) // 100, len(log))
    event = asyncio.Event()
    flag = asyncio.ThreadSafeFlag()
    ticks = []
    timer = Timer(0, mode=Timer.PERIODIC, period=250, callback=lambda t: (ticks.append(time.ticks_ms()), flag.set()))
    for _ in range(3):
        await flag.wait()
    timer.deinit()
    print("timer", time.ticks_diff(ticks[2], ticks[0]) // 10)
    begin = time.ticks_us()
    time.sleep_ms(1500)
    print("blocked", time.ticks_diff(time.ticks_us(), begin) // 10_000)
asyncio.run(main())
"""


async def test_order_timeouts_timers_and_blocking_sleeps_follow_virtual_time(tmp_path: Path) -> None:
    lines = await printed_by(tmp_path / "state", TIMERS, small_board(speed=50))
    assert lines == ["order abc", "timeout 20 3", "timer 50", "blocked 150"]


WRAP = """
import asyncio, time
async def main():
    begin = time.ticks_ms()
    assert begin < 1 << 30
    await asyncio.sleep(3)
    end = time.ticks_ms()
    print(end < begin, time.ticks_diff(end, begin) // 100, time.ticks_diff(time.ticks_add(begin, 3000), begin))
asyncio.run(main())
"""


async def test_ticks_wrap_at_2_to_the_30_and_asyncio_does_not_mind(tmp_path: Path) -> None:
    lines = await printed_by(tmp_path / "state", WRAP, small_board(speed=50, ticks_at_boot_ms=(1 << 30) - 1500))
    assert lines == ["True 30 3000"]


CLOCK = """
import machine, time
print(time.time(), time.gmtime()[:3], machine.RTC().datetime()[:4], machine.reset_cause())
machine.RTC().datetime((2023, 11, 14, 1, 22, 13, 20, 0))
print(time.time() == time.mktime((2023, 11, 14, 22, 13, 20, 1, 318)), time.time() + 946684800)
machine.RTC().memory(b"kept")
"""
CLOCK_AFTER = """
import machine, time
if machine.reset_cause() == 1:
    machine.RTC().datetime((2023, 11, 14, 1, 22, 13, 20, 0))
    machine.RTC().memory(b"kept")
    machine.reset()
print(machine.reset_cause(), time.gmtime()[:4], machine.RTC().memory())
"""


async def test_the_real_time_clock_begins_in_2000_and_can_be_set(tmp_path: Path) -> None:
    lines = await printed_by(tmp_path / "state", CLOCK, small_board())
    assert lines == ["0 (2000, 1, 1) (2000, 1, 1, 5) 1", f"True {UTC_S}"]


async def test_the_real_time_clock_and_its_memory_survive_a_reset(tmp_path: Path) -> None:
    lines = await printed_by(tmp_path / "state", CLOCK_AFTER, small_board())
    assert lines == ["2 (2023, 11, 14, 22) b'kept'"]
