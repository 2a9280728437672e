"""MicroPython's prompt on a board, through mpremote: run code, write files, restart."""

import io
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from types import TracebackType
from typing import Any, Self

from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from paceline_tools.flashing.errors import FlashingError

_RETRY_S = 0.3
_ANSWER_S = 10  # from a board that is at work
_RESTART_S = 0.5  # until the port of a restarting board has gone
_THEN = "press RESET, wait for three seconds and repeat the command; if that does not help, flash MicroPython again"


class Prompt:
    """The prompt at a serial port; a context manager. What runs is interrupted. FlashingError when it does not answer.

    `find` gives the port each time anew: a board that restarts may come back under another name.
    """

    def __init__(self, find: Callable[[], str], patience_s: float = 20.0) -> None:
        self._find = find
        self._patience_s = patience_s
        self._transport: Any = None

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def run(self, source: str) -> str:
        """Run a program on the board and return what it prints; FlashingError with the last line of a traceback."""
        try:
            return self._transport.exec(source).decode().replace("\r\n", "\n")
        except TransportExecError as error:
            last = error.error_output.strip().splitlines()[-1:] or ["no traceback"]
            raise FlashingError(f"the board says {last[0]}", _THEN) from error
        except (TransportError, SerialException, OSError) as error:
            raise FlashingError(f"the board has gone: {error}", _THEN) from error

    def write_file(self, path: str, data: bytes) -> None:
        """Write a file whole or not at all: beside its place first, then moved there. Its folders are made."""
        folders = path.split("/")[:-1]
        steps = ["/".join(folders[: count + 1]) for count in range(len(folders))]
        fresh = path + ".new"
        self.run(f"import os\nfor f in {steps!r}:\n try:\n  os.mkdir(f)\n except OSError:\n  pass")
        try:
            self._transport.fs_writefile(fresh, data)
        except (TransportError, SerialException, OSError) as error:
            raise FlashingError(f"{path} could not be written: {error}", _THEN) from error
        self.run(f"import os\nos.rename({fresh!r}, {path!r})")

    def restart(self) -> None:
        """Restart the board as RESET does, and come back to its prompt."""
        self.let_run()
        time.sleep(_RESTART_S)
        self._open()

    def let_run(self) -> None:
        """Restart the board and leave it to what it then runs; the prompt is closed."""
        try:
            self._transport.exec_raw_no_follow("import machine\nmachine.reset()")
        except (TransportError, SerialException, OSError) as error:
            raise FlashingError(f"the board did not restart: {error}", _THEN) from error
        finally:
            self._close()

    def _open(self) -> None:
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                self._transport = SerialTransport(self._find(), timeout=_RETRY_S)
                with redirect_stdout(io.StringIO()):  # mpremote prints what it does not understand
                    self._transport.enter_raw_repl(soft_reset=False, timeout_overall=1)
                self._transport.serial.timeout = _ANSWER_S
                return
            except (FlashingError, TransportError, SerialException, OSError) as error:
                self._close()
                if time.monotonic() > deadline:
                    if isinstance(error, FlashingError):
                        raise
                    raise FlashingError(f"MicroPython does not answer: {error}", _THEN) from error
                time.sleep(_RETRY_S)

    def _close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()
