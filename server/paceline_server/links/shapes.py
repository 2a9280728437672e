"""What the API of links takes and gives."""

from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import DeviceId

Hex = Annotated[
    str, Meta(pattern="^([0-9a-f]{2})*$", max_length=1000, examples=["00ff"], description="Bytes in hex digits.")
]


class Begun(Struct):
    """What a handshake begins with: the nonce of its HELLO, and the ticket that its answer comes with."""

    ticket: Hex
    nonce: Hex


class HelloAnswered(Struct, forbid_unknown_fields=True):
    """What the wearable answered to HELLO with the nonce of the ticket: its frame HELLO_OK."""

    ticket: Hex
    hello_ok: Hex


class DirectionKeys(Struct):
    """Keys of the sealed frames of one direction (docs/PROTOCOL.md, Frames), of this connection alone."""

    cipher: Hex
    mac: Hex


class Vouched(Struct):
    """Whose wearable it is, the frame AUTH to send it, and the keys of this connection."""

    device_id: DeviceId
    auth: Hex
    to_wearable: DirectionKeys
    to_gateway: DirectionKeys
