"""The side that works: `python -m …apart.child FD IDLE_S MEMORY_BYTES NICENESS`, started by caller.py."""

import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection

PROTOCOL = 5
NUMBER_BYTES = 16  # before each task, and before its answer


def main(words: Sequence[str]) -> None:
    """Answer until the other side is gone, or nothing was asked for a while."""
    line, idle_s, memory_bytes = Connection(int(words[0])), float(words[1]), int(words[2])
    # Who stops the server at a terminal stops all its processes: this one ends when the server lets go of it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(int(words[3]))
    try:
        while line.poll(idle_s):
            asked = memoryview(line.recv_bytes())
            line.send_bytes(bytes(asked[:NUMBER_BYTES]) + _answer(asked[NUMBER_BYTES:]))
    except (EOFError, ConnectionError):
        pass  # the server is gone


def _answer(task: memoryview) -> bytes:
    try:
        function, arguments = pickle.loads(task)  # noqa: S301 (from our own server)
        return pickle.dumps((True, function(*arguments)), PROTOCOL)
    except Exception as error:  # noqa: BLE001 (it is raised on the other side)
        error.add_note("".join(traceback.format_exception(error)))
        return _told(error)


def _told(error: Exception) -> bytes:
    try:
        told = pickle.dumps((False, error), PROTOCOL)
        pickle.loads(told)  # noqa: S301 (some errors can be written and not read)
    except Exception:  # noqa: BLE001 (whatever an error does to say that it cannot be written)
        told = pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")), PROTOCOL)
    return told


if __name__ == "__main__":
    main(sys.argv[1:])
