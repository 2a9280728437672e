"""Keeps tasks running: one that dies leaves a CRASH record with its traceback and is started again after a while.

Nothing here knows the board or the journal, so that the same runs under test.
"""

import io
import sys

FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 60_000
LONG_LIFE_S = 120  # who has lived for so long begins anew when it dies
ESSENTIAL_DEATHS = 3  # in a row: then only a reset helps

_TEXT = 250  # bytes of a CRASH record, less a margin


class Supervisor:
    """Supervision of the tasks of one board.

    `sleep_ms(ms)` is a coroutine function, `now_s()` tells device seconds, `leave(text)` writes a CRASH record and
    never raises, `give_up()` resets the board.
    """

    def __init__(self, sleep_ms, now_s, leave, give_up) -> None:
        self._sleep_ms = sleep_ms
        self._now_s = now_s
        self._leave = leave
        self._give_up = give_up
        self.deaths = 0  # of all tasks since boot

    async def keep(self, name: str, task, essential: bool = False) -> None:
        """Run the coroutine function `task` again and again, for ever.

        Deaths in quick succession are told at the 1st, 2nd, 4th, 8th … so that a task that cannot live does not fill
        the journal. An essential task that keeps dying ends in give_up().
        """
        in_a_row = 0
        while True:
            began_s = self._now_s()
            text = "ended"
            try:
                await task()
            except Exception as error:  # noqa: BLE001 (the top of a task)
                text = traceback_text(error)
            if self._now_s() - began_s >= LONG_LIFE_S:
                in_a_row = 0
            in_a_row += 1
            self.deaths += 1
            if in_a_row & (in_a_row - 1) == 0 or (essential and in_a_row >= ESSENTIAL_DEATHS):
                self._leave(crash_text(f"{name}, death {in_a_row}", text))
            if essential and in_a_row >= ESSENTIAL_DEATHS:
                self._give_up()
            await self._sleep_ms(min(FIRST_PAUSE_MS << min(in_a_row - 1, 6), LONGEST_PAUSE_MS))


def crash_text(who: str, traceback: str) -> str:
    """Return what a CRASH record can hold: who it was, and the traceback's end, where the error is named."""
    room = _TEXT - len(who.encode()) - 2
    tail = traceback.strip().encode()[-room:]
    while tail and tail[0] & 0xC0 == 0x80:  # begin at a character
        tail = tail[1:]
    return who + ": " + tail.decode()


def traceback_text(error: BaseException) -> str:
    """Return the traceback as MicroPython prints it."""
    # The stubs do not know what StringIO can do here.
    text = io.StringIO()
    sys.print_exception(error, text)  # type: ignore[arg-type]
    return text.getvalue()  # type: ignore[attr-defined]
