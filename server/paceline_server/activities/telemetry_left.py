"""Telemetry that no activity shows: of one that was deleted, or of one that a crash kept from being made."""

from collections.abc import Iterator

from paceline_server.activities import store
from paceline_server.activities.service import TELEMETRY, telemetry_key
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database


def delete(database: Database, blobs: Blobs, owner_id: str, key: str) -> None:
    """Delete the blob unless the owner's activity shows it; blocks. Done twice, it changes nothing."""
    activity_id = key.rpartition("/")[2]
    if key == telemetry_key(owner_id, activity_id) and not database.read_now(store.exists, owner_id, activity_id):
        blobs.delete(key)


def unshown(connection: Connection, blobs: Blobs) -> Iterator[tuple[str, str]]:
    """Yield (owner, key) of every telemetry blob that no activity shows."""
    for key in blobs.keys(TELEMETRY):
        owner_id, _, activity_id = key.removeprefix(TELEMETRY).partition("/")
        if not store.exists(connection, owner_id, activity_id):
            yield owner_id, key
