"""The one set of tables; every domain's model.py adds its own, and a revision in migrations/ makes them.

A user-owned table leads its primary key with `owner_id`, and every statement on it names the owner. A table that is
no owner's (a directory, a queue) says so and why: `info={SHARED: "reason"}`.
"""

from sqlalchemy import MetaData

METADATA = MetaData()
SHARED = "shared"


class DatabaseError(Exception):
    """The database cannot be used; says why, and holds no password."""


class SchemaError(DatabaseError):
    """The database was made by a newer Paceline."""
