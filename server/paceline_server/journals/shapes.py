"""What the API of the journals takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct, field

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Utc

POSITION_LIMIT = (1 << 32) - 1


class RangeQuery(Struct, forbid_unknown_fields=True):
    """Where the bytes belong."""

    position: Annotated[int, Meta(ge=0, le=POSITION_LIMIT, description="The first byte's place in the journal.")]
    gap: Annotated[bool, Meta(description="The bytes between those held and `position` are gone: overwritten.")] = False


class Held(Struct):
    """All bytes before `position` are held, but for gaps."""

    position: int


class Part(Struct):
    """Bytes from … to, the last one not included."""

    from_position: int = field(name="from")
    to_position: int = field(name="to")


class Standing(Struct):
    """All bytes before `position` are held, but for those of `missing`, the first hundred ranges."""

    position: int
    missing: list[Part]


class Suspect(Struct):
    """Pages that are not what the wearable wrote."""

    from_position: int = field(name="from")
    to_position: int = field(name="to")
    reason: str
    found_at: Utc


class JournalShown(Struct):
    """A journal of a wearable: held from … to, but for its gaps; in quarantine is what waits for a good copy."""

    epoch: int
    from_position: int = field(name="from")
    to_position: int = field(name="to")
    gaps: list[Part]
    quarantine: list[Suspect]


class JournalsShown(PageShown):
    """The journals of a wearable, the one that grew last first."""

    journals: list[JournalShown]
