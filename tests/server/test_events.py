"""The outbox: an event is written with its change, handled until it is done, and what fails for good is shown."""

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from paceline_server.backstage import make_backstage
from paceline_server.config import Config
from paceline_server.events import store
from paceline_server.events.backfill import backfill
from paceline_server.events.declared import ACTIVITY_COUNTED, GEAR, GOALS, JOURNAL_GREW, LANDMARKS, NAMES, WRIST
from paceline_server.events.model import AwayError, Turn
from paceline_server.events.worker import ATTEMPTS, LONGEST_AWAY_S, LONGEST_WAIT_S, EventWorker, wait_s
from paceline_server.platform.database import Database, Write
from paceline_server.platform.paging import Page
from server.running_server import StandingClock, shared_apart

OWNER = "0199c000-0000-7000-8000-00000000000a"
TURN = Turn(OWNER, "journals", "0011223344556677/00000001")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
async def working(database: Database, clock: StandingClock) -> AsyncIterator[Callable[..., EventWorker]]:
    """Makes workers whose handler is the given one; they are not started."""
    pool = ThreadPoolExecutor(4)

    def make(run: Callable[[Turn, Write], None], at_once: int = 2) -> EventWorker:
        return EventWorker(
            database, dict.fromkeys(NAMES, run), pool, clock=clock, uniform=lambda: 0.0, at_once=at_once, poll_s=0.05
        )

    yield make
    pool.shutdown()


def emit(database: Database, subject: str = TURN.subject) -> None:
    database.write_now(store.emit, JOURNAL_GREW, OWNER, subject, 1.0)


def wait_until_due_s(database: Database, now_s: float) -> float:
    """Return after which power of two of seconds something is due, half a second before not yet; inf: never."""
    steps = (2.0**power for power in range(20))
    wait = next((step for step in steps if database.read_now(store.due, now_s + step)), math.inf)
    assert wait == math.inf or not database.read_now(store.due, now_s + wait - 0.5)
    return wait


def test_an_event_is_written_with_its_change_or_not_at_all(database: Database) -> None:
    def change(connection: object) -> None:
        store.emit(connection, JOURNAL_GREW, OWNER, TURN.subject, 1.0)  # pyright: ignore[reportArgumentType]
        raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        database.write_now(change)
    assert database.read_now(store.due, 1e12) == []


async def test_events_of_one_subject_are_one_turn_and_one_that_comes_meanwhile_is_another(
    database: Database, working: Callable[..., EventWorker]
) -> None:
    seen: list[Turn] = []

    def run(turn: Turn, _write: Write) -> None:
        seen.append(turn)
        if len(seen) == 1:
            emit(database)

    for _ in range(20):
        emit(database)
    worker = working(run)
    await worker.start()
    await worker.idle()
    await worker.stop()
    assert seen == [TURN, TURN]
    assert worker.handled == 2


async def test_what_fails_is_tried_again_later_each_time_and_then_shown(
    database: Database, working: Callable[..., EventWorker], clock: StandingClock
) -> None:
    def run(_turn: Turn, _write: Write) -> None:
        raise OSError("the disk is \0 full")

    emit(database)
    emit(database)
    worker = working(run)
    waits = []
    for _ in range(ATTEMPTS):
        assert worker.take_turn()
        assert not worker.take_turn()  # not before it is due
        waits.append(wait_until_due_s(database, clock.now_s))
        clock.now_s += min(waits[-1], LONGEST_WAIT_S)
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0] and waits[-2] == 1024.0
    (letter,) = database.read_now(store.dead, Page(10))
    assert (letter.turn, letter.attempts, database.read_now(store.count_dead)) == (TURN, ATTEMPTS, 1)
    assert letter.error == "OSError: the disk is \N{REPLACEMENT CHARACTER} full"
    assert database.write_now(store.revive, letter.event_id)
    assert not database.write_now(store.revive, letter.event_id)
    assert database.read_now(store.due, 0.0) == [TURN]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_is_away_is_waited_for_for_days_which_is_said_once(
    database: Database, working: Callable[..., EventWorker], clock: StandingClock, caplog: pytest.LogCaptureFixture
) -> None:
    began_s, days = clock.now_s, 10

    def run(_turn: Turn, _write: Write) -> None:
        if clock.now_s < began_s + days * 86_400:
            raise AwayError("it does not answer")

    emit(database)
    worker, tries = working(run), 0
    while not worker.handled:
        assert worker.take_turn() and tries < 40
        tries += 1
        clock.now_s += wait_s(tries, 0.0, LONGEST_AWAY_S)
    assert days + 16 <= tries <= days + 18 and database.read_now(store.count_dead) == 0
    said = [(one.levelname, one.getMessage()) for one in caplog.records if one.levelname != "INFO"]
    assert said == [("WARNING", f"handler journals waits, attempt {ATTEMPTS}: it does not answer")]


async def test_a_later_success_makes_a_dead_letter_good(
    database: Database, working: Callable[..., EventWorker]
) -> None:
    emit(database)
    (event_id,) = database.write_now(store.claim, TURN).event_ids  # pyright: ignore[reportOptionalMemberAccess]
    database.write_now(store.failed, (event_id,), ATTEMPTS, 0.0, "OSError", True)
    worker = working(lambda _turn, _write: None)
    assert not worker.take_turn()
    emit(database)
    assert worker.take_turn()
    assert database.read_now(store.count_dead) == 0


async def test_a_subject_is_in_one_workers_hands_at_a_time(
    database: Database, working: Callable[..., EventWorker]
) -> None:
    """Several threads, and on PostgreSQL several workers that know nothing of each other."""
    lock, running, most, count = threading.Lock(), dict[str, int](), 0, 0

    def run(turn: Turn, _write: Write) -> None:
        nonlocal most, count
        with lock:
            running[turn.subject] = running.get(turn.subject, 0) + 1
            most, count = max(most, running[turn.subject]), count + 1
        threading.Event().wait(0.002)
        with lock:
            running[turn.subject] -= 1

    workers = [working(run)] + ([working(run)] if not database.is_sqlite else [])
    for worker in workers:
        await worker.start()
    for number in range(60):
        await database.write(store.emit, JOURNAL_GREW, OWNER, str(number % 3), 1.0)
        for worker in workers:
            worker.notify()
    await workers[0].idle()
    for worker in workers:
        await worker.stop()
    assert most == 1 and 3 <= count <= 60


async def test_light_turns_are_ended_together_but_for_one_that_fails(
    database: Database, working: Callable[..., EventWorker]
) -> None:
    seen: list[str] = []

    def run(turn: Turn, _write: Write) -> None:
        seen.append(turn.handler)
        if turn.handler == LANDMARKS:
            raise OSError("the disk is full")

    database.write_now(store.emit, ACTIVITY_COUNTED, OWNER, "all", 1.0)
    worker = working(run)
    assert worker.take_turn()
    assert not worker.take_turn()
    assert sorted(seen) == sorted([GEAR, GOALS, LANDMARKS, WRIST])
    assert (worker.handled, worker.failures) == (3, 1)
    assert database.read_now(store.due, math.inf) == [Turn(OWNER, LANDMARKS, "all")]


async def test_who_waits_for_a_turn_goes_on_when_it_is_handled(
    database: Database, working: Callable[..., EventWorker]
) -> None:
    worker = working(lambda _turn, _write: None)
    await worker.start()
    for _ in range(2):
        emit(database)
        await worker.worked_off(TURN, 60.0)
        assert not database.read_now(store.is_pending, TURN)
    await worker.stop()
    emit(database)
    await worker.worked_off(TURN, 0.05)  # nobody handles it any more: the patience ends
    assert database.read_now(store.is_pending, TURN)


async def test_all_who_are_at_work_when_it_ends_end(database: Database, working: Callable[..., EventWorker]) -> None:
    at_work, goes_on = threading.Semaphore(0), threading.Event()

    def run(_turn: Turn, _write: Write) -> None:
        at_work.release()
        goes_on.wait(60)

    for number in range(3):
        emit(database, str(number))
    worker = working(run, at_once=3)
    await worker.start()
    for _ in range(3):
        await asyncio.to_thread(at_work.acquire)
    ending = asyncio.create_task(worker.stop(patience_s=None))
    await asyncio.sleep(0)  # it began
    goes_on.set()
    await asyncio.wait_for(ending, 60)


async def test_an_error_of_the_database_is_outlived(database_url: str, working: Callable[..., EventWorker]) -> None:
    handled = asyncio.Event()
    loop = asyncio.get_running_loop()
    worker = working(lambda _turn, _write: loop.call_soon_threadsafe(handled.set))
    other = Database(database_url)
    table = store.EVENTS
    other.write_now(table.drop)
    await worker.start()
    await asyncio.sleep(0.2)
    other.write_now(table.create)
    emit(other)
    other.close()
    async with asyncio.timeout(20):
        await handled.wait()
    await worker.stop()


def test_every_handler_has_its_function_and_its_back_fill(
    database: Database, tmp_path: Path, clock: StandingClock, database_url: str
) -> None:
    config = Config(data=tmp_path / "data", database_url=database_url)
    stage = make_backstage(config, database, clock, bytes, shared_apart())
    assert set(stage.runs) == set(stage.backfills) == set(NAMES)
    assert backfill(database, stage.backfills, NAMES, 1.0) == 0


def test_waits_double_up_to_a_bound_and_are_spread() -> None:
    assert [wait_s(attempts, 0.0) for attempts in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert wait_s(40, 0.0) == LONGEST_WAIT_S
    assert wait_s(5000, 0.0, LONGEST_AWAY_S) == LONGEST_AWAY_S == 86_400
    assert wait_s(3, 1.0) == 2.0
