"""Telemetry that is damaged or gone is derived anew from what it was derived from, where that is a journal."""

import logging

from paceline_server.activities import store
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.journals import store as journals
from paceline_server.journals.model import JournalRef
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Write
from paceline_server.users import store as users

_JOURNAL = "journal"
_log = logging.getLogger("paceline.activities")


def heal(owner_id: str, activity_id: str, write: Write, now_s: float) -> None:
    """Have the activity's journal read anew, and the activity made from it. Done twice, it changes nothing more."""

    def begin(connection: Connection) -> None:
        source_key = store.made_of(connection, owner_id, activity_id)
        ref = journal_of(owner_id, source_key or "")
        if ref is None or not journals.read_anew(connection, ref, now_s):
            _log.error("the telemetry of activity %s is lost: no journal is held to derive it from", activity_id)

    write(begin)


def journal_of(owner_id: str, source_key: str) -> JournalRef | None:
    """Return the journal that a source names, None when the source is none."""
    match source_key.split(":"):
        case [kind, device_id, epoch, _session] if kind == _JOURNAL:
            return JournalRef(owner_id, device_id, int(epoch, 16))
        case _:
            return None


def damaged(connection: Connection, blobs: Blobs) -> list[tuple[str, str]]:
    """Return (owner, activity) of all telemetry that is not what was put, or not there; reads every blob."""
    found: list[tuple[str, str]] = []
    for user in users.everybody(connection):
        for activity_id, sha256 in store.telemetry_sums(connection, user.owner_id).items():
            try:
                held = blobs.get(telemetry_place(user.owner_id, activity_id), sha256) is not None
            except BlobDamagedError:
                held = False
            if not held:
                found.append((user.owner_id, activity_id))
    return found
