"""From what a program sent to an activity; blocks, and belongs in a pool."""

import hashlib

from paceline_server.activities import store as activities
from paceline_server.activities.deriving import derive
from paceline_server.activities.edits import Edits
from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.activities.model import FINISHED, LIVE, Activity
from paceline_server.activities.recorded import Recorded, set_of
from paceline_server.errors import told
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Lap, Pause, Recording
from paceline_server.formats.sent_points import columns_of_parts
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.uploads import store
from paceline_server.uploads.model import LEFT, OPEN, Said, Upload

LEFT_PROBLEM = told("never finished: nothing more came for twelve hours")


class UploadProcessor:
    """Makes and renews the activities of uploads."""

    def __init__(self, database: Database, intake: ActivityIntake, apart: Apart) -> None:
        self._database = database
        self._intake = intake
        self._apart = apart

    def process(self, owner_id: str, activity_id: str) -> None:
        """Make what is held the activity. Done twice, it changes nothing."""
        upload = self._database.read_now(store.get, owner_id, activity_id)
        activity = self._database.read_now(activities.get, owner_id, activity_id)
        if upload is None or activity is None:  # deleted
            return
        said = hashlib.sha256(repr(upload.said).encode()).hexdigest()[:24]
        fingerprint = f"{upload.state}:{upload.points}:{said}"
        self._intake.take(owner_id, activity.source_key, fingerprint, lambda: self._incoming(upload))

    def _incoming(self, upload: Upload) -> Incoming:
        parts = self._database.read_now(store.parts, upload.owner_id, upload.activity_id, 0, upload.points)
        columns, problems = self._apart.run(columns_of_parts, [body for _, body in parts], upload.points)
        said = upload.said
        laps = tuple(Lap(start_s, end_s) for start_s, end_s in said.laps)
        pauses = tuple(Pause(start_s, end_s) for start_s, end_s in said.pauses)
        recording = Recording.of(said.sport, said.source, said.start_utc_s, columns, laps=laps, pauses=pauses)
        if upload.state == LEFT:
            problems.append(LEFT_PROBLEM)
        # Seconds count from the start, also where the first point comes later.
        reached_s = float(columns["time_s"][-1]) if recording.points else 0.0
        return Incoming(
            status=LIVE if upload.state == OPEN else FINISHED,
            recording=recording,
            receipt=Receipt(
                recorded=None if upload.state == OPEN else upload.points,
                received=recording.points,
                problems=tuple(problems),
            ),
            duration_s=said.duration_s if said.duration_s is not None else reached_s,
            distance_m=said.distance_m,
            calories_kcal=said.calories_kcal,
            sets=tuple(set_of(one) for one in said.sets),
        )


def activity_before(upload: Upload, source_key: str, edits: Edits) -> Activity:
    """Return the activity as it is from the first moment on: what was said, without a point."""
    said = upload.said
    recorded = recorded_by(said)
    empty = Recording.of(said.sport, said.source, said.start_utc_s, {"time_s": []})
    return Activity(
        activity_id=upload.activity_id,
        owner_id=upload.owner_id,
        source_key=source_key,
        fingerprint="",
        source=said.source,
        status=LIVE if upload.state == OPEN else FINISHED,
        whole=False,
        receipt=Receipt(recorded=None, received=0),
        created_at_s=upload.created_at_s,
        updated_at_s=upload.created_at_s,
        **derive(recorded, empty.columns, edits).shown,  # pyright: ignore[reportArgumentType] (values of an Activity)
    )


def recorded_by(said: Said) -> Recorded:
    """Return what is kept of an upload without points."""
    return Recorded(
        sport=said.sport,
        start_utc_s=said.start_utc_s,
        duration_s=said.duration_s or 0.0,
        distance_m=said.distance_m,
        calories_kcal=said.calories_kcal,
        sets=tuple(set_of(one) for one in said.sets),
    )
