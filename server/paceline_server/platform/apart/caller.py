"""The side that asks: starts the process when there is work, gives it one function at a time, survives its death."""

import itertools
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Args = TypeVarTuple("Args")

PROTOCOL = 5
LARGEST_ANSWER = 512 << 20
# What a task has let go is kept for the next, 32 MiB at most: to get pages anew for each took a seventh of its time.
_SURROUNDINGS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1") | dict.fromkeys(
    ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(32 << 20)
)
_numbers = itertools.count()
_CHILD = "paceline_server.platform.apart.child"


class ApartError(Exception):
    """The process died of a function, or the function took too long; says which."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one function may take, how long the process waits for another, how much memory it may have.

    `niceness` lets requests come first.
    """

    job_s: float = 120.0
    idle_s: float = 300.0
    memory_bytes: int = 1 << 30
    niceness: int = 5


class StoppingError(ApartError):
    """Nothing is run any more, as the server is stopping: whose function it was has nothing to do with it."""


class _GoneError(Exception):
    """The process is not there any more."""


class Apart:
    """Runs functions in one process; threads that ask at once wait for each other. Close it when done."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        child = self._child
        return child.process.pid if child is not None and child.process.poll() is None else None

    @property
    def free(self) -> bool:
        """Whether no function runs: who asks now would not wait."""
        return not self._lock.locked()

    def run(self, function: Callable[[*Args], T], *arguments: *Args) -> T:
        """Return what a function of a module's top level gives for the arguments, or raise what it raises; blocks.

        It must be pure: when the process dies under it, it is run once more in a new one. ApartError when that dies
        too, or when it takes longer than it may.
        """
        task = pickle.dumps((function, arguments), PROTOCOL)
        with self._lock:
            try:
                done, value = self._ask(task)
            except _GoneError:  # of idleness just now, or by another's hand: that is no fault of the task
                try:
                    done, value = self._ask(task)
                except _GoneError as error:
                    raise ApartError(f"the process died of {function.__qualname__}: {error}") from None
            except TimeoutError:
                limit_s = self._limits.job_s
                raise ApartError(f"{function.__qualname__} took longer than {limit_s:g} s and was ended") from None
        if not done:
            raise value
        return value

    def close(self, wait_s: float = 5.0) -> None:
        """End the process, after what it is at if that ends in time. Nothing is run afterwards."""
        self._closed = True
        held = self._lock.acquire(timeout=wait_s)
        child = self._child
        if not held:
            if child is not None:
                child.process.kill()  # who waits for it notices, and tidies up
            return
        if child is not None:
            child.end()
            self._child = None
        self._lock.release()

    def _ask(self, task: bytes) -> tuple[bool, Any]:
        if self._closed:
            raise StoppingError("the server is stopping")
        if self._child is None:
            self._child = _Child(self._limits)
        child = self._child
        try:
            return child.ask(task, self._limits.job_s)
        except (_GoneError, TimeoutError):
            self._child = None
            child.end()
            self.deaths += 1
            raise


class _Child:
    """One process, and the line to it."""

    def __init__(self, limits: Limits) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            words = (str(theirs.fileno()), str(limits.idle_s), str(limits.memory_bytes), str(limits.niceness))
            self.process = subprocess.Popen(  # noqa: S603 (ourselves)
                [sys.executable, "-P", "-m", _CHILD, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=os.environ | _SURROUNDINGS,
            )
        self._line = Connection(ours.detach())

    def ask(self, task: bytes, limit_s: float) -> tuple[bool, Any]:
        """Return whether it was done, and its value or error; _GoneError when nobody answers, TimeoutError."""
        try:
            # A number, so that none takes the answer to one who was killed while he waited (processes that forked).
            number = next(_numbers).to_bytes(8, "big") + os.getpid().to_bytes(8, "big")
            self._line.send_bytes(number + task)
            until_s = time.monotonic() + limit_s
            while self._line.poll(max(0.0, until_s - time.monotonic())):
                answer = self._line.recv_bytes(LARGEST_ANSWER)
                if answer.startswith(number):
                    return pickle.loads(memoryview(answer)[len(number) :])  # noqa: S301 (our own process)
            raise TimeoutError
        except (EOFError, ConnectionError, BrokenPipeError) as error:
            raise _GoneError(self._fate()) from error

    def end(self) -> None:
        """Have it gone."""
        self.process.kill()
        self.process.wait()
        self._line.close()

    def _fate(self) -> str:
        try:
            status = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "it hung up"
        return f"signal {-status}" if status < 0 else f"exit status {status}"
