"""What is told of a batch that is imported, once for each."""

from paceline_server.imports import store
from paceline_server.imports.model import BROKEN, DELETED, IMPORTED, OVERLAPS, SAME, Batch
from paceline_server.notifications.model import IMPORT, Tale
from paceline_server.platform.database import Connection
from paceline_server.profile.store import written_for
from paceline_server.words.speech import N_, ngettext
from paceline_server.words.speech import gettext as _

_OTHERWISE = (
    (SAME, N_("already here")),
    (OVERLAPS, N_("perhaps here, for you to say")),
    (DELETED, N_("deleted before")),
    (BROKEN, N_("unreadable")),
)


def done_tale(connection: Connection, batch: Batch) -> Tale:
    """Return what is told of a batch that is imported."""
    counts = store.counts(connection, batch.owner_id, batch.batch_id)
    with written_for(connection, batch.owner_id):
        every, done = batch.total_files, counts.get(IMPORTED, 0)
        figures = {"n": done, "all": every}
        said = [ngettext("%(n)s of %(all)s file is imported", "%(n)s of %(all)s files are imported", every, **figures)]
        said += [f"{_(words)}: {counts[state]}" for state, words in _OTHERWISE if counts.get(state)]
        title = _("%(name)s is imported", name=batch.name)
    return Tale(IMPORT, batch.batch_id, title, ", ".join(said) + ".", f"/imports/{batch.batch_id}")
