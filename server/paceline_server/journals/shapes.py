"""What the API of the journals takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct

POSITION_LIMIT = (1 << 32) - 1


class RangeQuery(Struct, forbid_unknown_fields=True):
    """Where the bytes belong."""

    position: Annotated[int, Meta(ge=0, le=POSITION_LIMIT, description="The first byte's place in the journal.")]
    gap: Annotated[bool, Meta(description="The bytes between those held and `position` are gone: overwritten.")] = False


class Held(Struct):
    """All bytes before `position` are held, but for gaps."""

    position: int
