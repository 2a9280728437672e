"""From a file to its activities, the first time and again; blocks, and belongs in a pool."""

from paceline_server.activities import store as activities
from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.activities.model import FINISHED
from paceline_server.formats.receipt import Receipt
from paceline_server.imports.looking import read_one
from paceline_server.imports.originals import file_behind, original_place
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs
from paceline_server.platform.database import Database

FINGERPRINT = "file"  # a source names its content: only a newer program makes another activity of it


def incoming(apart: Apart, data: bytes, name: str, number: int) -> Incoming:
    """Return a recording of a file on its way in; FormatError when it cannot be read."""
    recording, warnings = apart.run(read_one, data, name, number)
    receipt = Receipt(recorded=None, received=recording.points, problems=warnings)
    return Incoming(status=FINISHED, recording=recording, receipt=receipt)


class FileProcessor:
    """Makes activities of files anew from the originals."""

    def __init__(self, database: Database, blobs: Blobs, intake: ActivityIntake, apart: Apart) -> None:
        self._database = database
        self._blobs = blobs
        self._intake = intake
        self._apart = apart

    def process(self, owner_id: str, activity_id: str) -> None:
        """Read the file of an activity again. Done twice, it changes nothing."""
        activity = self._database.read_now(activities.get, owner_id, activity_id)
        behind = file_behind(activity.source_key) if activity is not None else None
        if activity is None or behind is None:
            return
        sha256, number = behind
        data = self._blobs.get(original_place(owner_id), sha256)
        if data is None:
            raise FileNotFoundError(f"the original of activity {activity_id} is lost")
        name = sha256[:12]
        self._intake.take(owner_id, activity.source_key, FINGERPRINT, lambda: incoming(self._apart, data, name, number))
