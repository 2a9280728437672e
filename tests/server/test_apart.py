"""Work in a process of its own: what comes back, and what is left when that process is killed or hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from paceline_server.events import store
from paceline_server.events.declared import JOURNAL_GREW
from paceline_server.events.model import Turn
from paceline_server.events.worker import DEADLY_ATTEMPTS, EventWorker
from paceline_server.platform.apart.caller import Apart, ApartError, Limits
from paceline_server.platform.database import Database, Write
from paceline_server.platform.paging import Page
from server.running_server import StandingClock


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    """One for tests that leave it whole or that may find it dead."""
    made = Apart(Limits(job_s=30, idle_s=60, memory_bytes=400 << 20))
    yield made
    made.close()


def gone(pid: int) -> None:
    """Wait until a process is no more, or waits for its parent to notice."""
    until = time.monotonic() + 30
    while (status := Path(f"/proc/{pid}/stat")).exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_it_gives_what_the_function_gives_and_raises_what_it_raises(apart: Apart) -> None:
    assert apart.run(divmod, 17, 5) == (3, 2)
    assert apart.run(os.getpid) == apart.pid != os.getpid()
    with pytest.raises(ValueError, match="invalid literal") as caught:
        apart.run(int, "many")
    assert "Traceback" in "".join(caught.value.__notes__)
    with pytest.raises(UnicodeDecodeError):
        apart.run(str, b"\xff", "utf-8")


def test_too_much_memory_is_refused_and_the_process_goes_on(apart: Apart) -> None:
    pid = apart.run(os.getpid)
    with pytest.raises(MemoryError):
        apart.run(bytes, 1 << 30)
    assert apart.run(os.getpid) == pid


def test_signals_at_a_terminal_leave_it_to_the_server(apart: Apart) -> None:
    pid = apart.run(os.getpid)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    assert apart.run(os.getpid) == pid


def test_a_function_that_kills_it_is_told_and_harms_no_other(apart: Apart) -> None:
    deaths = apart.deaths
    with pytest.raises(ApartError, match=r"died of _exit: exit status 3"):
        apart.run(os._exit, 3)
    assert apart.deaths == deaths + 2  # once more in a new one, as it might have been by another's hand
    assert apart.pid is None
    assert apart.run(divmod, 7, 2) == (3, 1)


def test_one_that_is_killed_from_outside_while_it_works_does_it_again(apart: Apart, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    os.mkfifo(mark)
    with ThreadPoolExecutor(1) as pool:
        pid = apart.run(os.getpid)
        reading = pool.submit(apart.run, Path.read_bytes, mark)  # opens the pipe and waits for a writer
        with mark.open("wb"):
            os.kill(pid, signal.SIGKILL)
            gone(pid)
        with mark.open("wb") as writer:  # opens only when the new process reads
            writer.write(b"again")
        assert reading.result(30) == b"again"
    assert apart.pid not in (None, pid)


def test_what_takes_too_long_is_ended() -> None:
    apart = Apart(Limits(job_s=1.0))
    with pytest.raises(ApartError, match="sleep took longer than 1 s"):
        apart.run(time.sleep, 600.0)
    assert apart.pid is None
    apart.close()


def test_it_ends_when_idle_and_starts_anew_when_asked() -> None:
    apart = Apart(Limits(idle_s=0.05))
    first = apart.run(os.getpid)
    gone(first)
    assert apart.run(os.getpid) != first
    apart.close()


def test_closing_ends_it_and_what_it_is_at_and_nothing_is_run_later() -> None:
    apart = Apart()
    began = threading.Event()

    def hang() -> None:
        began.set()
        apart.run(time.sleep, 600.0)

    with ThreadPoolExecutor(1) as pool:
        pid = apart.run(os.getpid)
        hanging = pool.submit(hang)
        began.wait(30)
        apart.close(wait_s=0.2)
        with pytest.raises(ApartError):
            hanging.result(30)
    with pytest.raises(ApartError, match="stopping"):
        apart.run(os.getpid)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_kills_it_is_put_aside_after_three_turns_and_others_go_on(apart: Apart, tmp_path: Path) -> None:
    clock, done = StandingClock(), list[str]()

    def run(turn: Turn, _write: Write) -> None:
        if turn.subject == "poison":
            apart.run(os._exit, 1)
        done.append(apart.run(str.upper, turn.subject))

    owner_id = "0199ce22-a100-713a-b1b2-f97c52a66d84"
    (tmp_path / "data").mkdir()
    with Database(f"sqlite:///{tmp_path / 'data' / 'paceline.sqlite3'}") as database, ThreadPoolExecutor(1) as pool:
        worker = EventWorker(database, {"journals": run}, pool, clock=clock, uniform=lambda: 0.5, at_once=1, poll_s=1.0)
        database.write_now(store.emit, JOURNAL_GREW, owner_id, "poison", clock.now_s)
        for turn in range(DEADLY_ATTEMPTS):
            database.write_now(store.emit, JOURNAL_GREW, owner_id, f"good {turn}", clock.now_s)
            while worker.take_turn():
                pass
            clock.now_s += 60
        (letter,) = database.read_now(store.dead, Page(10))
        assert (letter.turn.subject, letter.attempts) == ("poison", DEADLY_ATTEMPTS)
        assert letter.error == "ApartError: the process died of _exit: exit status 1"
        assert not worker.take_turn()
    assert done == ["GOOD 0", "GOOD 1", "GOOD 2"]


def test_what_only_the_process_apart_a_bucket_tls_or_a_provider_needs_is_not_loaded_by_every_server() -> None:
    heavy = "{'fitdecode', 'fitfast', 'obstore', 'cryptography.x509', 'joserfc'}"
    asked = (
        f"import sys, paceline_server.cli, paceline_server.commands.serving; print(*sorted({heavy} & {{*sys.modules}}))"
    )
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120, check=True)
    assert loaded.stdout.split() == []
