"""The board loses its power at ordered flash operations, is reset and killed; what was programmed stays."""

import random
from pathlib import Path

import pytest
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.settings import PowerCut
from paceline_tools.virtual.wear import erases_by_block
from tools.on_board import UTC_S, board_with, printed_by, small_board

# Programs byte n of block 0 with n at operation n, from where the flash ends.
WRITER = """
import asyncio, esp32, machine, time
flash = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")[0]
cells = bytearray(4096)
flash.readblocks(0, cells)
print("boot", machine.reset_cause(), bytes(cells[:80]).rstrip(b"\\xff").hex())
at = len(bytes(cells).rstrip(b"\\xff"))
async def main():
    global at
    while at < 60:
        flash.writeblocks(0, bytes([at]), at)
        at += 1
        await asyncio.sleep_ms(20)
    print("done", flash.ioctl(4, 0), flash.ioctl(5, 0))
try:
    asyncio.run(main())
finally:
    print("a handler ran")
"""


async def test_a_cut_during_operation_n_keeps_the_n_minus_1_before_it(tmp_path: Path) -> None:
    settings = small_board(speed=20, power_cut=PowerCut(at=31, seed=4), outage_s=7.0)
    async with board_with(tmp_path / "state", WRITER, settings) as wearable:
        await wearable.wait_for_line("done", 20)
        await wearable.wait_until(lambda: not wearable.on, 10)
        lines = list(wearable.lines)
        assert wearable.endings == [Ending.POWER_CUT, Ending.FINISHED]
        assert wearable.world.utc_s() > UTC_S + 7
    assert lines[0] == "boot 1 "
    assert lines[1].startswith("boot 1 " + bytes(range(30)).hex())
    assert lines[2:] == ["done 16 4096", "a handler ran"], "no handler ran when the power failed"
    flash = wearable.flash_path.read_bytes()
    assert len(flash) == 16 * 4096 and flash[:30] == bytes(range(30)) and set(flash[60:]) == {0xFF}


async def test_random_cuts_ordered_while_it_runs_lose_at_most_the_operation_they_hit(tmp_path: Path) -> None:
    chance = random.Random(11)
    async with board_with(tmp_path / "state", WRITER, small_board(speed=5)) as wearable:
        for cut in range(1, 4):
            await wearable.wait_until(lambda cut=cut: wearable.boots == cut and "journal" in wearable.world.flash, 10)
            wearable.cut_power(PowerCut(after=chance.randrange(1, 12), seed=cut))
            await wearable.wait_until(lambda cut=cut: len(wearable.endings) == cut, 20)
        await wearable.wait_for_line("done", 20)
        assert wearable.endings[:3] == [Ending.POWER_CUT] * 3
        written = wearable.flash_path.read_bytes()[:60]
        # The byte that a cut hit may hold more ones than its number, never fewer.
        assert all(value & number == number for number, value in enumerate(written))
        assert sum(value != number for number, value in enumerate(written)) <= 3


async def test_without_restart_the_board_stays_off(tmp_path: Path) -> None:
    settings = small_board(power_cut=PowerCut(at=5))
    async with board_with(tmp_path / "state", WRITER, settings, restart=False) as wearable:
        await wearable.wait_until(lambda: not wearable.on, 10)
        assert (wearable.endings, wearable.boots) == ([Ending.POWER_CUT], 1)


async def test_a_firmware_that_raises_stays_down_and_says_why(tmp_path: Path) -> None:
    async with board_with(tmp_path / "state", "raise ValueError('broken')", small_board()) as wearable:
        await wearable.wait_until(lambda: not wearable.on, 10)
        assert wearable.endings == [Ending.CRASHED]
        assert "ValueError: broken" in wearable.lines


WATCHED = """
import machine, time
print("boot", machine.reset_cause())
if machine.reset_cause() == 1:
    watchdog = machine.WDT(timeout=5000)
    time.sleep(4); watchdog.feed(); time.sleep(4)
    print("fed")
    time.sleep(9)
    print("never")
"""


async def test_a_watchdog_that_is_not_fed_resets(tmp_path: Path) -> None:
    lines = await printed_by(tmp_path / "state", WATCHED, small_board(speed=30))
    assert lines == ["boot 1", "fed", "watchdog: not fed in time", "boot 2"]


BUTTONS = """
import asyncio, machine
pin = machine.Pin(1, machine.Pin.IN, machine.Pin.PULL_UP)
pin.irq(lambda p: print("edge", p.value()), machine.Pin.IRQ_FALLING | machine.Pin.IRQ_RISING)
print("level", pin.value(), machine.unique_id().hex())
async def main():
    await asyncio.sleep(3600)
asyncio.run(main())
"""


async def test_buttons_pull_their_pins_low(tmp_path: Path) -> None:
    async with board_with(tmp_path / "state", BUTTONS, small_board(speed=10)) as wearable:
        await wearable.wait_for_line("level", 10)
        await wearable.press("start", 1)
        await wearable.wait_for_line("edge 1", 10)
        assert list(wearable.lines) == [f"level 1 {wearable.identity.mac.hex()}", "edge 0", "edge 1"]


ERASER = """
import esp32
flash = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="journal")[0]
for block in (3, 3, 5):
    flash.ioctl(6, block)
flash.writeblocks(7, bytes(4096))
"""


async def test_erases_are_counted_by_block(tmp_path: Path) -> None:
    await printed_by(tmp_path / "state", ERASER, small_board())
    erases = erases_by_block(tmp_path / "state" / "flash-journal.bin")
    assert {block: count for block, count in enumerate(erases) if count} == {3: 2, 5: 1, 7: 1}
    assert len(erases) == 16


def test_a_cut_is_ordered_one_way() -> None:
    with pytest.raises(ValueError, match="one of the two"):
        PowerCut().arguments()
