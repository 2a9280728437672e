"""Prepared statements mean what SQLAlchemy means by them, on both engines, and nobody who watches misses one."""

from collections.abc import Iterator
from typing import Any

import pytest
from paceline_server.imports.model import IMPORT_FILES
from paceline_server.notifications.model import NOTICE_SWITCHES
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.prepared import Prepared
from server.statements import watched
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError

OWNER, BATCH = "0199c000-0000-7000-8000-00000000000a", "0199c000-0000-7000-8000-00000000000b"
FILE: dict[str, Any] = {
    "owner_id": OWNER,
    "batch_id": BATCH,
    "number": 1,
    "name": "run.fit",
    "sha256": "0" * 64,
    "size_bytes": 1 << 40,
    "state": "new",
    "wanted": "",
    "reason": "",
    "detail": {"warnings": ["é"], "days": None},
}
_F = IMPORT_FILES.c
_OF = (_F.owner_id == bindparam("owner"), _F.batch_id == bindparam("batch"))
ADD = Prepared(insert(IMPORT_FILES))
KEEP = Prepared(update(IMPORT_FILES).where(*_OF, _F.number == bindparam("of")))
FILES = Prepared(select(IMPORT_FILES).where(*_OF).order_by(_F.number).limit(bindparam("most")))
OF_STATE = Prepared(select(_F.number).where(*_OF, _F.state == "new").order_by(_F.number))
COUNT = Prepared(select(func.count()).select_from(IMPORT_FILES).where(_F.owner_id == bindparam("owner")))
WHOSE = {"owner": OWNER, "batch": BATCH}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with two files of a batch."""
    with Database(database_url) as opened:
        opened.write_now(ADD.change_each, [FILE, FILE | {"number": 2, "state": "same"}])
        yield opened


def test_values_come_back_as_they_were_given(database: Database) -> None:
    assert [row._asdict() for row in database.read_now(FILES.rows, **WHOSE, most=1)] == [FILE]
    assert database.read_now(OF_STATE.column, **WHOSE) == [1]
    assert database.read_now(COUNT.value, owner=OWNER) == 2
    assert database.read_now(FILES.row, owner=BATCH, batch=BATCH, most=1) is None
    assert database.read_now(OF_STATE.value, owner=BATCH, batch=BATCH) is None

    def switched(connection: Connection) -> list[Any]:
        switch = {"owner_id": OWNER, "kind": "goal", "channel": "push", "switched_on": False}
        Prepared(insert(NOTICE_SWITCHES)).change(connection, **switch)
        asked = select(NOTICE_SWITCHES.c.switched_on).where(NOTICE_SWITCHES.c.owner_id == bindparam("owner"))
        return Prepared(asked).column(connection, owner=OWNER)

    (said,) = database.write_now(switched)
    assert said is False


def test_a_change_says_how_many_rows_it_changed(database: Database) -> None:
    assert database.write_now(KEEP.change, **WHOSE, of=2, state="new", detail=None) == 1
    assert database.write_now(KEEP.change, **WHOSE, of=3, state="new") == 0
    assert database.read_now(OF_STATE.column, **WHOSE) == [1, 2]


def test_errors_are_told_as_sqlalchemy_tells_them_and_leave_nothing(database: Database) -> None:
    def write(connection: Connection) -> None:
        ADD.change(connection, **FILE | {"number": 3})
        ADD.change(connection, **FILE)

    with pytest.raises(IntegrityError):
        database.write_now(write)
    assert database.read_now(COUNT.value, owner=OWNER) == 2


@pytest.mark.parametrize("values", [{"owner": OWNER}, WHOSE | {"other": 1}])
def test_a_value_that_is_missing_is_an_error(database: Database, values: dict[str, Any]) -> None:
    if database.is_sqlite or "other" not in values:  # SQLAlchemy lets one be that nobody asked for
        with pytest.raises((AssertionError, StatementError), match=r"batch|other"):
            database.read_now(OF_STATE.rows, **values)


def test_who_watches_statements_sees_them(database: Database) -> None:
    with watched() as statements:
        database.read_now(OF_STATE.rows, **WHOSE)
        database.write_now(KEEP.change, **WHOSE, of=1, state="same")
    assert [(one.verb, one.tables) for one in statements.seen] == [
        ("select", {"import_files"}),
        ("update", {"import_files"}),
    ]


def test_outside_of_a_transaction_sqlalchemy_begins_one(database: Database) -> None:
    with database._engine.connect() as connection:
        ADD.change(connection, **FILE | {"number": 3})
        connection.rollback()
    assert database.read_now(COUNT.value, owner=OWNER) == 2
