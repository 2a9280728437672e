"""Every user-owned table leads with its owner and every statement names it: rows could lie on a server per user.

All the other tests of this folder run under the same watch (the fixture `statements`).
"""

import pytest
from paceline_server.activities.model import ACTIVITIES, TOMBSTONES
from paceline_server.platform.database import Database
from paceline_server.platform.schema import METADATA, SHARED
from paceline_server.users.model import USERNAMES, USERS
from server.statements import Statements
from sqlalchemy import (
    ClauseElement,
    Executable,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

OWNER = "0199c000-0000-7000-8000-00000000000a"
A, T = ACTIVITIES.c, TOMBSTONES.c


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_a_table_leads_its_keys_with_the_owner_or_says_why_not(table: ClauseElement) -> None:
    owned = METADATA.tables[str(table)]
    if SHARED in owned.info:
        assert len(owned.info[SHARED]) > 10
        return
    unique = [constraint for constraint in owned.constraints if isinstance(constraint, UniqueConstraint)]
    keys = [owned.primary_key.columns, *(one.columns for one in unique), *(one.columns for one in owned.indexes)]
    assert [next(iter(columns)).name for columns in keys] == ["owner_id"] * len(keys)


@pytest.mark.parametrize(
    "statement",
    [
        select(ACTIVITIES),
        select(A.sport).where(A.activity_id == OWNER),
        select(A.sport).where(or_(A.owner_id == OWNER, A.whole)),
        select(A.sport).where(A.owner_id != OWNER),
        select(A.sport).join(TOMBSTONES, T.source_key == A.source_key).where(A.owner_id == OWNER),
        select(A.sport).where(A.owner_id == OWNER, exists().where(T.source_key == "x")),
        select(A.sport).where(A.owner_id == OWNER).union_all(select(A.sport)).subquery().select(),
        select(ACTIVITIES.alias().c.sport),
        update(ACTIVITIES).values(sport="x").where(A.activity_id == OWNER),
        delete(ACTIVITIES),
        delete(TOMBSTONES).where(T.source_key == literal("x")),
        insert(USERNAMES).from_select(["username", "owner_id"], select(USERS.c.username, USERS.c.owner_id)),
        text("SELECT sport FROM activities"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_statement_that_leaves_the_owner_open_is_found(
    database_url: str, statements: Statements, statement: Executable
) -> None:
    database = Database(database_url)
    statements.take_faults()
    database.write_now(lambda connection: connection.execute(statement))
    database.close()
    assert len(statements.take_faults()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        select(A.sport).where(and_(A.whole, and_(A.owner_id == OWNER, A.sport == "x"))),
        select(A.sport).join(TOMBSTONES, T.owner_id == A.owner_id).where(A.owner_id == OWNER),
        select(USERNAMES.c.owner_id).where(USERNAMES.c.username == "ann"),
        delete(ACTIVITIES).where(A.owner_id == OWNER),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_statement_that_names_the_owner_passes(
    database_url: str, statements: Statements, statement: Executable
) -> None:
    database = Database(database_url)
    database.write_now(lambda connection: connection.execute(statement))
    database.close()
    assert statements.take_faults() == []
