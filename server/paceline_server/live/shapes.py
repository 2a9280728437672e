"""What the API of live views takes."""

from typing import Annotated

from msgspec import Meta, Struct

ROWS_LIMIT = 10_000_000


class WatchQuery(Struct, forbid_unknown_fields=True):
    """What the client has already."""

    rows: Annotated[int, Meta(ge=0, le=ROWS_LIMIT, description="How many rows of the streams the client has.")] = 0
    beat_s: (
        Annotated[int, Meta(ge=1, le=60, description="Send a beat when nothing else was sent for so long.")] | None
    ) = None
