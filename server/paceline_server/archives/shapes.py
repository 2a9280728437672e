"""What the API of archives gives."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Utc

ArchiveState = Literal["sent", "taking", "taken", "refused"]


class ArchiveShown(Struct):
    """How far the archive is that was sent last."""

    state: ArchiveState
    sent_at: Utc
    reason: Annotated[str, Meta(description="Why it was refused, in a sentence; else empty.")]
    total_rows: Annotated[int, Meta(ge=0, description="Of its tables; 0 until it was looked at.")]
    taken_rows: Annotated[int, Meta(ge=0)]
    new_ids: Annotated[bool, Meta(description="Its activities got new ids: theirs are those of another account.")]
