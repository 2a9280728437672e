"""What an account that was left has on disk: deleted by an event's handler, as often as it is told to."""

from collections.abc import Iterator

from paceline_server.activities.telemetry_left import TELEMETRY
from paceline_server.archives import staging
from paceline_server.archives.writing import Places
from paceline_server.imports.originals import ORIGINALS, STAGED
from paceline_server.journals.files import JournalFiles
from paceline_server.leaving import store
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Write
from paceline_server.users import store as users

BLOBS = (TELEMETRY, ORIGINALS, STAGED)


def erase(places: Places, owner_id: str, write: Write) -> None:
    """Delete what is left of an owner who is no user; blocks. A user keeps everything, whoever tells to erase."""
    if places.database.read_now(users.get, owner_id) is not None:
        return
    write(store.wipe, owner_id)
    for prefix in BLOBS:
        for key in places.blobs.keys(f"{prefix}{owner_id}/"):
            places.blobs.delete(key)
    places.files.forget(owner_id)
    staging.forget(places.folder, owner_id)


def ownerless(connection: Connection, blobs: Blobs, files: JournalFiles) -> Iterator[tuple[str, str]]:
    """Yield (owner, subject) of everybody who has files and is no user."""
    held = {key.split("/")[1] for prefix in BLOBS for key in blobs.keys(prefix)}
    for owner_id in sorted(held | set(files.owners())):
        if users.get(connection, owner_id) is None:
            yield owner_id, store.AT_ONCE
