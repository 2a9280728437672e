"""SQL of the export: all rows of a user, of all tables there are, without what is secret."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from paceline_server.platform.schema import METADATA, SHARED

SECRET = {
    "users": {"password_hash"},
    "tokens": {"token_hash", "authorization_hash"},
    "authorizations": {"authorization_hash", "refresh_hash", "previous_hash"},
    "authorization_codes": {"code_hash", "authorization_hash"},
    "apps": {"secret_hash"},
    "outside_identities": {"identity_hash"},
    "devices": {"device_key"},
    "idempotency_keys": {"answer"},
    "letters": {"sealed"},
    "links": {"link_hash"},
    "second_factors": {"sealed_secret"},
    "recovery_codes": {"code_hash"},
}


def rows(connection: Connection, owner_id: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Yield (table, rows) of every table that holds something of the user."""
    for table in METADATA.sorted_tables:
        if SHARED in table.info:
            continue
        columns = [column for column in table.c if column.name not in SECRET.get(table.name, ())]
        query = select(*columns).where(table.c.owner_id == owner_id)
        names = [str(column.name) for column in columns]
        found = [dict(zip(names, row, strict=True)) for row in connection.execute(query)]
        if found:
            yield table.name, found
