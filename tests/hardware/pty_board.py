"""A board at a serial port: real MicroPython behind a pseudo-terminal, its files, NVS and flash in a folder.

It boots as a board does: boot.py is left out, main.py runs until it ends or Ctrl-C comes, then there is the prompt.
"""

import contextlib
import fcntl
import json
import os
import pty
import select
import subprocess
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protocol.micropython_process import micropython

MODULES = Path(__file__).parent / "pty_modules"
WHOLE = {"i2c": [0x36, 0x3C, 0x57, 0x5D, 0x6A], "gps": 40, "low": []}
BLOCKS = 40
_START_S = 0.6  # a main.py says nothing; the prompt does


class PtyBoard:
    """See the module. `port` is what a program opens; `boots` counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.boots = 0
        self._host, port = pty.openpty()
        tty.setraw(port)
        self.port = os.ttyname(port)
        self._port = port  # kept open: closing the last one would end the terminal
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Switch it off."""
        self._stop.set()
        if self._process is not None:
            self._process.kill()
        self._thread.join(10)
        os.close(self._host)
        os.close(self._port)

    def put(self, name: str, text: str) -> None:
        """Put a file onto it, past its prompt."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def nvs(self) -> dict[str, str]:
        """What lies in its NVS, in hexadecimal."""
        path = self.folder / "paceline.nvs"
        return json.loads(path.read_text()) if path.exists() else {}

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._life()

    def _life(self) -> None:
        """One boot, until the process ends."""
        self.boots += 1
        born, spoken = time.monotonic(), False
        terminal, child = pty.openpty()
        _let_interrupt(child)
        main = ["main.py"] if (self.folder / "main.py").exists() else []
        self._process = subprocess.Popen(
            [micropython(), "-i", *main],
            cwd=self.folder,
            env={"MICROPYPATH": f".:.frozen:{MODULES}"},
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
            preexec_fn=lambda: _own_terminal(child),  # noqa: PLW1509 (one ioctl, no lock is taken)
        )
        os.close(child)
        with contextlib.suppress(OSError):
            while not self._stop.is_set():
                # What is sent while the interpreter starts waits, or a Ctrl-C would end it.
                started = spoken or time.monotonic() > born + _START_S
                ready, _, _ = select.select([terminal, self._host] if started else [terminal], [], [], 0.05)
                for source in ready:
                    data = os.read(source, 4096)
                    spoken |= source == terminal
                    os.write(self._host if source == terminal else terminal, data)
                if self._process.poll() is not None and not ready:
                    break
        self._process.kill()
        self._process.wait(10)
        os.close(terminal)


def _let_interrupt(child: int) -> None:
    """Bytes as they are, but Ctrl-C interrupts what runs, as on a board."""
    tty.setraw(child)
    modes = termios.tcgetattr(child)
    modes[3] |= termios.ISIG
    modes[6][termios.VQUIT] = modes[6][termios.VSUSP] = b"\0"
    termios.tcsetattr(child, termios.TCSANOW, modes)


def _own_terminal(child: int) -> None:
    fcntl.ioctl(child, termios.TIOCSCTTY, 0)


@contextmanager
def pty_board(folder: Path) -> Iterator[PtyBoard]:
    """A board with a blank journal and every part on its bus."""
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(WHOLE))
    (folder / "journal.flash").write_bytes(b"\xff" * 4096 * BLOCKS)
    board = PtyBoard(folder)
    try:
        yield board
    finally:
        board.close()
