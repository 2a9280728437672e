"""A wearable without hardware: the staged firmware in real MicroPython, its Bluetooth stack on a virtual link.

wearable = VirtualWearable(link, Path("state"), identity, BoardSettings(utc_s=1_700_000_000, speed=60))
await wearable.switch_on()
await wearable.press("start", 0.2)
await wearable.switch_off()
"""

import asyncio
import json
import logging
import shutil
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.boot_file import HARD_RESET, POWER_ON, Power, boot_settings, track_arguments
from paceline_tools.virtual.cable import Cable, Result
from paceline_tools.virtual.peripheral import Peripheral
from paceline_tools.virtual.process import BoardProcess, Ending
from paceline_tools.virtual.provision import JOURNAL_LABEL, provision
from paceline_tools.virtual.settings import BUTTONS, BoardSettings, Identity, PowerCut, TrackInput
from paceline_tools.virtual.world import Picture, World

_log = logging.getLogger(__name__)
_KEPT_LINES = 5000

END_HELD_S = 2.0
"""START is held so long to end a workout; the firmware asks for one second."""


class VirtualWearable:
    """One device in a state directory that survives every restart. `lines` is what its firmware printed.

    After a reset it starts again by itself; after a power cut as well when `restart` says so. `endings` holds how each
    run ended, `ended_utc_s` when, in the world's time, `boots` counts them.
    """

    def __init__(
        self,
        link: RadioLink,
        state: Path,
        identity: Identity,
        settings: BoardSettings,
        *,
        restart: bool = True,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.state = state.resolve()
        self.identity = identity
        self.settings = settings
        self.restart = restart
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self.endings: list[Ending] = []
        self.ended_utc_s: list[float] = []
        self.boots = 0
        self.world = World(settings.utc_s, settings.speed)
        self.peripheral: Peripheral | None = None
        self._link = link
        self._on_line = on_line
        self._track = settings.track
        self._power_cut = settings.power_cut
        self._cable: Cable | None = None
        self._process: BoardProcess | None = None
        self._pictures = 0
        self._life: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._waking: set[asyncio.Task[None]] = set()

    @property
    def flash_path(self) -> Path:
        """The journal partition's cells, byte for byte."""
        return self.state / f"flash-{JOURNAL_LABEL}.bin"

    @property
    def on(self) -> bool:
        """Whether it runs, or is about to run again."""
        return self._life is not None and not self._life.done()

    async def switch_on(self) -> None:
        """Provision it if it is new, start it, and return when its board is up."""
        if self.on:
            return
        await asyncio.to_thread(provision, self.state, self.identity, self.settings.journal_bytes)
        boots = self.boots
        self._life = asyncio.create_task(self._live())
        await self.wait_until(lambda: self.boots > boots or not self.on, limit_s=90)
        if not self.on:
            await self._life

    async def switch_off(self) -> None:
        """Take its power away for good; what it had on flash stays."""
        self.restart = False
        self.kill()
        if self._life is not None:
            await self._life
            self._life = None

    def kill(self) -> None:
        """Power cut at this moment (kill -9), between flash operations as it falls."""
        if self._process is not None:
            self._process.kill()

    def set_speed(self, speed: float) -> None:
        """Change the upper bound of virtual seconds per second, from now on."""
        self.world.set_speed(speed)
        self._command("speed", speed=speed)

    def load_track(self, track: TrackInput) -> None:
        """Play another track, now and after restarts."""
        self._track = track
        self._command("track", **track_arguments(track))

    def cut_power(self, cut: PowerCut) -> None:
        """Order one power cut; it holds for this run."""
        self._command("power_cut", **cut.arguments())

    def hold(self, button: str, down: bool) -> None:
        """Press or let go of a button (`start`, `lap`), which pulls its pin low."""
        self._command("pin", pin=BUTTONS[button], level=0 if down else None)

    async def press(self, button: str, virtual_s: float = 0.2, at_utc_s: float | None = None) -> None:
        """Press a button for exactly that long in the world's time, now or at a time to come; returns afterwards."""
        begin = max(self.world.utc_s(), at_utc_s or 0)
        self._command("press", pin=BUTTONS[button], at_utc_us=_us(at_utc_s), for_us=int(virtual_s * 1_000_000))
        limit_s = 60.0 + 2 * (begin + virtual_s - self.world.utc_s())
        await self.wait_until(lambda: self.world.utc_s() > begin + virtual_s or not self.on, limit_s)

    async def end_workout(self, at_utc_s: float | None = None) -> None:
        """Hold START until the workout under way is paused and ended; returns afterwards."""
        await self.press("start", END_HELD_S, at_utc_s)

    def unplug(self, chip: str, at_utc_s: float | None = None) -> None:
        """Take a chip (`heart`, `motion`, `gauge`, `air`) off the bus, as a broken joint would: now or at a time."""
        self._command("unplug", chip=chip, at_utc_us=_us(at_utc_s))

    def plug(self, chip: str, at_utc_s: float | None = None) -> None:
        """Put it back, now or at a time to come."""
        self._command("plug", chip=chip, at_utc_us=_us(at_utc_s))

    def set_charge(self, percent: float, at_utc_s: float | None = None) -> None:
        """Put the battery at that charge, now or at a time to come."""
        self._command("charge", percent=percent, at_utc_us=_us(at_utc_s))

    async def picture(self, at_utc_s: float | None = None) -> Picture:
        """What its display shows now, or at a time to come."""
        self._pictures += 1
        number = self._pictures
        self._command("picture", number=number, at_utc_us=_us(at_utc_s))
        limit_s = 60.0 + 2 * max(0.0, (at_utc_s or 0) - self.world.utc_s())
        await self.wait_until(lambda: number in self.world.pictures, limit_s)
        return self.world.pictures.pop(number)

    async def wait_until(self, true: Callable[[], bool], limit_s: float) -> None:
        """Wait until something about it is so: checked at each printed line, report and end; TimeoutError beyond."""
        async with asyncio.timeout(limit_s), self._changed:
            await self._changed.wait_for(true)

    async def wait_for_line(self, text: str, limit_s: float, after: int = 0) -> str:
        """Wait for a printed line that contains the text, skipping the first `after` lines kept."""

        def found() -> str | None:
            return next((line for line in list(self.lines)[after:] if text in line), None)

        await self.wait_until(lambda: found() is not None, limit_s)
        line = found()
        assert line is not None
        return line

    async def _live(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="paceline-"))
        try:
            cause = POWER_ON
            while True:
                ending = await self._run(folder, cause)
                self.endings.append(ending)
                self.ended_utc_s.append(self.world.reported_utc_s)
                _log.info("wearable %s: %s after boot %d", self.identity.device_id.hex(), ending.value, self.boots)
                if not self.restart or ending in (Ending.FINISHED, Ending.CRASHED):
                    return
                if ending is Ending.KILLED or ending is Ending.POWER_CUT:
                    cause = POWER_ON
                    self.world.lose_power(self.settings.outage_s)
                else:
                    cause = HARD_RESET
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._wake()

    async def _run(self, folder: Path, cause: int) -> Ending:
        socket = folder / "board.sock"
        socket.unlink(missing_ok=True)
        self.world.switch_on()
        boot_file = folder / "boot.json"
        power = Power(cause, int(self.world.utc_s() * 1_000_000), self.world.speed, self._track, self._power_cut)
        boot_file.write_text(json.dumps(boot_settings(self.settings, self.identity, self.state, socket, power)))
        self._power_cut = None
        plugged: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        unplugged = asyncio.Event()

        async def plug(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._cable = Cable(reader, writer, self._call, self._report)
            self.peripheral = Peripheral(self._link, self.identity.radio_address, self._cable)
            if not plugged.done():
                plugged.set_result(None)
            await self._cable.serve()
            unplugged.set()

        server = await asyncio.start_unix_server(plug, str(socket))
        try:
            self._process = await BoardProcess.start(boot_file, self.state / "stage", self.settings.heap, self._line)
            ended = asyncio.create_task(self._process.wait())
            await asyncio.wait((ended, plugged), return_when=asyncio.FIRST_COMPLETED)
            if plugged.done():
                self.boots += 1
                self._wake()
            ending = await ended
            if plugged.done():
                await unplugged.wait()  # its last report has come
            return ending
        finally:
            self._unplug()
            server.close()
            await server.wait_closed()

    async def _call(self, method: str, arguments: list[Any], payload: bytes) -> Result:
        assert self.peripheral is not None
        return await self.peripheral.call(method, arguments, payload)

    def _report(self, report: dict[str, Any]) -> None:
        self.world.heard(report)
        self._wake()

    def _line(self, line: str) -> None:
        self.lines.append(line)
        if self._on_line is not None:
            self._on_line(line)
        self._wake()

    def _command(self, name: str, **arguments: Any) -> None:
        if self._cable is not None:
            self._cable.command(name, arguments)

    def _unplug(self) -> None:
        if self.peripheral is not None:
            self.peripheral.leave()
        self.peripheral = None
        self._cable = None
        self._process = None

    def _wake(self) -> None:
        async def notify() -> None:
            async with self._changed:
                self._changed.notify_all()

        task = asyncio.get_running_loop().create_task(notify())
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)


def _us(utc_s: float | None) -> int | None:
    return None if utc_s is None else int(utc_s * 1_000_000)
