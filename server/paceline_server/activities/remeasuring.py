"""Activities that an older version of the metrics measured, measured anew from their telemetry: what the outbox does.

Their sources are not read, so it costs a tenth of `recompute`; what only a reader can know stays as it was read. It is
done a few at a time, with a pause between, so that everything else comes first.

Who has such activities is looked up so, too, a few users in each turn. Several processes that start together ask for
the same turns, and one of them handles each. What a newer version asks for an older one, which still runs during an
update, leaves to it.
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
from paceline_server.events.model import AwayError
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.users import store as users

FROM_THE_FIRST = "all"
EVERYBODY = "00000000-0000-7000-8000-000000000000"  # the owner of the turns that find out whose activities are aged
FEW = 10
FEW_USERS = 50
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
        """Measure a few of somebody's activities, and ask for the next. Done twice, it changes nothing more.

        `subject` is after which to go on, and the version that asked. Of EVERYBODY, ask for a few users. AwayError when
        a newer version is to do it.
        """
        after, _, version = subject.partition(" ")
        if version and int(version) > VERSION:
            raise AwayError(f"version {version} of the measures is awaited, this is {VERSION}")
        if owner_id == EVERYBODY:
            write(ask_for_some, after, self.clock())
            return
        after = "" if after == FROM_THE_FIRST else after
        aged = self.database.read_now(store.measured_before, owner_id, f"{VERSION}:", after, FEW)
        for activity_id in aged:
            activity = self.database.read_now(store.get, owner_id, activity_id)
            if activity is not None and _version(activity) < VERSION:
                self._measure(activity, write)
        if len(aged) == FEW:
            write(events.emit, METRICS_AGED, owner_id, _after(aged[-1]), self.clock(), delay_s=PAUSE_S)

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
        yield user.owner_id, _after(FROM_THE_FIRST)


def ask_for_some(connection: Connection, after: str, now_s: float) -> None:
    """Have those looked at, of a few users behind this name, of whom something is aged; and go on behind them."""
    some = users.ids_after(connection, after, FEW_USERS)
    for owner_id in some.values():
        if store.measured_before(connection, owner_id, f"{VERSION}:", "", 1):
            events.emit(connection, METRICS_AGED, owner_id, _after(FROM_THE_FIRST), now_s, delay_s=PAUSE_S)
    if len(some) == FEW_USERS:
        events.emit(connection, METRICS_AGED, EVERYBODY, _after(list(some)[-1]), now_s, delay_s=PAUSE_S)


def queue_once(database: Database, folder: Path, now_s: float) -> bool:
    """Have everybody's activities looked at, the first time that this version of the metrics runs over the folder.

    Servers that share the folder may do it at once: turns that are asked for twice are handled once.
    """
    mark = folder / MARK
    if mark.exists() and mark.read_text() == str(VERSION):
        return False
    database.write_now(ask_for_some, "", now_s)
    mark.write_text(str(VERSION))
    return True


def _after(word: str) -> str:
    return f"{word} {VERSION}"


def _version(activity: Activity) -> int:
    said = activity.fingerprint.partition(":")[0]
    return int(said) if said.isdecimal() else 0
