"""What is told of a batch that is imported, once for each."""

from paceline_server.imports import store
from paceline_server.imports.model import BROKEN, DELETED, IMPORTED, OVERLAPS, SAME, Batch
from paceline_server.notifications.model import IMPORT, Tale
from paceline_server.platform.database import Connection

_OTHERWISE = (
    (SAME, "already here"),
    (OVERLAPS, "perhaps here, for you to say"),
    (DELETED, "deleted before"),
    (BROKEN, "unreadable"),
)


def done_tale(connection: Connection, batch: Batch) -> Tale:
    """Return what is told of a batch that is imported."""
    counts = store.counts(connection, batch.owner_id, batch.batch_id)
    said = [f"{counts.get(IMPORTED, 0)} of {batch.total_files} files are imported"]
    said += [f"{words}: {counts[state]}" for state, words in _OTHERWISE if counts.get(state)]
    return Tale(
        IMPORT, batch.batch_id, f"{batch.name} is imported", ", ".join(said) + ".", f"/imports/{batch.batch_id}"
    )
