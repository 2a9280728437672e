"""From power-on to a running wearable: in its usual mode, or in safe mode when the last boots died young."""

import asyncio
import sys

from .core import Core
from .kept_state import KeptState
from .supervision import Supervisor, crash_text, traceback_text
from .supervision_boot import ShortLives
from .update.arrival import arrived

_WATCHDOG_MS = 30_000
_BEFORE_RESET_MS = 5_000  # a board that cannot start does not wear its flash by trying again at once


async def run(board) -> None:
    """Run the wearable on a board (see boards/README.md) for ever; NotProvisioned when it has no identity."""
    kept = KeptState(board.nvs)
    for name, size in (("device_id", 8), ("device_key", 32)):
        kept.provisioned(name, size)
    lives = ShortLives(kept, board.reset_cause())
    core = mode = None
    try:
        watchdog = board.watchdog(_WATCHDOG_MS)
        if arrived(board) and _installed(board, kept, lives.trial, watchdog.feed):
            board.reset()
        core = Core(board, kept, watchdog, lives)
        asyncio.get_event_loop().set_exception_handler(_unsupervised(core))
        mode = _mode(core)
        supervisor = Supervisor(asyncio.sleep_ms, core.clock.t_s, core.leave_crash, board.reset)
        lives.trial.deaths = lambda: supervisor.deaths
        await mode.run(supervisor)
    except Exception as error:  # noqa: BLE001 (the top of everything)
        sys.print_exception(error)
        if core:
            core.leave_crash(crash_text("start", traceback_text(error)), mode is not None)
        await asyncio.sleep_ms(_BEFORE_RESET_MS)
        board.reset()


def _installed(board, kept: KeptState, trial, feed) -> bool:
    from .update.install import install

    return install(board, kept.provisioned("device_key", 32), trial, feed)


def _unsupervised(core: Core):
    # Tasks of one connection come and go without supervision; their crashes are told all the same.
    def handle(_, context) -> None:
        core.leave_crash(crash_text("task", traceback_text(context["exception"])))

    return handle


def _mode(core: Core):
    # Imported here: what cannot even be imported must not keep safe mode from running.
    if core.lives.safe_mode:
        from .supervision_safe import SafeMode

        return SafeMode(core)
    from .app import App

    return App(core)
