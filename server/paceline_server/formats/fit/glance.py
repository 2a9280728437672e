"""What a FIT file is, without its records: a hundredth of what reading it costs."""

from dataclasses import dataclass

import fitfast

from paceline_server.formats.fit.messages import MOST_SEQUENCES, decode, sealed
from paceline_server.formats.fit.other_messages import sequences, without_records

ACTIVITY = 4
"""`type` of a file_id message: an activity."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The type that the file says it is, and when its first session began (Unix seconds); None: it does not say."""

    kind: int | None = None
    start_utc_s: float | None = None


def glance(data: bytes) -> Glance:
    """Look at the first sequences of a FIT file; for anything else, or a damaged one, nothing is known."""
    if data[8:12] != b".FIT":
        return Glance()
    kind: int | None = None
    try:
        for number, (head, body) in enumerate(sequences(data)):
            if number >= MOST_SEQUENCES:
                break
            rows = decode(lambda part: fitfast.parse(part, enum_names=False), sealed(head, without_records(body)))
            kinds = [row.get("type") for row in rows.get("file_id", []) if isinstance(row.get("type"), int)]
            kind = kinds[0] if kind is None and kinds else kind
            starts = [
                row["start_time"] for row in rows.get("session", []) if isinstance(row.get("start_time"), int | float)
            ]
            if starts:
                return Glance(kind, float(min(starts)))
    except (ValueError, IndexError):
        return Glance(kind)
    return Glance(kind)
