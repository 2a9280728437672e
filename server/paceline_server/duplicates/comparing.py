"""What is run apart (platform/apart/): the comparison of two activities by their telemetry."""

from dataclasses import dataclass

from paceline_server.analysis.same_workout import LEAST_OF_LONGER, LEAST_OF_SHORTER, Same, Verdict, compare
from paceline_server.formats.recording import Recording
from paceline_server.telemetry import no_columns, unpack_columns


@dataclass(frozen=True, slots=True)
class Taped:
    """An activity as it was recorded: its telemetry as bytes (None: it has none) and what is compared beside it."""

    blob: bytes | None
    sport: str
    source: str
    start_utc_s: float
    duration_s: float


def recording_of(taped: Taped) -> Recording:
    """Return the recording, with the distance as it was measured."""
    columns = unpack_columns(taped.blob) if taped.blob is not None else no_columns(("time_s",))
    return Recording.of(taped.sport, taped.source, taped.start_utc_s, columns)


def judged(one: Taped, other: Taped) -> Verdict:
    """Return what can be said of two activities of one person; of one that was entered by hand, by its times alone."""
    first, second = recording_of(one), recording_of(other)
    if first.points >= 2 and second.points >= 2:
        return compare(first, second)
    ends = (each.start_utc_s + each.duration_s for each in (one, other))
    overlap_s = min(ends) - max(one.start_utc_s, other.start_utc_s)
    shorter_s, longer_s = sorted((one.duration_s, other.duration_s))
    alike = overlap_s >= LEAST_OF_SHORTER * shorter_s and overlap_s >= LEAST_OF_LONGER * longer_s and overlap_s > 0
    if not alike or one.sport != other.sport:
        return Verdict(Same.NO, ("Nothing was recorded that could be compared, and times or sports differ.",))
    return Verdict(Same.PERHAPS, ("They are of the same time and sport; one of them holds nothing to compare.",))
