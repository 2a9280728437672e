"""Ascent and descent of workouts that recorded no altitude, from a folder of elevation tiles: what the outbox does.

It blocks. The file of a place is looked for by its name alone (formats/hgt.py); no other server is asked. Of a workout
whose places have no heights nothing is said; a back-fill looks again when there are more tiles.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from paceline_server.activities import store
from paceline_server.activities.changes import Change
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.analysis.cropping import cut_columns
from paceline_server.analysis.tile_heights import climb_by_tiles_m
from paceline_server.formats.hgt import read_tile, tile_name
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.telemetry import unpack_columns
from paceline_server.users import store as users

_COLUMNS = ("time_s", "latitude_deg", "longitude_deg", "speed_m_s", "distance_m")


@dataclass(frozen=True, slots=True)
class Refiner:
    """Refines by the tiles of a folder; None: there are none, and nothing is done."""

    database: Database
    blobs: Blobs
    folder: Path | None

    def refine(self, owner_id: str, activity_id: str, write: Write) -> None:
        """Give an activity the climb of its tiles; one that has a climb, or is gone, is left. Twice is once."""
        activity = self.database.read_now(store.get, owner_id, activity_id)
        if self.folder is None or activity is None or activity.findings is None or not store.lacks_climb(activity):
            return
        blob = self.blobs.get(telemetry_place(owner_id, activity_id), activity.telemetry_sha256)
        if blob is None:
            return  # healing makes it anew, and so this
        columns, folder = unpack_columns(blob, _COLUMNS), self.folder
        if activity.edits.crop_s is not None:
            columns = cut_columns(columns, *activity.edits.crop_s)
        climb = climb_by_tiles_m(columns, lambda south, west: read_tile(folder / tile_name(south, west)))
        if climb is not None:
            findings = replace(activity.findings, descent_m=climb[1], by_tiles=True)
            refined = replace(activity, ascent_m=climb[0], findings=findings)
            # Refused when the activity changed meanwhile: that has an event of its own.
            write(store.save, refined, Change(owner_id, activity_id), activity.revision)


def every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield (owner, activity) of all that lack a climb."""
    for user in users.everybody(connection):
        for activity_id in store.without_climb(connection, user.owner_id):
            yield user.owner_id, activity_id
