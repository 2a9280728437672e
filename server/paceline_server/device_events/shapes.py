"""What the API of the wearables' events takes and gives."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Utc


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


class DeviceEvents(PageShown):
    """The latest first, those without a known time last."""

    events: list[DeviceEventShown]
    total: int
