"""The person who wears the virtual wearable: switches it on, presses its button, and is where the track says."""

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from paceline_protocol.errors import JournalError
from paceline_protocol.page import PAGE_SIZE, parse_header
from paceline_protocol.records import SESSION_END, SESSION_START, iter_records

from paceline_tools.line.errors import LineError
from paceline_tools.line.places import Places
from paceline_tools.line.plan import TAIL_S, Plan
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import staged_files
from paceline_tools.track import Track, pack_track
from paceline_tools.virtual.provision import provision, set_value
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

FAST_SPEED, BRISK_SPEED, CAREFUL_SPEED, CAREFUL_S = 200.0, 30.0, 8.0, 8.0
"""A world's time is told every 0.1 s: the nearer the real time is, the more slowly it is caught up with."""
HEAD_START_S = 45.0
"""The live workout begins that long before now: samples come in chunks of 25 s, and the page should show some."""
EARLY_S = 2
"""The wearer presses start that long before a track begins."""
STEPS, LONGEST_STEP_S, STEP_LIMIT_S = 20, 60.0, 120.0
"""A workout is told in so many steps or more, of at most so many virtual seconds, each within so many real ones."""


class Wearer:
    """Plays tracks on one wearable in the data directory; `wearable` is the device itself."""

    def __init__(self, link: RadioLink, places: Places, boot_utc_s: int, sport: int) -> None:
        self._places = places
        self._sport = sport
        identity = Identity(*(bytes.fromhex(file.read_text()) for file in (places.device_id, places.device_key)))
        settings = BoardSettings(utc_s=boot_utc_s, speed=1.0)
        self._log = (places.logs / "wearable.log").open("a", encoding="utf-8")
        self.wearable = VirtualWearable(link, places.wearable, identity, settings, on_line=self._line)

    async def switch_on(self) -> None:
        """Boot today's firmware on the flash of the last time, and end a workout that was under way when it stopped."""
        wearable = self.wearable
        await asyncio.to_thread(provision, wearable.state, wearable.identity, wearable.settings.journal_bytes)
        flash_firmware(wearable.state / "stage")
        set_value(wearable.state, "app", b"")  # the copy just put there runs, not one that came over the air
        set_value(wearable.state, "sport", bytes([self._sport]))
        under_way = workout_is_open(wearable.flash_path)
        await wearable.switch_on()
        if under_way:
            await self.wearable.end_workout()

    async def wear_out(self) -> LineError:
        """Wait until it ends by itself, and return what to tell about it."""
        await self.wearable.wait_until(lambda: not self.wearable.on, limit_s=366 * 86400)
        return LineError(f"The wearable ended: {' / '.join(list(self.wearable.lines)[-3:]) or 'without a word'}")

    async def run_finished(self, track: Track, plan: Plan, tell: Callable[[float], None]) -> None:
        """Do a whole workout at the plan's speed; `tell` hears the part that is done, 0 … 1.

        LineError when the wearable's world stands still.
        """
        self._load("finished", track, plan.start_utc_s)
        self.wearable.set_speed(plan.speed)
        await self.wearable.press("start", at_utc_s=plan.start_utc_s - EARLY_S)
        stopping = asyncio.create_task(self.wearable.end_workout(plan.end_utc_s + TAIL_S))
        try:
            length = plan.end_utc_s - plan.start_utc_s
            while self.utc_s() < plan.end_utc_s:
                await self._reach(min(self.utc_s() + min(length / STEPS, LONGEST_STEP_S), plan.end_utc_s))
                tell(min((self.utc_s() - plan.start_utc_s) / length, 1.0))
            await stopping
        finally:
            stopping.cancel()
        self.wearable.set_speed(1)

    async def begin_live(self, track: Track, now: Callable[[], float] = time.time) -> float:
        """Begin a workout shortly before now in the wearable's time, catch up with it, then run as the real time does.

        Returns when the track ends, in Unix seconds.
        """
        start = int(max(self.utc_s(), now() - HEAD_START_S)) + 2 * EARLY_S
        self._load("live", track, start)
        self.wearable.set_speed(FAST_SPEED)
        await self.wearable.press("start", at_utc_s=start - EARLY_S)
        self.wearable.set_speed(BRISK_SPEED)
        await self._catch_up(lambda: now() - CAREFUL_S)
        self.wearable.set_speed(CAREFUL_SPEED)
        await self._catch_up(lambda: now() - 1)
        self.wearable.set_speed(1)
        return start + float(track["second"][-1])

    async def end(self) -> None:
        """End the workout that is under way."""
        await self.wearable.end_workout()

    async def switch_off(self) -> None:
        """Take its power away."""
        await self.wearable.switch_off()
        self._log.close()

    def utc_s(self) -> float:
        """Its world's time."""
        return self.wearable.world.utc_s()

    async def _reach(self, utc_s: float) -> None:
        await self._catch_up(lambda: utc_s)

    async def _catch_up(self, goal: Callable[[], float]) -> None:
        try:
            await self.wearable.wait_until(lambda: self.utc_s() >= goal(), STEP_LIMIT_S)
        except TimeoutError:
            raise LineError(f"The wearable's time stood still for {STEP_LIMIT_S:.0f} s") from None

    def _load(self, name: str, track: Track, start_utc_s: int) -> None:
        path = self._places.wearable / f"{name}.track"
        path.write_bytes(pack_track(track))
        self.wearable.load_track(TrackInput(path, start_utc_s))

    def _line(self, line: str) -> None:
        self._log.write(line + "\n")
        self._log.flush()


def workout_is_open(flash: Path) -> bool:
    """Whether the journal in a file of flash cells ends within a workout."""
    pages: dict[int, bytes] = {}
    with flash.open("rb") as file:
        while page := file.read(PAGE_SIZE):
            try:
                pages[parse_header(page).number] = page
            except JournalError:
                continue  # erased, or torn by a power cut
    is_open = False
    for number in sorted(pages):
        for _, kind, _payload in iter_records(pages[number]):
            if kind in (SESSION_START, SESSION_END):
                is_open = kind == SESSION_START
    return is_open


def flash_firmware(stage: Path) -> None:
    """Put today's firmware on a board that has an older one; what the board wrote itself stays."""
    for old in stage.rglob("*.py"):
        old.unlink()
    for name, origin in staged_files():
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, target)
