"""SQL about the database itself."""

from sqlalchemy import Connection, text


def database_bytes(connection: Connection) -> int:
    """Return how much room the database takes, indexes and all; on PostgreSQL on its own server."""
    if connection.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        query = "SELECT pg_database_size(current_database())"
    return int(connection.execute(text(query)).scalar_one())
