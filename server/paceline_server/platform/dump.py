"""A database as files that either engine takes: a file of JSON lines for each table, and what its columns are.

Lines are arrays in the order of the columns; bytes are base64. Numbers that the database gives by itself are left out.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    inspect,
    select,
)
from sqlalchemy.types import TypeEngine

from paceline_server.platform.schema import METADATA

BATCH = 500
_TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "id": lambda: Uuid(as_uuid=False),
    "json": JSON,
    "bytes": LargeBinary,
    "yes or no": Boolean,
    "whole": BigInteger,
    "number": Double,
    "text": Text,
}


@dataclass(frozen=True, slots=True)
class Dumped:
    """A table in a dump: its columns as (name, kind)."""

    name: str
    columns: tuple[tuple[str, str], ...]


def tables() -> list[Dumped]:
    """Return what a dump holds, in an order in which it can be read back."""
    return [
        Dumped(table.name, tuple((column.name, _kind(column)) for column in _kept(table)))
        for table in METADATA.sorted_tables
    ]


def begin_snapshot(connection: Connection) -> None:
    """Let all that follows in the transaction see one moment."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def lines(connection: Connection, dumped: Dumped) -> Iterator[bytes]:
    """Yield the rows of a table, each as a line."""
    columns = _kept(METADATA.tables[dumped.name])
    rows = connection.execution_options(yield_per=BATCH).execute(select(*columns))
    for row in rows:
        yield orjson.dumps([_out(value) for value in row]) + b"\n"


def is_empty(connection: Connection) -> bool:
    """Tell whether there are no tables at all."""
    return not inspect(connection).get_table_names()


def load(connection: Connection, dumped: Dumped, rows: Iterable[bytes]) -> int:
    """Put the lines of a dump into the table, which is empty; return how many there were."""
    columns = [Column(name, _TYPES[kind]()) for name, kind in dumped.columns]
    table = Table(dumped.name, MetaData(), *columns)
    count, batch = 0, list[dict[str, Any]]()
    for line in rows:
        values = zip(dumped.columns, orjson.loads(line), strict=True)
        batch.append({name: _in(kind, value) for (name, kind), value in values})
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            count, batch = count + len(batch), []
    if batch:
        connection.execute(insert(table), batch)
    return count + len(batch)


def _kept(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column is not table.autoincrement_column]


def _kind(column: Column[Any]) -> str:
    found = (kind for kind, made in _TYPES.items() if isinstance(column.type, type(made())))
    return next(found, "whole" if column.type.python_type is int else "text")


def _out(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _in(kind: str, value: Any) -> Any:
    return base64.b64decode(value) if kind == "bytes" and value is not None else value
