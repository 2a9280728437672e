"""Statements that are built once, and on SQLite run by the driver itself: there SQLAlchemy takes eight times as long.

What they say is SQLAlchemy's: their text, the types on the way in and out, the errors; and who watches its statements
(`before_cursor_execute`) is told of these. PostgreSQL's go its whole way.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Convert = Callable[[Any], Any]
Place = tuple[str, Any, Convert | None]  # a value's name, what it is where nothing is given, how it is written


class Prepared:
    """A statement whose values are given by name when it runs (`bindparam`, columns); none of them is a list (IN)."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        names = [str(column.key) for column in statement.selected_columns] if isinstance(statement, Select) else []
        self._row = namedtuple("Row", names, rename=True)
        self._by_names: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """Return the rows; their values have the columns' names."""
        ran = self._run(connection, values)
        if ran is None:
            return [self._row(*row) for row in connection.execute(self.statement, values)]
        make = self._row._make
        if not ran.outs:
            return [make(row) for row in ran.rows]
        found: list[Any] = []
        for row in ran.rows:
            out = list(row)
            for place, convert in ran.outs:
                out[place] = convert(out[place])
            found.append(make(out))
        return found

    def row(self, connection: Connection, **values: Any) -> Any | None:
        """Return the first row; None where there is none."""
        return next(iter(self.rows(connection, **values)), None)

    def column(self, connection: Connection, **values: Any) -> list[Any]:
        """Return the first value of each row."""
        return [row[0] for row in self.rows(connection, **values)]

    def value(self, connection: Connection, **values: Any) -> Any | None:
        """Return the first value of the first row; None where there is none."""
        return next(iter(self.column(connection, **values)), None)

    def change(self, connection: Connection, **values: Any) -> int:
        """Run what changes rows; return how many an UPDATE or DELETE did."""
        ran = self._run(connection, values)
        return connection.execute(self.statement, values).rowcount if ran is None else ran.rowcount

    def change_each(self, connection: Connection, several: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of several, whose names are the same."""
        if several and connection.dialect.name != "sqlite":
            connection.execute(self.statement, several)
            return
        for values in several:
            self.change(connection, **values)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> "_Ran | None":
        """Run it by the driver; None where SQLAlchemy is to run it."""
        if connection.dialect.name != "sqlite" or not connection.in_transaction():
            return None
        names = tuple(values)
        compiled = self._by_names.get(names)
        if compiled is None:
            compiled = self._by_names[names] = _compiled(self.statement, connection.dialect, names)
        given = compiled.given(values)
        cursor: Any = connection.connection.cursor()
        for told in connection.dispatch.before_cursor_execute:
            told(connection, cursor, compiled.text, given, _Running(compiled.whole, connection.engine), False)
        try:
            cursor.execute(compiled.text, given)
            return _Ran(cursor.fetchall(), cursor.rowcount, compiled.outs)
        except sqlite3.Error:  # it changed nothing: once more, so that it is told as SQLAlchemy tells errors
            return None


@dataclass(frozen=True, slots=True)
class _Ran:
    rows: list[tuple[Any, ...]]
    rowcount: int
    outs: tuple[tuple[int, Convert], ...]


@dataclass(frozen=True, slots=True)
class _Running:
    """What who watches statements asks SQLAlchemy's context for."""

    compiled: SQLCompiler
    engine: Any


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A text, and where in it, and in its rows, which values are and how they are written and read."""

    whole: SQLCompiler
    text: str
    ins: tuple[Place, ...]
    outs: tuple[tuple[int, Convert], ...]

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values in the order of the text."""
        ordered = [
            values.get(name, fixed) if convert is None else convert(values.get(name, fixed))
            for name, fixed, convert in self.ins
        ]
        return tuple(ordered)


def _compiled(statement: Statement, dialect: Dialect, names: Sequence[str]) -> _Compiled:
    whole = statement.compile(dialect=dialect, column_keys=[*names], compile_kwargs={"render_postcompile": True})
    assert isinstance(whole, SQLCompiler)
    binds = {name: bind for bind, name in whole.bind_names.items()}
    order = whole.positiontup or []
    wrong = {name for name in order if binds[name].required} ^ set(names)
    assert not wrong, f"{sorted(wrong)}: missing, or unknown, in {whole}"
    ins = tuple(
        (name, binds[name].effective_value, binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in order
    )
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    outs = tuple((place, convert) for place, convert in enumerate(reads) if convert is not None)
    return _Compiled(whole, whole.string, ins, outs)
