"""A browser that syncs a wearable (docs/PROTOCOL.md, A browser as gateway): the server does the handshake for it.

The device key stays here. The nonce is the server's own and holds for a minute, so that nobody gets the keys of a
connection whose frames he recorded at some other time.
"""

import hmac
from collections.abc import Callable

from paceline_protocol.alias import recognise
from paceline_protocol.errors import LinkError
from paceline_protocol.handshake import GatewayHandshake
from paceline_protocol.messages import HELLO_OK, NONCE_SIZE, decode
from paceline_protocol.secure_channel import link_keys

from paceline_server.devices.service import DeviceService
from paceline_server.errors import ConflictError, InvalidError, NotFoundError
from paceline_server.links.shapes import Begun, DirectionKeys, Vouched
from paceline_server.platform.sealing import Sealer

TICKET_S = 60
_TIME_SIZE, _TAG_SIZE = 8, 16


class LinkService:
    """Begins handshakes, and answers for the wearables of whoever asks."""

    def __init__(
        self,
        devices: DeviceService,
        sealer: Sealer,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._devices = devices
        self._sealer = sealer
        self._clock = clock
        self._random_bytes = random_bytes

    def begin(self, owner_id: str) -> Begun:
        """Return a fresh nonce, and what shows later that it was given to this user, and when; blocks for a moment."""
        stated = self._random_bytes(NONCE_SIZE) + int(self._clock()).to_bytes(_TIME_SIZE, "big")
        return Begun((stated + self._tag(owner_id, stated)).hex(), stated[:NONCE_SIZE].hex())

    async def answer(self, owner_id: str, ticket: str, hello_ok: str) -> Vouched:
        """Return what makes a connection with a wearable of the user's.

        InvalidError for a ticket that is another's or too old and for a frame that is no HELLO_OK or whose proof does
        not fit; NotFoundError for a wearable that is not his, or is revoked.
        """
        nonce, frame = self._nonce_of(owner_id, ticket), bytes.fromhex(hello_ok)
        keys = await self._keys(owner_id)

        handshake = GatewayHandshake(nonce, lambda alias: recognise(alias, keys))
        try:
            auth = handshake.receive(frame)
        except LinkError as error:
            if error.code == "unknown_device":
                raise NotFoundError("not_found", "There is no such device, or it is not yours.") from error
            raise InvalidError("field", f"The wearable's answer does not fit: {error}.", field="hello_ok") from error
        kind, said = decode(frame)
        assert kind == HELLO_OK
        to_wearable, to_gateway = (
            DirectionKeys(one.cipher_key.hex(), one.mac_key.hex())
            for one in link_keys(keys[handshake.device_id], nonce, said.nonce)
        )
        return Vouched(handshake.device_id.hex(), auth.hex(), to_wearable, to_gateway)

    async def _keys(self, owner_id: str) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for device in await self._devices.list_for(owner_id):
            if device.revoked_at_s is not None:
                continue
            try:
                found[bytes.fromhex(device.device_id)] = self._devices.key_of(device)
            except ConflictError:  # it came with an archive: its key is not known
                continue
        return found

    def _nonce_of(self, owner_id: str, ticket: str) -> bytes:
        given = bytes.fromhex(ticket)
        stated, tag = given[:-_TAG_SIZE], given[-_TAG_SIZE:]
        fits = len(stated) == NONCE_SIZE + _TIME_SIZE and hmac.compare_digest(tag, self._tag(owner_id, stated))
        if not fits or not 0 <= self._clock() - int.from_bytes(stated[NONCE_SIZE:], "big") <= TICKET_S:
            raise InvalidError("field", "The ticket is not yours, or older than a minute: begin anew.", field="ticket")
        return stated[:NONCE_SIZE]

    def _tag(self, owner_id: str, stated: bytes) -> bytes:
        key = self._sealer.derived("link tickets", 32)
        return hmac.digest(key, owner_id.encode() + stated, "sha256")[:_TAG_SIZE]
