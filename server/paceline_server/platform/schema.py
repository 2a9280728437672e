"""The one set of tables; every domain's model.py adds its own."""

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, insert, select

SCHEMA_VERSION = 1

METADATA = MetaData()

SCHEMA = Table("schema_version", METADATA, Column("version", BigInteger, primary_key=True))


class SchemaError(Exception):
    """The database was made by a newer Paceline."""


def create_tables(connection: Connection) -> None:
    """Make what tables are absent; SchemaError when the database is newer than this program."""
    METADATA.create_all(connection)
    version = connection.execute(select(SCHEMA.c.version)).scalar()
    if version is None:
        connection.execute(insert(SCHEMA).values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise SchemaError(f"the database has version {version}; this program knows {SCHEMA_VERSION}")
