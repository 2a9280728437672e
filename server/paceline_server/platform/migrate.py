"""Brings a database to this program's tables, revision by revision: all of them or none."""

import threading

from sqlalchemy import Connection, inspect, text

from paceline_server.platform.schema import SchemaError

HEAD = "0042"  # the newest of migrations/versions

_LOCK_KEY = 0x7061CE00  # any number, the same in every process
_alembic = threading.Lock()  # it keeps what it is doing in globals


def migrate(connection: Connection, target: str = HEAD) -> None:
    """Run the revisions that are missing up to `target`, in the connection's transaction.

    Processes that start together wait for the first: on PostgreSQL here, on SQLite for the transaction (BEGIN
    IMMEDIATE). SchemaError, and nothing changed, when the database is newer than this program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    found = revision_of(connection)
    if found != target:
        with _alembic:
            _run(connection, found, target)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a database, None when it is empty (or from before there were revisions)."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection, found: str | None, target: str) -> None:
    # Imported where there is something to do: a usual start and its memory are spared it.
    from alembic.command import upgrade  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "paceline_server.platform:migrations")
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if found is not None and found not in known:
        raise SchemaError(
            f"the database has revision {found}, newer than this program, which knows up to {HEAD}: "
            "run the Paceline that made it, or a newer one"
        )
    upgrade(config, target)
