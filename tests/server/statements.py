"""Watches every statement that any engine runs: what it does to which tables, and whether it names the owner."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from paceline_server import keys
from paceline_server.platform.schema import METADATA, SHARED
from sqlalchemy import ColumnElement, Connection, Delete, Engine, Insert, Select, Table, Update, event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement
from sqlalchemy.sql.selectable import FromClause, Join

assert keys.ACTIVITIES  # importing the keys imports every domain's tables


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
        built = context.compiled.statement if context.compiled is not None else None
        if isinstance(built, Select | Insert | Update | Delete):
            tables = frozenset(table.name for table in _tables_in(built))
            if tables:
                where = context.engine.url.database
                statements.seen.append(
                    Statement(where, built.__visit_name__, tables, sql, parameters[0] if many else parameters)
                )
            open_names = {name for part in visitors.iterate(built) for name in _unowned(part)}
            statements.faults += [f"{name} without its owner: {sql}" for name in sorted(open_names)]
        elif owned := _owned_names_in(sql):
            statements.faults.append(f"{', '.join(owned)} by text, whose owner cannot be seen: {sql}")

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def owned_tables() -> list[Table]:
    """Return the tables whose rows are a user's."""
    return [table for table in METADATA.sorted_tables if SHARED not in table.info]


def _tables_in(built: ClauseElement) -> set[Table]:
    return {part for part in visitors.iterate(built) if isinstance(part, Table) and part.metadata is METADATA}


def _owned_names_in(sql: str) -> list[str]:
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
