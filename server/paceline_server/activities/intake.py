"""The one way in: whatever becomes a Recording becomes an activity, its telemetry and its metrics here."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from paceline_server.activities import store, telemetry_left
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.edits import NO_EDITS, Edits
from paceline_server.activities.measuring import derived
from paceline_server.activities.model import Activity
from paceline_server.activities.recorded import Recorded, SetDone, sets_counted
from paceline_server.activities.telemetry_left import LOOK_AFTER_S, telemetry_place
from paceline_server.analysis.cropping import has_values
from paceline_server.analysis.metrics import VERSION
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY_LEFT
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Column, Recording
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import BlobDamagedError, Blobs, blob_key
from paceline_server.platform.database import Database
from paceline_server.platform.ids import new_id
from paceline_server.telemetry import unpack_columns
from paceline_server.tombstones.store import withdraw

ATTEMPTS = 20
_log = logging.getLogger("paceline.activities")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A recording on its way in; totals are the source's own where it has them, `sets` what the recording has not."""

    status: str
    recording: Recording
    receipt: Receipt
    duration_s: float | None = None
    distance_m: float | None = None
    calories_kcal: float | None = None
    sets: tuple[SetDone, ...] = ()
    edits: Edits = NO_EDITS  # said of an activity that is new
    waits: bool = False  # a new one stands behind itself until somebody shows it

    def recorded(self) -> Recorded:
        """Return what is kept of it beside its columns."""
        recording = self.recording
        return Recorded(
            sport=recording.sport,
            start_utc_s=recording.start_utc_s,
            duration_s=self.duration_s if self.duration_s is not None else recording.duration_s,
            distance_m=self.distance_m,
            calories_kcal=self.calories_kcal,
            own_distance=has_values(recording.columns.get("distance_m")),
            laps=recording.laps,
            pauses=recording.pauses,
            lengths=recording.lengths,
            sets=self.sets or sets_counted(recording),
            utc_offset_s=recording.utc_offset_s,
        )


class ActivityIntake:
    """Adds and renews activities, and tells those who watch them; blocks, and belongs in a pool."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        tell: Tell,
        apart: Apart,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._random_bytes = random_bytes
        self._tell = tell
        self._apart = apart

    def withdraw(self, owner_id: str, source_key: str) -> None:
        """Take back what was made of a source, as it is another's; done twice, it changes nothing."""
        before = self._database.read_now(store.find_source, owner_id, source_key)
        if before is not None:
            place = telemetry_place(owner_id, before.activity_id)
            self._database.write_now(withdraw, owner_id, before.activity_id, place, self._clock())
            self._tell(Change(owner_id, before.activity_id, gone=True))

    def take(self, owner_id: str, source_key: str, fingerprint: str, make: Callable[[], Incoming]) -> bool:
        """Make the source's activity what `make` gives; False when it is so already, or was deleted.

        `fingerprint` stands for all that the source says: the same one means that nothing changed, and `make` is not
        called.
        """
        fingerprint = f"{VERSION}:{fingerprint}"
        made: Incoming | None = None
        for _ in range(ATTEMPTS):
            before, deleted = self._database.read_now(store.standing, owner_id, source_key)
            if deleted or (before is not None and before.fingerprint == fingerprint):
                return False
            made = made if made is not None else make()
            if self._taken(made, self._activity(owner_id, source_key, fingerprint, made, before), before):
                return True
        raise RuntimeError("the activity changes faster than it can be made")

    def _taken(self, incoming: Incoming, made: tuple[bytes, Activity], before: Activity | None) -> bool:
        """Keep telemetry and row; False when the row was deleted or edited meanwhile."""
        packed, activity = made
        owner_id = activity.owner_id
        from_row, replaces = self._changed_from(before, activity, incoming.recording.columns)
        place = telemetry_place(owner_id, activity.activity_id)
        key = blob_key(place, hashlib.sha256(packed).hexdigest())
        if before is None:  # should the row not come after all, somebody looks whether the blob has a use
            left = telemetry_left.maybe(key)
            self._database.write_now(events.emit, TELEMETRY_LEFT, owner_id, left, self._clock(), delay_s=LOOK_AFTER_S)
        # The blob first: a row never promises telemetry that is not there.
        activity = replace(activity, telemetry_sha256=self._blobs.put(place, packed))
        change = Change(owner_id, activity.activity_id, from_row, replaces)
        seen = before.revision if before is not None else None
        if not self._database.write_now(store.save, activity, change, seen):
            return False
        if before is not None and before.telemetry_sha256 != activity.telemetry_sha256:
            self._blobs.delete(blob_key(place, before.telemetry_sha256))  # who reads it now asks the row again
        self._tell(change)
        return True

    def _activity(
        self, owner_id: str, source_key: str, fingerprint: str, incoming: Incoming, before: Activity | None
    ) -> tuple[bytes, Activity]:
        now_s = self._clock()
        edits = before.edits if before is not None else incoming.edits
        activity_id = before.activity_id if before is not None else new_id(now_s, self._random_bytes)
        shown, packed = self._apart.run(derived, incoming.recorded(), dict(incoming.recording.columns), edits)
        activity = Activity(
            activity_id=activity_id,
            owner_id=owner_id,
            source_key=source_key,
            fingerprint=fingerprint,
            source=incoming.recording.source,
            status=incoming.status,
            whole=incoming.receipt.whole,
            receipt=incoming.receipt,
            behind=before.behind if before is not None else activity_id if incoming.waits else None,
            created_at_s=before.created_at_s if before is not None else now_s,
            updated_at_s=now_s,
            **shown,
        )
        return packed, activity

    def _changed_from(
        self, before: Activity | None, after: Activity, columns: Mapping[str, Column]
    ) -> tuple[int, bool]:
        """Return the first new row, and whether rows before it changed (then it is 0)."""
        if before is None:
            return 0, False
        if after.edits.crop_s is not None:
            return 0, True
        rows = before.points_count
        same = before.start_utc_s == after.start_utc_s and rows <= after.points_count
        place = telemetry_place(after.owner_id, after.activity_id)
        try:
            blob = self._blobs.get(place, before.telemetry_sha256) if same else None
        except BlobDamagedError:
            _log.exception("telemetry is made anew")
            blob = None
        if blob is None:
            return 0, True
        held = unpack_columns(blob, ("time_s",))["time_s"]
        same = len(held) == rows and bool((held == columns["time_s"][:rows]).all())
        return (rows, False) if same else (0, True)
