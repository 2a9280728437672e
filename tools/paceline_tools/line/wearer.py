"""The person who wears the virtual wearable: switches it on, presses its button, and is where the track says."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from paceline_protocol.errors import JournalError
from paceline_protocol.page import PAGE_SIZE, parse_header
from paceline_protocol.records import SESSION_END, SESSION_START, iter_records

from paceline_tools.line.errors import LineError
from paceline_tools.line.places import Places
from paceline_tools.line.plan import Plan
from paceline_tools.radio.link import RadioLink
from paceline_tools.stage import staged_files
from paceline_tools.track import Track, pack_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

CAREFUL_SPEED = 8.0
"""At which a press of a button falls into the second that it is meant for."""
CAREFUL_S = 20.0
HEAD_START_S = 45.0
"""The live workout begins that long before now: samples come in chunks of 25 s, and the page should show some."""


class Wearer:
    """Plays tracks on one wearable in the data directory; `wearable` is the device itself."""

    def __init__(self, link: RadioLink, places: Places, boot_utc_s: int) -> None:
        self._places = places
        identity = Identity(*(bytes.fromhex(file.read_text()) for file in (places.device_id, places.device_key)))
        settings = BoardSettings(utc_s=boot_utc_s, speed=1.0)
        self._log = (places.logs / "wearable.log").open("a", encoding="utf-8")
        self.wearable = VirtualWearable(link, places.wearable, identity, settings, on_line=self._line)

    async def switch_on(self) -> None:
        """Boot today's firmware on the flash of the last time, and end a workout that was under way when it stopped."""
        flash = self.wearable.flash_path
        under_way = flash.exists() and workout_is_open(flash)
        if flash.exists():
            flash_firmware(self._places.wearable / "stage")
        await self.wearable.switch_on()
        if under_way:
            await self.wearable.press("start")

    async def wear_out(self) -> LineError:
        """Wait until it ends by itself, and return what to tell about it."""
        await self.wearable.wait_until(lambda: not self.wearable.on, limit_s=366 * 86400)
        return LineError(f"The wearable ended: {' / '.join(list(self.wearable.lines)[-3:]) or 'without a word'}")

    async def run_finished(self, track: Track, plan: Plan, tell: Callable[[float], None], limit_s: float) -> None:
        """Do a whole workout at the plan's speed; `tell` hears the part that is done, 0 … 1."""
        self._load("finished", track, plan.start_utc_s)
        await self._reach(plan.start_utc_s - 3, CAREFUL_SPEED, limit_s)
        await self.wearable.press("start")
        length = plan.end_utc_s - plan.start_utc_s
        told = 0.0
        while self.utc_s() < plan.end_utc_s - CAREFUL_S:
            told = min(told + 0.05, 1.0)
            goal = min(plan.start_utc_s + told * length, plan.end_utc_s - CAREFUL_S)
            await self._reach(goal, plan.speed, limit_s)
            tell((self.utc_s() - plan.start_utc_s) / length)
        await self._reach(plan.end_utc_s + 1, CAREFUL_SPEED, limit_s)
        await self.wearable.press("start")

    async def begin_live(
        self, track: Track, speed: float, limit_s: float, now: Callable[[], float] = time.time
    ) -> float:
        """Catch up with the real time, beginning a workout shortly before it; then run as the real time does.

        Returns when the track ends, in Unix seconds.
        """
        await self._catch_up(lambda: now() - HEAD_START_S - CAREFUL_S, speed, limit_s)
        await self._catch_up(lambda: now() - HEAD_START_S, CAREFUL_SPEED, limit_s)
        start = int(self.utc_s()) + 2
        self._load("live", track, start)
        await self.wearable.press("start")
        await self._catch_up(lambda: now() - 1, CAREFUL_SPEED, limit_s)
        self.wearable.set_speed(1)
        return start + float(track["second"][-1])

    async def end(self) -> None:
        """End the workout that is under way."""
        await self.wearable.press("start")

    async def switch_off(self) -> None:
        """Take its power away."""
        await self.wearable.switch_off()
        self._log.close()

    def utc_s(self) -> float:
        """Its world's time."""
        return self.wearable.world.utc_s()

    async def _reach(self, utc_s: float, speed: float, limit_s: float) -> None:
        await self._catch_up(lambda: utc_s, speed, limit_s)

    async def _catch_up(self, goal: Callable[[], float], speed: float, limit_s: float) -> None:
        self.wearable.set_speed(speed)
        await self.wearable.wait_until(lambda: self.utc_s() >= goal(), limit_s)

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
