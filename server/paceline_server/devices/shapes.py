"""What the API of the devices takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import DeviceId


class Claim(Struct, forbid_unknown_fields=True):
    """A wearable and its key, which only who flashed it knows."""

    device_id: Annotated[
        str, Meta(min_length=1, max_length=64, description="16 hex digits.", examples=["5a17c0de00000001"])
    ]
    device_key: Annotated[str, Meta(min_length=1, max_length=256, description="64 hex digits.", examples=["00" * 32])]


class DeviceShown(Struct):
    """A wearable; never its key."""

    device_id: DeviceId


class DevicesShown(Struct):
    """The wearables that one has claimed."""

    devices: list[DeviceShown]
