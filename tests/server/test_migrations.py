"""The revisions: every earlier database becomes today's with all that is in it, or is left as it was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import thinned
from paceline_server import keys
from paceline_server.activities import store as activities
from paceline_server.activity_list import store as lists
from paceline_server.activity_list.filters import EVERYTHING
from paceline_server.devices import store as devices
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.model import Turn
from paceline_server.journals import store as journals
from paceline_server.journals.model import Journal, JournalRef
from paceline_server.platform import migrations
from paceline_server.platform.database import Database
from paceline_server.platform.migrate import HEAD, migrate, revision_of
from paceline_server.platform.paging import Page
from paceline_server.platform.policy import Kind, Role
from paceline_server.platform.schema import METADATA, SchemaError
from paceline_server.platform.tokens import Identity
from paceline_server.users import store as users
from paceline_server.users.model import User
from server.revision_rows import ACTIVITY, ANN, BOB, DEVICE, DEVICE_KEY, MADE_S, ROWS, TOKEN_HASH, Rows
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text

VERSIONS = Path(migrations.__file__).parent / "versions"
REVISIONS = sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    """An empty database, its transactions begun as the server begins them."""
    made = create_engine(bare_database_url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    yield made
    made.dispose()


def fill(connection: Connection, rows: Rows) -> None:
    """Write rows into the tables as they are at this revision, through the types that the code gave them then."""
    tables = MetaData()
    tables.reflect(connection, only=list(rows))
    for name, content in rows.items():
        for row in content:
            owned = {key: as_kept(connection, key, value) for key, value in row.items()}
            connection.execute(tables.tables[name].insert(), owned)


def as_kept(connection: Connection, name: str, value: Any) -> Any:
    """Return a value as the reflected table takes it: SQLite keeps ids as 32 digits."""
    ids = name in {"owner_id", "activity_id"}
    return value.replace("-", "") if ids and connection.dialect.name == "sqlite" else value


def shape(connection: Connection) -> dict[str, Any]:
    """Return all that is declared of all tables, without the names of constraints."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(sorted(unique["column_names"]) for unique in inspector.get_unique_constraints(table)),
            "indexes": {
                index["name"]: (index["column_names"], bool(index["unique"]))
                for index in inspector.get_indexes(table)
                if not index.get("duplicates_constraint")
            },
            "foreign": inspector.get_foreign_keys(table),
        }
        for table in sorted(set(inspector.get_table_names()) - {"alembic_version"})
    }


def assert_all_is_there(connection: Connection, resume: int = 4096, fills: int = 1) -> None:
    """Read what revision_rows.py put in, as the server reads it; revision 0011 lets journals be read anew."""
    assert users.find(connection, "ann") == (User(ANN, "ann", MADE_S, Role.ADMIN), "$argon2id$a")
    assert users.get(connection, BOB) == User(BOB, "bob", MADE_S + 1)
    with pytest.raises(ConflictError), connection.begin_nested():
        users.add(connection, User(ACTIVITY, "bob", MADE_S), "")
    assert users.look_up(connection, Identity(ANN, TOKEN_HASH), MADE_S) == Identity(
        ANN, TOKEN_HASH, Kind.API, Role.ADMIN
    )
    (device,) = devices.list_for(connection, ANN)
    assert (device.device_id, device.sealed_key) == (DEVICE, DEVICE_KEY)  # as yet: test_sealed_keys.py
    keys_seen: list[tuple[str, str, bytes]] = []
    with connection.begin_nested() as undone:
        assert devices.seal_waiting(connection, lambda *key: keys_seen.append(key) or b"sealed", 10) == 1
        undone.rollback()
    assert keys_seen == [(ANN, DEVICE, DEVICE_KEY)]
    ref = JournalRef(ANN, DEVICE, 0xFFFF_FFFF)
    assert journals.get(connection, ref) == Journal(ref, 4096, 0x8000_0001, 8192, resume, fills)
    assert events.due(connection, MADE_S) == [Turn(ANN, "journals", f"{DEVICE}/ffffffff")]
    (listed,) = lists.page_of(connection, ANN, EVERYTHING, Page(10))
    activity = activities.get(connection, ANN, ACTIVITY)
    assert activity is not None and activity.activity_id == listed.activity_id == ACTIVITY
    row = ROWS["0001"]["activities"][0]
    for name in row.keys() - {"detail"}:
        assert getattr(activity, name) == row[name], name
    assert activity.receipt.as_fields()["gaps"] == [{"from": 10, "to": 20}]
    assert activity.splits[0].heart_rate_avg_bpm == 141.5
    assert activities.is_deleted(connection, BOB, "journal:2")


def test_the_newest_revision_makes_the_tables_of_the_code(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate(connection)
        migrated = shape(connection)
        everything = MetaData()
        everything.reflect(connection)
        everything.drop_all(connection)
        METADATA.create_all(connection)
        assert migrated == shape(connection)
    assert keys.ACTIVITIES and REVISIONS[-1] == HEAD  # importing the keys imports every domain's tables


@pytest.mark.parametrize(
    ("bare_database_url", "revision"),
    [("sqlite", one) for one in REVISIONS] + [("postgresql", one) for one in thinned(REVISIONS, 6)],
    indirect=["bare_database_url"],
)
def test_every_earlier_database_is_brought_up_with_its_data(
    engine: Engine, bare_database_url: str, revision: str
) -> None:
    assert revision in ROWS, "say in revision_rows.py what a database held at this revision"
    with engine.begin() as connection:
        migrate(connection, revision)
        fill(connection, ROWS[revision])
    for _ in range(2):  # the second start finds nothing to do
        database = Database(bare_database_url)
        fills = ROWS[revision]["journals"][0].get("fills", 0)
        anew = revision < "0011"
        database.write_now(assert_all_is_there, 4096 if anew else 8100, fills + anew)
        assert database.read_now(revision_of) == HEAD
        database.close()


def test_a_database_from_before_the_revisions_is_brought_up(engine: Engine, bare_database_url: str) -> None:
    with engine.begin() as connection:
        migrate(connection, "0001")
        fill(connection, ROWS["0001"])
        connection.execute(text("DROP TABLE alembic_version"))
    database = Database(bare_database_url)
    database.write_now(assert_all_is_there)
    database.close()


def test_a_newer_database_is_refused_and_left_as_it_was(engine: Engine, bare_database_url: str) -> None:
    with engine.begin() as connection:
        migrate(connection)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = shape(connection)
    with pytest.raises(SchemaError, match=r"revision 9999, newer than this program.*run the Paceline that made it"):
        Database(bare_database_url)
    with engine.begin() as connection:
        assert revision_of(connection) == "9999"
        assert shape(connection) == before


def test_a_revision_that_fails_leaves_everything_as_it_was(engine: Engine, bare_database_url: str) -> None:
    with engine.begin() as connection:
        migrate(connection, "0001")
        fill(connection, ROWS["0001"])
        connection.execute(text("DROP INDEX activities_by_start"))  # so the second revision fails half way
        before = shape(connection)
    with pytest.raises(Exception, match="activities_by_start"):
        Database(bare_database_url)
    with engine.begin() as connection:
        assert revision_of(connection) == "0001"
        assert shape(connection) == before


def test_processes_that_start_together_make_the_tables_once(bare_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(Database, [bare_database_url] * 4))
    assert {database.read_now(revision_of) for database in made} == {HEAD}
    for database in made:
        database.close()
