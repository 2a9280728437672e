"""Locks held across processes, and errors that say what is wrong with a database."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from paceline_server.cli import main
from paceline_server.platform.database import Database
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

WAIT_S = 120


def on_postgresql(name: str) -> pytest.MarkDecorator:
    """Run a test on one engine."""
    return pytest.mark.parametrize(name, ["postgresql"], indirect=True)


@pytest.fixture
def pair(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two processes' view of one database, which holds one number."""
    one, two = Database(database_url), Database(database_url)
    one.write_now(lambda connection: connection.execute(text("CREATE TABLE n (n INTEGER)")))
    one.write_now(lambda connection: connection.execute(text("INSERT INTO n VALUES (0)")))
    yield one, two
    two.close()
    one.close()


def lock(connection: Connection) -> int:
    """Lock the number and return it."""
    suffix = " FOR UPDATE" if connection.dialect.name == "postgresql" else ""
    return connection.execute(text(f"SELECT n FROM n{suffix}")).scalar_one()


def look(connection: Connection) -> int:
    """Return the number."""
    return connection.execute(text("SELECT n FROM n")).scalar_one()


def put(connection: Connection, number: int) -> None:
    """Change the number."""
    connection.execute(text("UPDATE n SET n = :n"), {"n": number})


@on_postgresql("database_url")
def test_what_is_held_is_worked_on_by_one_at_a_time(pair: tuple[Database, Database]) -> None:
    def count_up(database: Database) -> None:
        for _ in range(50):
            with database.holding(lock) as (number, write):
                write(put, number + 1)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(count_up, database) for database in pair * 2]:
            done.result(WAIT_S)
    assert pair[0].read_now(look) == 200


@on_postgresql("database_url")
def test_who_waits_sees_what_the_holder_wrote(pair: tuple[Database, Database]) -> None:
    began = threading.Event()

    def second() -> int:
        began.set()
        with pair[1].holding(lock) as (number, _):
            return number

    with ThreadPoolExecutor(1) as pool:
        with pair[0].holding(lock) as (_, write):
            waiting = pool.submit(second)
            assert began.wait(WAIT_S)
            write(put, 7)
            assert pair[1].read_now(look) == 0
            assert not waiting.done()
        assert waiting.result(WAIT_S) == 7


async def test_a_block_that_fails_before_it_writes_changes_nothing(pair: tuple[Database, Database]) -> None:
    def fail(number: int) -> tuple[None, None]:
        raise ValueError(number)

    with pytest.raises(ValueError, match="0"):
        await pair[0].between(fail, lock)
    with pair[1].holding(lock) as (number, write):
        write(put, number + 1)
    assert pair[0].read_now(look) == 1


@on_postgresql("database_url")
def test_a_block_that_fails_undoes_what_it_wrote(pair: tuple[Database, Database]) -> None:
    with pytest.raises(ValueError, match="late"), pair[0].holding(lock) as (_, write):
        write(put, 9)
        raise ValueError("late")
    assert pair[1].read_now(look) == 0


@on_postgresql("database_url")
def test_reads_go_on_after_the_database_has_closed_their_connections(pair: tuple[Database, Database]) -> None:
    for database in pair:
        assert database.read_now(look) == 0
    ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    pair[0].write_now(lambda connection: connection.execute(text(f"SELECT pg_terminate_backend(pid) {ours}")).all())
    for database in pair:
        assert database.read_now(look) == 0


@on_postgresql("database_url")
def test_a_read_cannot_write(pair: tuple[Database, Database]) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        pair[0].read_now(put, 5)
    assert pair[1].read_now(look) == 0


def test_a_long_read_sees_one_moment(pair: tuple[Database, Database]) -> None:
    def look_twice(connection: Connection) -> tuple[int, int]:
        before = look(connection)
        pair[1].write_now(put, 3)
        return before, look(connection)

    assert pair[0].read_moment_now(look_twice) == (0, 0)
    assert pair[0].read_now(look) == 3


@on_postgresql("database_url")
def test_a_write_that_must_give_way_is_done_again(pair: tuple[Database, Database]) -> None:
    """Two writes take two rows in opposite orders, so that PostgreSQL undoes one of them."""
    both = threading.Barrier(2)
    tries: list[int] = []

    def take(connection: Connection, first: int, second: int) -> None:
        tries.append(first)
        connection.execute(text("UPDATE n SET n = n + 10 WHERE n % 10 = :which"), {"which": first})
        if len(tries) <= 2:
            both.wait(WAIT_S)
        connection.execute(text("UPDATE n SET n = n + 10 WHERE n % 10 = :which"), {"which": second})

    pair[0].write_now(lambda connection: connection.execute(text("INSERT INTO n VALUES (1)")))
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(pair[i].write_now, take, *order) for i, order in enumerate(((0, 1), (1, 0)))]:
            done.result(WAIT_S)
    found = pair[0].read_now(lambda connection: connection.execute(text("SELECT n FROM n ORDER BY n")).scalars().all())
    assert (list(found), len(tries)) == ([20, 21], 3)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense:secret", "the database URL is malformed"),
        ("oracle_of_delphi://me:secret@localhost/x", "oracle_of_delphi cannot be used"),
        ("postgresql://me:secret@127.0.0.1:1/x", r"the database postgresql://me:\*\*\*@127.0.0.1:1/x cannot be used"),
        ("sqlite:////nowhere/at/all.sqlite3", "unable to open database file"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_the_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    command = ["setup", "--username", "ann", "--data", str(tmp_path), "--database-url", url]
    assert main(command) == 1
    error = capsys.readouterr().err
    assert error.startswith("paceline-server: ")
    assert "secret" not in error and "Traceback" not in error
    assert re.search(said, error), error
