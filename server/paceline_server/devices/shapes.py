"""What the API of the devices takes and gives."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import DeviceId, Utc


class Claim(Struct, forbid_unknown_fields=True):
    """A wearable, and its key, which only who flashed it knows; without it one that its owner passes on."""

    device_id: Annotated[
        str, Meta(min_length=1, max_length=64, description="16 hex digits.", examples=["5a17c0de00000001"])
    ]
    device_key: (
        Annotated[str, Meta(min_length=1, max_length=256, description="64 hex digits.", examples=["00" * 32])]
        | UnsetType
    ) = UNSET


class ReleaseQuery(Struct, forbid_unknown_fields=True):
    """How a wearable is let go of."""

    offer: Annotated[bool, Meta(description="Whoever reads the code on its screen may claim it, without its key.")] = (
        False
    )


class DeviceChange(Struct, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: Annotated[str, Meta(max_length=40, description="What its owner calls it.")] | UnsetType = UNSET
    revoked: (
        Annotated[bool, Meta(description="Its key is accepted no more: it was stolen. False: it is again.")] | UnsetType
    ) = UNSET


class DeviceShown(Struct):
    """A wearable; never its key."""

    device_id: DeviceId
    name: str
    claimed_at: Utc
    revoked: bool


class DevicesShown(PageShown):
    """The wearables that one has claimed."""

    devices: list[DeviceShown]
