"""Turns: edits of one thing come one after the other, also where there is no row yet that could be locked."""

import hashlib

from sqlalchemy import Connection, func, select


def alone(connection: Connection, owner_id: str, subject: str) -> None:
    """Wait until nobody else edits this subject of the owner's, and keep others waiting until the transaction ends.

    SQLite has one writer anyway: there this does nothing.
    """
    if connection.dialect.name == "postgresql":
        digest = hashlib.sha256(f"turn\0{owner_id}\0{subject}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(number)))
