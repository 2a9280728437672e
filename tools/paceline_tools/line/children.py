"""The programs of the line as child processes: started, watched, stopped by their own id."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from paceline_tools.line.errors import LineError

T = TypeVar("T")

STOP_S = 8.0
TAIL_LINES = 4


class Child:
    """One program. Ctrl-C of the terminal does not reach it: the line stops its programs itself, in order."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @classmethod
    async def start(cls, name: str, arguments: Sequence[str], log: Path) -> "Child":
        """Start a program whose output goes to the end of a log file."""
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ended(self) -> LineError:
        """Wait until it ends by itself, and return what to tell about it."""
        status = await self._process.wait()
        return LineError(
            f"The {self.name} ended (status {status}): {self.last_words()}", f"All it said is in {self.log}"
        )

    async def stop(self) -> None:
        """Ask it to end, and end it when it has not within STOP_S."""
        if self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End it at once, as a crash would; nothing when it has ended."""
        if self._process.returncode is None:
            self._process.kill()

    def last_words(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return " / ".join(line.strip() for line in lines[-TAIL_LINES:]) or "without a word"


async def run_once(name: str, arguments: Sequence[str], timeout_s: float = 60) -> str:
    """Run a program to its end and return what it printed; LineError with its complaint when it fails."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(timeout_s):
            output, complaint = await process.communicate()
    except (TimeoutError, asyncio.CancelledError):
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:] or ["without a word"]
        raise LineError(f"{name} failed: {last[0]}")
    return output.decode()


@asynccontextmanager
async def lifetime(child: Child) -> AsyncIterator[Child]:
    """Stop the child at the end, whatever happens in between."""
    try:
        yield child
    finally:
        await child.stop()


async def while_alive(watches: Sequence[Coroutine[Any, Any, LineError]], work: Coroutine[Any, Any, T]) -> T:
    """Do the work; when one of the watches returns before it is done, stop the work and raise what it returned."""
    working = asyncio.create_task(work)
    watching = [asyncio.create_task(watch) for watch in watches]
    try:
        await asyncio.wait([working, *watching], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return await working
        raise next(task.result() for task in watching if task.done())
    finally:
        for task in (working, *watching):
            task.cancel()
        await asyncio.gather(working, *watching, return_exceptions=True)
