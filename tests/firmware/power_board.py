"""The whole firmware on the virtual board, with a spy at the chips: what is powered, second by second."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from firmware.gps_board import IDENTITY, UTC_S, track
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import stage
from paceline_tools.virtual.settings import BoardSettings
from paceline_tools.virtual.wearable import VirtualWearable

SPEED = 600  # what shall happen is ordered at its second beforehand: no test is late

MAIN = """
import asyncio, board
from silicon import bench
from wearable import app
from wearable.start import run

parts = []

class Seen(app.Sensors):
    def __init__(self, *given):
        super().__init__(*given)
        parts.append(self)

app.Sensors = Seen
LINES

async def spy():
    while True:
        heart, motion = bench.i2c_devices[0x57], bench.i2c_devices[0x6A]
        gps = bench.uart_peer
        if parts:
            pulse, steps = parts[0].pulse, parts[0].motion
            print("state", bench.clock.now_us() // 1000000, *[int(one) for one in (
                gps.standby, gps.saving(), heart.asleep(), motion.low_power(), motion.watermark(),
                pulse._sensor.lost, steps._sensor.overruns, pulse.line.missed, steps.line.missed,
                pulse.heart.bpm, steps.cadence.spm,
            )])
        await asyncio.sleep_ms(1000)

async def main():
    asyncio.create_task(spy())
    await run(board)

asyncio.run(main())
"""


class State:
    """What the spy saw in one second since the boot."""

    def __init__(self, words: list[str]) -> None:
        numbers = [int(word) for word in words[1:]]
        self.second = numbers[0]
        self.gps_sleeps, self.gps_saves, self.heart_sleeps, self.motion_saves = map(bool, numbers[1:5])
        self.motion_calls_at = numbers[5]
        self.heart_lost, self.motion_overruns, self.heart_missed, self.motion_missed = numbers[6:10]
        self.heart_bpm, self.cadence_spm = numbers[10:]


def states(wearable: VirtualWearable, begin_s: int = 0, end_s: int = 1 << 30) -> list[State]:
    """What was seen from second `begin_s` on, up to but without `end_s`."""
    seen = [State(line.split()) for line in list(wearable.lines) if line.startswith("state ")]
    return [one for one in seen if begin_s <= one.second < end_s]


@asynccontextmanager
async def worn(folder: Path, lines: str = "", **settings: object) -> AsyncIterator[VirtualWearable]:
    """Wear the board on a run; `lines` are put into its main.py, before the firmware starts."""
    tree = folder / "state" / "stage"
    stage(tree)
    (tree / "main.py").write_text(MAIN.replace("LINES", lines))
    given = {"utc_s": UTC_S, "speed": SPEED, "journal_bytes": 16 * 4096, "track": track(folder / "run", 3600)}
    wearable = VirtualWearable(RadioLink(), folder / "state", IDENTITY, BoardSettings(**{**given, **settings}))
    await wearable.switch_on()
    try:
        yield wearable
    finally:
        await wearable.switch_off()


async def all_until(second: float, wearable: VirtualWearable, *ordered: Coroutine[object, object, None]) -> None:
    """Order presses, all of them now; wait until they are over and the world is that many seconds behind its begin."""
    await asyncio.gather(*ordered, until(wearable, second))


async def until(wearable: VirtualWearable, second: float) -> None:
    """Wait until the world is that many seconds behind the first boot."""
    await wearable.wait_until(lambda: wearable.world.utc_s() >= UTC_S + second, 120)
