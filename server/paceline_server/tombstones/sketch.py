"""What can be said of a workout beside one that was deleted long ago, of which only its times are known; pure."""

from datetime import UTC, datetime

from paceline_server.analysis.same_workout import LEAST_OF_LONGER, LEAST_OF_SHORTER, SAME_WAY, Same, Verdict
from paceline_server.tombstones.store import Gone

ROUGH_M = 200.0  # both distances may be rounded


def verdict_of(gone: Gone, start_s: float, duration_s: float, distance_m: float | None) -> Verdict:
    """Return whether it may be the same workout, by its times and distances: never more than perhaps."""
    overlap_s = min(start_s + duration_s, gone.start_utc_s + gone.duration_s) - max(start_s, gone.start_utc_s)
    shorter_s, longer_s = sorted((duration_s, gone.duration_s))
    if overlap_s <= 0 or overlap_s < LEAST_OF_SHORTER * shorter_s or overlap_s < LEAST_OF_LONGER * longer_s:
        return Verdict(Same.NO, ("They are of different times.",))
    if distance_m and gone.distance_m and abs(distance_m - gone.distance_m) > SAME_WAY * distance_m + ROUGH_M:
        return Verdict(Same.NO, ("They are of the same time, but not equally far.",))
    day = datetime.fromtimestamp(gone.deleted_at_s, UTC).date().isoformat()
    return Verdict(Same.PERHAPS, (f"A workout of this time was deleted on {day}.",))
