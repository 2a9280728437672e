"""Safe mode: journal and link only, for a wearable whose last boots all died young. It ends by itself."""

import asyncio

from .core import SAFE_MODE
from .errors import Refused
from .recorder import IDLE

_BEAT_MS = 1_000
_LASTS_S = 600  # then the board tries again as usual


class SafeMode:
    """The wearable in safe mode; what was recorded can be fetched, and whatever the link can repair is repaired."""

    def __init__(self, core) -> None:
        self._core = core
        core.write_boot()
        core.alert(SAFE_MODE, 0)
        core.tell_damage()
        core.clock.on_anchor = core.set_rtc
        self._link = core.make_link(Nobody(), Nobody())

    async def run(self, supervisor) -> None:
        """Serve the link, then reset."""
        asyncio.create_task(supervisor.keep("link", self._link.run, True))
        await supervisor.keep("safe mode", self._beat, True)

    async def _beat(self) -> None:
        core = self._core
        while core.clock.t_s() < _LASTS_S:
            core.watchdog.feed()
            core.lives.lived(core.clock.t_s())
            core.kept.keep_confirmed(core.journal.epoch, core.journal.confirmed, core.clock.t_s())
            await asyncio.sleep_ms(_BEAT_MS)
        core.board.reset()


class Nobody:
    """Stands where recorder and battery are in a wearable that records: nothing measured, everything refused."""

    state = IDLE
    session = fix = user = 0
    percent = 0
    millivolt = 0

    def start(self, *_: int) -> int:
        """Refused."""
        raise Refused("the wearable is in safe mode")

    stop = lap = pause = resume = start
