"""What the user sees: one calm line for each step, and one box at the end."""

from collections.abc import Callable, Sequence
from typing import TextIO

QUIET_S = 10.0


class Progress:
    """Writes steps with the seconds since the start.

    A step that takes long is rewritten in place on a terminal, and elsewhere told every QUIET_S.
    """

    def __init__(self, out: TextIO, clock: Callable[[], float]) -> None:
        self._out = out
        self._clock = clock
        self._start = clock()
        self._terminal = out.isatty()
        self._open = False
        self._told = self._start

    def done(self, text: str) -> None:
        """A step is done: a line that stays."""
        self._write(f"  {self._seconds()}  {text}\n")
        self._open = False

    def now(self, text: str) -> None:
        """What goes on at the moment: shown on a terminal until the next line comes."""
        if self._terminal:
            self._write(f"  {self._seconds()}  {text} …")
            self._open = True
        elif self._clock() - self._told >= QUIET_S:
            self._write(f"  {self._seconds()}  {text}\n")

    def box(self, lines: Sequence[str]) -> None:
        """The end of the start: everything that the user needs, framed."""
        width = max(len(line) for line in lines)
        self._write(f"\n  ┌{'─' * (width + 2)}┐\n")
        for line in lines:
            self._write(f"  │ {line:<{width}} │\n")
        self._write(f"  └{'─' * (width + 2)}┘\n\n")

    def end(self) -> None:
        """Nothing more goes on."""
        self._write("")

    def _seconds(self) -> str:
        return f"{self._clock() - self._start:4.0f} s"

    def _write(self, text: str) -> None:
        self._out.write(("\r\x1b[K" if self._open else "") + text)
        self._open = False
        self._told = self._clock()
        self._out.flush()
