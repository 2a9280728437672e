"""The floor: one writer with group commit, durable blobs, ids in order, bounded limits."""

import asyncio
from collections.abc import Iterator

import pytest
from paceline_server.errors import NotFoundError
from paceline_server.platform.database import Database
from paceline_server.platform.ids import new_id, parse_id
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with one table of numbers."""
    made = Database(database_url)
    made.write_now(lambda connection: connection.execute(text("CREATE TABLE n (n INTEGER PRIMARY KEY)")))
    yield made
    made.close()


def add(connection: Connection, number: int) -> int:
    """Add a number; fails when it is there."""
    connection.execute(text("INSERT INTO n VALUES (:n)"), {"n": number})
    return number


def count(connection: Connection) -> int:
    """Return how many numbers there are."""
    return connection.execute(text("SELECT count(*) FROM n")).scalar_one()


async def test_many_writes_at_once_each_get_their_own_result(database: Database) -> None:
    results = await asyncio.gather(*(database.write(add, n % 700) for n in range(1000)), return_exceptions=True)
    assert [result for result in results if isinstance(result, int)] == list(range(700))
    assert sum(isinstance(result, IntegrityError) for result in results) == 300
    assert await database.read(count) == 700


async def test_a_failing_write_undoes_all_of_itself_and_nothing_of_its_neighbours(database: Database) -> None:
    def two(connection: Connection) -> None:
        add(connection, 5000)
        add(connection, 1)

    await database.write(add, 1)
    results = await asyncio.gather(
        database.write(add, 2), database.write(two), database.write(add, 3), return_exceptions=True
    )
    assert [type(result) for result in results] == [int, IntegrityError, int]
    assert await database.read(count) == 3


async def test_a_read_sees_what_was_awaited(database: Database) -> None:
    for n in range(50):
        await database.write(add, n)
        assert await database.read(count) == n + 1


def test_ids_are_uuids_of_version_7_in_order_of_time() -> None:
    ids = [new_id(1_760_000_000 + i / 1000, lambda n: b"\xff" * n) for i in range(5)]
    assert ids == sorted(ids)
    assert all(parse_id(one) == one and one[14] == "7" and one[19] in "89ab" for one in ids)
    for text_ in ("", ids[0].upper(), ids[0] + "0", "../" + ids[0]):
        with pytest.raises(NotFoundError):
            parse_id(text_)
