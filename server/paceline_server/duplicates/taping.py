"""An activity as it goes to the process apart, to be compared; reads its telemetry."""

from paceline_server.activities.model import Activity
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.duplicates.comparing import Taped
from paceline_server.platform.blobs import Blobs


def taped(blobs: Blobs, activity: Activity) -> Taped:
    """Return an activity with its telemetry. It must have been measured by a program that keeps what was recorded."""
    recorded = activity.recorded
    assert recorded is not None
    place = telemetry_place(activity.owner_id, activity.activity_id)
    blob = blobs.get(place, activity.telemetry_sha256) if activity.receipt.received else None
    start_s = activity.start_utc_s if blob is None else recorded.start_utc_s
    return Taped(blob, activity.sport, activity.source, start_s, activity.duration_s)
