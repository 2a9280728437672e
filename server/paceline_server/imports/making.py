"""From files that are kept to their activities and days, once more; blocks, and belongs in a pool."""

from collections.abc import Callable

from paceline_server.activities import store as activities
from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.imports import days, store
from paceline_server.imports.looking import incoming_of, read_days, read_one
from paceline_server.imports.originals import file_behind, original_place
from paceline_server.imports.taking import FINGERPRINT
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database


class FileProcessor:
    """Makes activities and days of files anew from the originals."""

    def __init__(
        self, database: Database, blobs: Blobs, intake: ActivityIntake, apart: Apart, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._apart = apart
        self._clock = clock

    def process(self, owner_id: str, activity_id: str) -> None:
        """Read the file of an activity again, or the files of DAYS. Done twice, it changes nothing."""
        if activity_id == store.DAYS:
            self._days_anew(owner_id)
            return
        activity = self._database.read_now(activities.get, owner_id, activity_id)
        behind = file_behind(activity.source_key) if activity is not None else None
        if activity is None or behind is None:
            return
        sha256, number = behind
        data = self._blobs.get(original_place(owner_id), sha256)
        if data is None:
            raise FileNotFoundError(f"the original of activity {activity_id} is lost")
        name = sha256[:12]

        def make() -> Incoming:
            return incoming_of(*self._apart.run(read_one, data, name, number))

        self._intake.take(owner_id, activity.source_key, FINGERPRINT, make)

    def _days_anew(self, owner_id: str) -> None:
        files = self._database.read_now(store.with_days, owner_id)
        lost: dict[str, str] = {}
        for put in (days.restate, days.take):
            for file in files:  # one after the other: years of quarters of an hour are large
                data = self._blobs.get(original_place(owner_id), file.sha256)
                if data is None:
                    lost[file.sha256] = file.name
                else:
                    put(self._database, owner_id, self._apart.run(read_days, data, file.name), self._clock())
        if lost:
            raise FileNotFoundError(f"the originals of days are lost: {', '.join(sorted(lost.values()))}")
