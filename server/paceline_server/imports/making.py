"""From files that are kept to their activities and days, once more; blocks, and belongs in a pool."""

import logging
from collections.abc import Callable

from paceline_server.activities import store as activities
from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.formats.days import DaysSaid
from paceline_server.formats.errors import FormatError
from paceline_server.imports import days, store
from paceline_server.imports.looking import incoming_of, read_days, read_one
from paceline_server.imports.model import ImportFile
from paceline_server.imports.originals import file_behind, original_place
from paceline_server.imports.said_days import no_longer_said, said_days
from paceline_server.imports.taking import FINGERPRINT
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import BlobDamagedError, Blobs
from paceline_server.platform.database import Database

_log = logging.getLogger("paceline.imports")


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
            spans = self._database.read_now(store.recorded_spans, owner_id, sha256)
            return incoming_of(*self._apart.run(read_one, data, name, number, spans))

        try:
            self._intake.take(owner_id, activity.source_key, FINGERPRINT, make)
        except FormatError as error:  # what a reader once found is not thrown away because another one does not
            place = telemetry_place(owner_id, activity_id)
            if activity.telemetry_sha256 and not self._held(place, activity.telemetry_sha256):
                raise  # it was to heal it
            _log.warning("activity %s stays as it is: %s", activity_id, error)

    def _held(self, place: str, sha256: str) -> bool:
        try:
            return self._blobs.get(place, sha256) is not None
        except BlobDamagedError:
            return False

    def _days_anew(self, owner_id: str) -> None:
        files = self._database.read_now(store.with_days, owner_id)
        lost: dict[str, str] = {}
        for put in (self._restated, self._taken):
            for file in files:  # one after the other: years of quarters of an hour are large
                try:
                    data = self._blobs.get(original_place(owner_id), file.sha256)
                except BlobDamagedError:
                    data = None
                if data is None:
                    lost[file.sha256] = file.name
                    continue
                try:
                    put(file, self._apart.run(read_days, data, file.name))
                except FormatError as error:
                    _log.warning("what the file %s said of days stays: %s", file.sha256[:12], error)
        if lost:
            raise FileNotFoundError(f"the originals of days are lost: {', '.join(sorted(lost.values()))}")

    def _restated(self, file: ImportFile, said: tuple[DaysSaid, ...]) -> None:
        """Let what a file says of days be as it says it now, and be gone what it says no more."""
        gone = no_longer_said(file.said_days, said_days(said))
        days.unsay(self._database, file.owner_id, gone, self._clock())
        days.restate(self._database, file.owner_id, said, self._clock())

    def _taken(self, file: ImportFile, said: tuple[DaysSaid, ...]) -> None:
        """Let hold what this file says later or higher than others, which were restated after it."""
        days.take(self._database, file.owner_id, said, self._clock())
        self._database.write_now(store.keep_said_days, file, said_days(said))
