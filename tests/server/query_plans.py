"""Asks the planner of either engine how it would run a statement, and says what is slow about it."""

from collections.abc import Iterator
from typing import Any

from server.statements import Statement, owned_tables
from sqlalchemy import Connection

OWNED = {table.name for table in owned_tables()}
AVOIDED = ("enable_seqscan", "enable_bitmapscan", "enable_sort")  # taken all the same: there is no index


def slowness(connection: Connection, statement: Statement) -> list[str]:
    """Return what no index serves: rows looked at beyond the owner's, or put in order."""
    found = (
        _sqlite(connection, statement) if connection.dialect.name == "sqlite" else _postgresql(connection, statement)
    )
    return [f"{what}: {statement.sql}" for what in found]


def _sqlite(connection: Connection, statement: Statement) -> Iterator[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
    for *_, detail in plan:
        words = detail.split()
        unowned = words[0] == "SEARCH" and words[1] in OWNED and "(owner_id=?" not in detail
        if words[0] == "SCAN" or "TEMP B-TREE" in detail or unowned:
            yield detail


def _postgresql(connection: Connection, statement: Statement) -> Iterator[str]:
    for setting in AVOIDED:
        connection.exec_driver_sql(f"SET LOCAL {setting} = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters).scalar_one()
    nodes: list[dict[str, Any]] = [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        kind, table, condition = node["Node Type"], node.get("Relation Name"), node.get("Index Cond", "")
        served = "owner_id = " in condition if table in OWNED else bool(condition)
        unowned = kind.startswith("Index") and not served
        if kind == "Seq Scan" or "Sort" in kind or unowned:
            yield f"{kind} {table or ''} {condition}"
