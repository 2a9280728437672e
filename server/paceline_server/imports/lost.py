"""Originals that are not what was put, or not there."""

from paceline_server.imports import store
from paceline_server.imports.originals import original_place
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection


def lost(connection: Connection, blobs: Blobs) -> list[str]:
    """Return the activities whose original is damaged or not there; reads every original."""
    checked: dict[tuple[str, str], bool] = {}
    found: list[str] = []
    for owner_id, activity_id, sha256 in store.sources(connection):
        if (owner_id, sha256) not in checked:
            checked[owner_id, sha256] = _held(blobs, owner_id, sha256)
        if not checked[owner_id, sha256]:
            found.append(activity_id)
    return found


def _held(blobs: Blobs, owner_id: str, sha256: str) -> bool:
    try:
        return blobs.get(original_place(owner_id), sha256) is not None
    except BlobDamagedError:
        return False
