"""The parts of paths, by name: one name means the same in every path."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Uuid = Annotated[
    str,
    Meta(
        pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=["0199c6f1-3a52-7b1e-9d40-5c6d7e8f9a0b"],
        description="A UUID, in lower case.",
    ),
]
Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-05-04"], description="A date.")]
Cursor = Annotated[
    str,
    Meta(
        max_length=1000,
        extra_json_schema={"pattern": "^[0-9A-Za-z_=-]*$"},  # paging.py refuses others, with a code of its own
        examples=[""],
        description="`next_cursor` of the page before, in place of an offset.",
    ),
]
Utc = Annotated[str, Meta(examples=["2025-04-12T14:30:00Z"], description="A time in UTC, to the second.")]
DeviceId = Annotated[
    str, Meta(pattern="^[0-9a-f]{16}$", examples=["5a17c0de00000001"], description="A wearable: 16 hex digits.")
]
Kind = Literal["settings", "plan", "gps-assistance", "firmware", "notices"]

# Name → type. What is no such text names nothing: 404, before the handler runs.
PARAMETERS: dict[str, Any] = {
    "user_id": Uuid,
    "activity_id": Uuid,
    "device_id": DeviceId,
    "client_id": Uuid,
    "host_id": Uuid,
    "member_id": Uuid,
    "token_id": Annotated[str, Meta(pattern="^[0-9a-f]{16}$", examples=["9f86d081884c7d65"])],
    "kind": Kind,
    "passkey_id": Annotated[str, Meta(pattern="^[0-9a-f]{64}$", examples=["9f86d081884c7d65" * 4])],
    "goal_id": Uuid,
    "batch_id": Uuid,
    "file_name": Annotated[str, Meta(min_length=1, max_length=200, examples=["run.fit"])],
    "format": Literal["fit", "gpx", "tcx", "csv", "geojson"],
    "gear_id": Uuid,
    "notification_id": Uuid,
    "meal_id": Uuid,
    "subscription_id": Annotated[str, Meta(pattern="^[0-9a-f]{32}$", examples=["9f86d081884c7d65" * 2])],
}
# Name → type of what the handler itself checks, because it says more than "not found".
CHECKED_BY_HANDLERS: dict[str, Any] = {
    "epoch": Annotated[int, Meta(ge=1, le=(1 << 32) - 1, examples=[2712847316], description="Of a journal.")],
    "metric": Annotated[str, Meta(max_length=64, examples=["weight_kg"])],
    "day": Day,
    "slot": Annotated[int, Meta(ge=0, le=7, description="Of a wearable: who wears it.")],
}
OTHER = Annotated[str, Meta(min_length=1, max_length=512)]


def type_of(name: str) -> Any:
    """Return the type of a path's part."""
    return PARAMETERS.get(name) or CHECKED_BY_HANDLERS.get(name) or OTHER


def can_be(name: str, value: str) -> bool:
    """Tell whether the value can name anything."""
    if any(ord(character) < 0x20 or character == "\x7f" for character in value):
        return False
    if name not in PARAMETERS:
        return True
    try:
        msgspec.convert(value, PARAMETERS[name])
    except msgspec.ValidationError:
        return False
    return True
