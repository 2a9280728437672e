"""Watches every statement that any engine runs: what it does to which tables, and whether it names the owner."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from paceline_server import keys
from paceline_server.platform.schema import METADATA, SHARED
from sqlalchemy import ColumnElement, Connection, Delete, Engine, Insert, Select, Table, Update, event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement
from sqlalchemy.sql.selectable import FromClause, Join

assert keys.ACTIVITIES  # importing the keys imports every domain's tables


# SQLAlchemy keeps what it compiled; to look through a statement again takes longer than to run it.
_LOOKED_AT: WeakKeyDictionary[Any, tuple[frozenset[str], list[str]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Statement:
    """A statement that ran: `verb` is select, insert, update or delete; `database` is the URL's."""

    database: str | None
    verb: str
    tables: frozenset[str]
    sql: str
    parameters: Any


@dataclass
class Statements:
    """What ran, and what is wrong with it."""

    seen: list[Statement] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def take_faults(self) -> list[str]:
        """Return the faults and forget them."""
        found, self.faults = self.faults, []
        return found


@contextmanager
def watched() -> Iterator[Statements]:
    """Watch all engines."""
    statements = Statements()

    def before(_: Connection, _cursor: object, sql: str, parameters: Any, context: Any, many: bool) -> None:
        compiled = context.compiled
        built = compiled.statement if compiled is not None else None
        if isinstance(built, Select | Insert | Update | Delete):
            if compiled not in _LOOKED_AT:
                _LOOKED_AT[compiled] = _tables_in(built), _open_names_in(built)
            tables, open_names = _LOOKED_AT[compiled]
            if tables:
                where = context.engine.url.database
                statements.seen.append(
                    Statement(where, built.__visit_name__, tables, sql, parameters[0] if many else parameters)
                )
            statements.faults += [f"{name} without its owner: {sql}" for name in open_names]
        elif owned := _owned_names_in(sql):
            statements.faults.append(f"{', '.join(owned)} by text, whose owner cannot be seen: {sql}")

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def owned_tables() -> list[Table]:
    """Return the tables whose rows are a user's."""
    return [table for table in METADATA.tables.values() if SHARED not in table.info]


def _tables_in(built: ClauseElement) -> frozenset[str]:
    parts = visitors.iterate(built)
    return frozenset(part.name for part in parts if isinstance(part, Table) and part.metadata is METADATA)


def _open_names_in(built: ClauseElement) -> list[str]:
    return sorted({name for part in visitors.iterate(built) for name in _unowned(part)})


@lru_cache(4096)
def _owned_names_in(sql: str) -> Sequence[str]:
    # Definitions are the revisions' work; data in them is written as constructs over tables of their own.
    if not re.match(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY)\b", sql, re.IGNORECASE):
        return []
    words = set(re.findall(r"\w+", sql))
    return [table.name for table in owned_tables() if table.name in words]


def _unowned(part: object) -> Iterator[str]:
    """Yield the tables of one (sub)statement whose owner it leaves open; an insert cannot, by the primary key."""
    if isinstance(part, Select):
        sources, conditions = list(part.get_final_froms()), [part.whereclause]
    elif isinstance(part, Update | Delete):
        sources, conditions = [cast(FromClause, part.table)], [part.whereclause]
    else:
        return
    tables: list[FromClause] = []
    while sources:
        source = sources.pop()
        if isinstance(source, Join):
            sources += [source.left, source.right]
            conditions.append(source.onclause)
        else:
            tables.append(source)
    named = {column for condition in conditions for column in _equated(condition)}
    for table in owned_tables():
        for source in tables:
            is_it = source is table or getattr(source, "element", None) is table
            if is_it and source.c.owner_id not in named:
                yield table.name


def _equated(condition: ClauseElement | None) -> Iterator[ColumnElement[Any]]:
    """Yield the columns that must equal something for the condition to hold."""
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for clause in condition.clauses:
            yield from _equated(clause)
    elif isinstance(condition, BinaryExpression) and condition.operator is operators.eq:
        yield from (condition.left, condition.right)
