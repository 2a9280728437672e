"""No user's request looks at rows of others or puts rows in order: an index serves every list and filter.

That each statement names its owner, test_owner.py shows to be noticed in any test; here is one that runs all of them.
"""

import pytest
from paceline_server.activities.model import ACTIVITIES
from paceline_server.platform.database import Database
from paceline_server.users.model import USERS
from server.full_run import full_run
from server.query_plans import slowness
from server.running_server import Person, RunningServer, make_person
from server.statements import Statements, owned_tables
from sqlalchemy import Connection, Executable, make_url, select, update

OWNER = "0199c000-0000-7000-8000-00000000000a"
A = ACTIVITIES.c


async def test_every_statement_of_a_full_run_names_the_owner_and_is_served_by_an_index(
    server: RunningServer, ann: Person, statements: Statements
) -> None:
    fred = make_person(server, "fred")
    statements.seen.clear()  # the start reads the whole queue of work
    await full_run(server, ann, fred)
    assert statements.take_faults() == []
    seen = {(one.verb, name) for one in statements.seen for name in one.tables}
    for table in owned_tables():
        assert {("insert", table.name), ("select", table.name)} <= seen, table.name
    assert {("update", "activities"), ("delete", "activities"), ("delete", "tokens"), ("update", "journals")} <= seen
    here = make_url(server.config.url).database
    asked = {
        one.sql: one
        for one in statements.seen
        # Servers that other files share in this process go on beside it; people are made by the operator's command.
        if one.verb != "insert" and one.database == here and one.tables != {"usernames"}
    }

    def explain(connection: Connection) -> list[str]:
        return [slow for one in asked.values() for slow in slowness(connection, one)]

    database = Database(server.config.url)
    assert database.write_now(explain) == []
    database.close()
    assert len(asked) >= 15


@pytest.mark.parametrize(
    "statement",
    [
        select(A.activity_id).where(A.sport == "running"),
        select(A.activity_id).where(A.owner_id == OWNER).order_by(A.points_count),
        update(ACTIVITIES).values(sport="x").where(A.activity_id == OWNER),
        select(USERS.c.owner_id).where(USERS.c.username == "ann"),
    ],
)
def test_a_statement_that_no_index_serves_is_found(
    database_url: str, statements: Statements, statement: Executable
) -> None:
    def explain(connection: Connection) -> list[str]:
        statements.seen.clear()
        connection.execute(statement)
        return slowness(connection, statements.seen[0])

    database = Database(database_url)
    assert database.write_now(explain)
    database.close()
    statements.take_faults()
