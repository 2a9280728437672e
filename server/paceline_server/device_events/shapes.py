"""What the API of the wearables' events takes and gives."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.parameters import Cursor, Utc


class EventsQuery(Struct, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    cursor: Cursor = ""


class DeviceEventShown(Struct):
    """What a wearable said of itself; `at` is null when unknown. The other fields depend on `kind`."""

    kind: Literal["boot", "alert", "crash"]
    at: Utc | None
    epoch: int
    position: int
    cause: str | UnsetType = UNSET
    boot_count: int | UnsetType = UNSET
    firmware: str | UnsetType = UNSET
    alert: str | UnsetType = UNSET
    value: int | UnsetType = UNSET
    traceback: str | UnsetType = UNSET


class DeviceEvents(Struct):
    """The latest first, those without a known time last."""

    events: list[DeviceEventShown]
    total: int
    limit: int
    offset: int
    next_cursor: str | None
