"""Activities that an older version of the metrics measured, measured anew from their telemetry: what the outbox does.

Their sources are not read, so it costs a tenth of `recompute`; what only a reader can know stays as it was read. It is
done a few at a time, with a pause between, so that everything else comes first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from paceline_server.activities import store
from paceline_server.activities.changes import Change
from paceline_server.activities.measuring import measured_anew
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.metrics import VERSION
from paceline_server.events import store as events
from paceline_server.events.declared import METRICS_AGED
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.users import store as users

FROM_THE_FIRST = "all"
FEW = 10
PAUSE_S = 2.0
MARK = "measured-by-version"


@dataclass(frozen=True, slots=True)
class Remeasurer:
    """Measures anew; blocks, and belongs in a pool."""

    database: Database
    blobs: Blobs
    apart: Apart
    clock: Callable[[], float]

    def look(self, owner_id: str, subject: str, write: Write) -> None:
        """Measure a few of somebody's activities, and ask for the next. Done twice, it changes nothing more."""
        after = "" if subject == FROM_THE_FIRST else subject
        aged = self.database.read_now(store.measured_before, owner_id, f"{VERSION}:", after, FEW)
        for activity_id in aged:
            activity = self.database.read_now(store.get, owner_id, activity_id)
            if activity is not None:
                self._measure(activity, write)
        if len(aged) == FEW:
            write(events.emit, METRICS_AGED, owner_id, aged[-1], self.clock(), delay_s=PAUSE_S)

    def _measure(self, before: Activity, write: Write) -> None:
        place = telemetry_place(before.owner_id, before.activity_id)
        try:
            blob = self.blobs.get(place, before.telemetry_sha256)
        except BlobDamagedError:
            blob = None
        if blob is None or before.recorded is None:
            return  # healing makes it anew of its source, and that measures it
        shown = self.apart.run(measured_anew, before.recorded, blob, before.edits)
        stands_for = before.fingerprint.partition(":")[2]
        after = replace(before, fingerprint=f"{VERSION}:{stands_for}", updated_at_s=self.clock(), **shown)
        # Refused when the activity changed meanwhile: then the next start, or its source, sees to it.
        write(store.save, after, Change(before.owner_id, before.activity_id), before.revision)


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, all) of everybody."""
    for user in users.everybody(connection):
        yield user.owner_id, FROM_THE_FIRST


def queue_once(database: Database, folder: Path, now_s: float) -> bool:
    """Have everybody's activities looked at, the first time that this version of the metrics runs over the folder."""
    mark = folder / MARK
    if mark.exists() and mark.read_text() == str(VERSION):
        return False

    def ask(connection: Connection) -> None:
        for owner_id, subject in every(connection):
            if store.measured_before(connection, owner_id, f"{VERSION}:", "", 1):
                events.emit(connection, METRICS_AGED, owner_id, subject, now_s, delay_s=PAUSE_S)

    database.write_now(ask)
    mark.write_text(str(VERSION))
    return True
