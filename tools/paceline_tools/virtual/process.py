"""One run of a board: the micropython process from power-on to its end, and how it ended."""

import asyncio
import enum
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

BOARD = Path(__file__).parent / "board"


class Ending(enum.Enum):
    """Why a process ended."""

    POWER_CUT = "power cut"  # ordered, during a flash operation
    RESET = "reset"  # by the firmware or its watchdog
    KILLED = "killed"  # by kill()
    FINISHED = "finished"  # main.py returned
    CRASHED = "crashed"  # main.py raised


_ENDINGS = {
    -signal.SIGUSR1: Ending.POWER_CUT,
    -signal.SIGUSR2: Ending.RESET,
    -signal.SIGKILL: Ending.KILLED,
    0: Ending.FINISHED,
}


def micropython(python: str = sys.executable, path: str | None = None) -> str:
    """The interpreter: beside this Python, else on the path (default: the process’s own); FileNotFoundError without."""
    beside = Path(python).with_name("micropython")
    found = str(beside) if beside.exists() else shutil.which("micropython", path=path)
    if found is None:
        raise FileNotFoundError("micropython is neither beside this Python nor on the path")
    return found


class BoardProcess:
    """A running board; its standard output goes to `on_line`."""

    def __init__(self, process: asyncio.subprocess.Process, on_line: Callable[[str], None]) -> None:
        self._process = process
        self._reading = asyncio.create_task(self._read(on_line))

    @classmethod
    async def start(cls, boot_file: Path, stage: Path, heap: str, on_line: Callable[[str], None]) -> "BoardProcess":
        """Switch on with what the boot file says, in the staged tree."""
        path = f"{stage}:.frozen:{stage / 'lib'}"
        process = await asyncio.create_subprocess_exec(
            micropython(),
            "-X",
            f"heapsize={heap}",
            str(BOARD / "power_on.py"),
            str(boot_file),
            cwd=stage,
            env={**os.environ, "MICROPYPATH": path},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
            start_new_session=True,  # Ctrl-C of a terminal is for the host, which takes the power away in its own time
        )
        return cls(process, on_line)

    def kill(self) -> None:
        """End it at once; nothing when it has ended."""
        if self._process.returncode is None:
            self._process.kill()

    async def wait(self) -> Ending:
        """Wait for its end, all its output read."""
        await self._reading
        return _ENDINGS.get(await self._process.wait(), Ending.CRASHED)

    async def _read(self, on_line: Callable[[str], None]) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            on_line(line.decode(errors="replace").rstrip("\r\n"))
