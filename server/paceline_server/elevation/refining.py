"""Climb of workouts that recorded no good altitudes, from elevation tiles: what the outbox does. It blocks.

What a barometer told stays. Of a workout whose places have no heights nothing is said; a back-fill looks again when
there are more tiles. What is made anew of its source is refined anew, to the same values, by an event of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from paceline_server.activities import store
from paceline_server.activities.changes import Change
from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.tile_heights import corners_of
from paceline_server.elevation.measuring import measured_by_tiles
from paceline_server.elevation.model import Corner
from paceline_server.elevation.tiles import Tiles
from paceline_server.events import store as events
from paceline_server.events.declared import TILES_WANTED
from paceline_server.formats.recording import Column
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.telemetry import COLUMN_NAMES, unpack_columns
from paceline_server.users import store as users

Found = tuple[Activity, dict[str, Column], list[Corner]]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Refines activities by tiles. Twice is once; one with good altitudes, by tiles already, or gone, is left."""

    database: Database
    blobs: Blobs
    tiles: Tiles
    clock: Callable[[], float]

    def refine(self, owner_id: str, activity_id: str, write: Write) -> None:
        """Give an activity the climb of the tiles that are here, or have those fetched that are not."""
        found = self._found(owner_id, activity_id)
        if found is None:
            return
        if self.tiles.missing(found[2]):
            write(events.emit, TILES_WANTED, owner_id, activity_id, self.clock())
        else:
            self._measure(found, write)

    def fetch(self, owner_id: str, activity_id: str, write: Write) -> None:
        """Fetch an activity's tiles, and refine it; TileError: its server is asked again later, for days if need be."""
        found = self._found(owner_id, activity_id)
        if found is not None:
            self.tiles.fetch(found[2])
            self._measure(found, write)

    def _found(self, owner_id: str, activity_id: str) -> Found | None:
        if not self.tiles.any:
            return None
        activity = self.database.read_now(store.get, owner_id, activity_id)
        if activity is None or activity.recorded is None or not store.may_want_heights(activity):
            return None
        blob = self.blobs.get(telemetry_place(owner_id, activity_id), activity.telemetry_sha256)
        if blob is None:
            return None  # healing makes it anew, and so this
        columns = unpack_columns(blob, COLUMN_NAMES)
        if not activity.recorded.own_distance:
            del columns["distance_m"]
        return activity, columns, corners_of(columns["latitude_deg"], columns["longitude_deg"])

    def _measure(self, found: Found, write: Write) -> None:
        activity, columns, corners = found
        paths = self.tiles.here(corners)
        values = None
        if paths and activity.recorded is not None:
            values = self.tiles.apart.run(measured_by_tiles, activity.recorded, columns, activity.edits, paths)
        if values is not None:
            # Refused when the activity changed meanwhile: that has an event of its own.
            change = Change(activity.owner_id, activity.activity_id)
            write(store.save, replace(activity, **values), change, activity.revision)


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of all that want heights."""
    for user in users.everybody(connection):
        for activity_id in store.without_heights(connection, user.owner_id):
            yield user.owner_id, activity_id
