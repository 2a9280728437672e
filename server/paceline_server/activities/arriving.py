"""Many activities at once, derived already: added in one transaction, each unless its source is there or was deleted.

Who calls it goes through four steps: `expect` in a transaction, `put` between, `add` in a transaction, `tell` after it.
A crash between leaves blobs that somebody looks after, and nothing else.
"""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from paceline_server.activities import store, telemetry_left
from paceline_server.activities.changes import Change, Tell
from paceline_server.activities.edits import Edits
from paceline_server.activities.intake import Incoming
from paceline_server.activities.measuring import derived
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import LOOK_AFTER_S, telemetry_place
from paceline_server.analysis.metrics import VERSION
from paceline_server.events import store as events
from paceline_server.events.declared import TELEMETRY, TELEMETRY_LEFT
from paceline_server.events.model import Turn
from paceline_server.formats.receipt import Receipt
from paceline_server.platform.blobs import Blobs, blob_key
from paceline_server.platform.database import Connection
from paceline_server.platform.ids import new_id

AT_ONCE = 4  # blobs that are put together: each waits for the disk most of its time


@dataclass(frozen=True, slots=True)
class Ready:
    """What a recording becomes: values of an Activity, and its telemetry packed."""

    status: str
    source: str
    receipt: Receipt
    shown: dict[str, Any]
    packed: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """An activity on its way, whose telemetry is not kept yet."""

    activity: Activity
    packed: bytes


def make_ready(incoming: Incoming, edits: Edits) -> Ready:
    """Derive what a recording becomes; pure, and heavy: it belongs in the process apart."""
    shown, packed = derived(incoming.recorded(), incoming.recording.columns, edits)
    return Ready(incoming.status, incoming.recording.source, incoming.receipt, shown, packed)


class Arrivals:
    """Adds activities; blocks, and belongs in a pool."""

    def __init__(
        self, blobs: Blobs, clock: Callable[[], float], random_bytes: Callable[[int], bytes], tell: Tell
    ) -> None:
        self._blobs = blobs
        self.clock = clock
        self._random_bytes = random_bytes
        self.tell_change = tell

    def arrival(self, owner_id: str, source_key: str, fingerprint: str, ready: Ready) -> Arrival:
        """Return the activity of a source."""
        now_s = self.clock()
        activity = Activity(
            activity_id=new_id(now_s, self._random_bytes),
            owner_id=owner_id,
            source_key=source_key,
            fingerprint=f"{VERSION}:{fingerprint}",
            source=ready.source,
            status=ready.status,
            whole=ready.receipt.whole,
            receipt=ready.receipt,
            created_at_s=now_s,
            updated_at_s=now_s,
            telemetry_sha256=hashlib.sha256(ready.packed).hexdigest(),
            **ready.shown,
        )
        return Arrival(activity, ready.packed)

    def expect(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        """Have somebody look whether the blobs that come now are shown by an activity."""
        for one in (arrival.activity for arrival in arrivals):
            events.emit(connection, TELEMETRY_LEFT, one.owner_id, _left(one), self.clock(), delay_s=LOOK_AFTER_S)

    def put(self, arrivals: Sequence[Arrival]) -> None:
        """Keep the telemetry: first of all, as a row never promises telemetry that is not there."""
        put_all(
            self._blobs,
            [(telemetry_place(one.activity.owner_id, one.activity.activity_id), one.packed) for one in arrivals],
        )

    def add(self, connection: Connection, arrivals: Sequence[Arrival]) -> dict[str, str]:
        """Add the activities of sources that are not there; return the ids that are, by source (no deleted one)."""
        there: dict[str, str] = {}
        fresh: list[Activity] = []
        for one in (arrival.activity for arrival in arrivals):
            before, deleted = store.standing(connection, one.owner_id, one.source_key)
            if before is None and not deleted and one.source_key not in there:
                fresh.append(one)
                there[one.source_key] = one.activity_id
            elif before is not None:
                there[one.source_key] = before.activity_id
        store.add(connection, fresh)
        for one in fresh:  # what shows its telemetry is there: nobody has to look
            events.forget(connection, Turn(one.owner_id, TELEMETRY, _left(one)))
        return there

    def tell(self, arrivals: Sequence[Arrival], there: dict[str, str]) -> None:
        """Tell who watches; after what was added is durable."""
        for one in (arrival.activity for arrival in arrivals):
            if there.get(one.source_key) == one.activity_id:
                self.tell_change(Change(one.owner_id, one.activity_id))


def _left(activity: Activity) -> str:
    place = telemetry_place(activity.owner_id, activity.activity_id)
    return telemetry_left.maybe(blob_key(place, activity.telemetry_sha256))


def put_all(blobs: Blobs, pairs: Sequence[tuple[str, bytes]]) -> None:
    """Keep bytes at their places, several at once."""
    if len(pairs) == 1:
        blobs.put(*pairs[0])
        return
    with ThreadPoolExecutor(AT_ONCE, "blobs") as pool:
        list(pool.map(lambda pair: blobs.put(*pair), pairs))
