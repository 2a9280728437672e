"""Telemetry that is damaged or gone is derived anew from its source: a journal, a file, or what was sent."""

import logging

from paceline_server.activities import store
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.duplicates import store as duplicates
from paceline_server.duplicates.model import MERGED
from paceline_server.events import store as events
from paceline_server.events.declared import UPLOAD_GREW
from paceline_server.imports import store as imports
from paceline_server.journals import store as journals
from paceline_server.journals.wearers import journal_behind
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Write
from paceline_server.uploads import store as uploads
from paceline_server.users import store as users

_log = logging.getLogger("paceline.activities")


def heal(owner_id: str, activity_id: str, write: Write, now_s: float) -> None:
    """Have the activity's source read anew, and the activity made from it. Done twice, it changes nothing more."""

    def begin(connection: Connection) -> None:
        source_key = store.made_of(connection, owner_id, activity_id)
        if (source_key or "").startswith(MERGED):  # made anew of its recordings
            duplicates.look_again(connection, owner_id, duplicates.behind(connection, owner_id, activity_id)[:1], now_s)
            return
        ref = journal_behind(connection, owner_id, source_key or "")
        if uploads.get(connection, owner_id, activity_id) is not None:
            events.emit(connection, UPLOAD_GREW, owner_id, activity_id, now_s)
        elif imports.want_original(connection, owner_id, activity_id, source_key or "", now_s):
            pass
        elif ref is None or not journals.read_anew(connection, ref, now_s):
            _log.error("the telemetry of activity %s is lost: nothing is held to derive it from", activity_id)

    write(begin)


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
