"""PostgreSQL databases with tables and nothing in them, one test's after the other's.

To make and to drop one, a copy of some 600 files, takes the processors three times as long as most tests.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from paceline_server import keys
from paceline_server.platform.schema import METADATA
from server.postgres import run_on
from sqlalchemy import URL

assert keys.ACTIVITIES  # importing the keys imports every domain's tables

_SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', c.oid, relname, attname, atttypid, attnotnull), ',' ORDER BY c.oid, attnum))
        || (SELECT concat_ws(' ', count(*), max(oid)) FROM pg_constraint)
        || (SELECT concat_ws(' ', count(*), max(oid)) FROM pg_trigger)
        || (SELECT string_agg(version_num, ' ') FROM alembic_version)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
"""
_FILLED = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in METADATA.tables)
_numbers = count(1)
_shapes: dict[str, str] = {}  # of each database that was made here
_free: list[str] = []


@contextmanager
def emptied_database(server: URL, template: str) -> Iterator[str]:
    """Give the URL of a database with the template's tables and no rows; whoever is connected at the end is cut off."""
    name = _free.pop() if _free else _made(server, template)
    yield server.set(database=name).render_as_string(hide_password=False)
    run_on(server, f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
    if _emptied(server, name):
        _free.append(name)
    else:
        _drop(server, name)


def drop_emptied(server: URL) -> None:
    """Drop those that nobody uses."""
    while _free:
        _drop(server, _free.pop())


def _made(server: URL, template: str) -> str:
    name = f"paceline_emptied_{os.getpid()}_{next(_numbers)}"
    run_on(server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' STRATEGY FILE_COPY")
    with _connected(server, name) as connection:
        _shapes[name] = _shape(connection)
    return name


def _drop(server: URL, name: str) -> None:
    del _shapes[name]
    run_on(server, f"DROP DATABASE {name} WITH (FORCE)")


def _emptied(server: URL, name: str) -> bool:
    """Take all rows out; return whether the tables are still those that were made."""
    with _connected(server, name) as connection:
        if _shape(connection) != _shapes[name]:
            return False
        connection.execute("SET session_replication_role = replica")  # the tables in any order
        for (table,) in connection.execute(_FILLED.encode()).fetchall():
            connection.execute(f"DELETE FROM {table}".encode())
        connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
    return True


def _connected(server: URL, name: str) -> psycopg.Connection[tuple[str]]:
    # Not by SQLAlchemy, whose statements are watched while a test runs.
    url = server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url)


def _shape(connection: psycopg.Connection[tuple[str]]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return row[0]
