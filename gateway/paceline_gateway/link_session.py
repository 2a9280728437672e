"""One connection's security, without I/O: handshake, then sealed messages; what does not open is only counted."""

from collections.abc import Callable

from paceline_protocol.errors import LINK_ERROR_NUMBERS, LinkError
from paceline_protocol.handshake import GatewayHandshake
from paceline_protocol.layout import Fields
from paceline_protocol.messages import ERROR, decode, encode
from paceline_protocol.secure_channel import SecureChannel

from paceline_gateway.actions import Send
from paceline_gateway.errors import PullError

MOST_REJECTED = 16
"""Frames that do not open or make no sense after which the connection ends: chance damage is rarer than that."""

AesEcb = Callable[[bytes], Callable[[bytes], bytes]]
Known = Callable[[bytes], tuple[bytes, bytes] | None]


class LinkSession:
    """Frames in, messages out, and the other way round. Every LinkError leaves as a PullError with the same code."""

    def __init__(self, nonce: bytes, known: Known, aes_ecb: AesEcb) -> None:
        self._handshake = GatewayHandshake(nonce, known)
        self._aes_ecb = aes_ecb
        self._channel: SecureChannel | None = None
        self._opened = 0
        self.rejected = 0
        self.replayed = 0

    @property
    def device_id(self) -> bytes:
        """The wearable's proven id, b"" before it is proven."""
        return self._handshake.device_id

    @property
    def mtu(self) -> int:
        """The connection's ATT MTU as the wearable stated and proved it."""
        return self._handshake.mtu

    @property
    def ready(self) -> bool:
        """Whether the handshake is done."""
        return self._channel is not None

    def start(self) -> Send:
        """Return HELLO."""
        return Send(self._handshake.start(), reliable=True)

    def seal(self, kind: int, /, **fields: object) -> Send:
        """Return the sealed message; only after the handshake."""
        if self._channel is None:
            raise ValueError("the handshake is not done")
        try:
            return Send(self._channel.seal(encode(kind, **fields)))
        except LinkError as error:
            raise PullError(error.code, error.where, error.detail) from error

    def receive(self, frame: bytes) -> "Send | tuple[int, Fields] | None":
        """Return AUTH to send, an opened message (kind, fields), or None for a frame that is dropped.

        PullError when the handshake is refused or when too many frames are forged or malformed.
        """
        try:
            if self._channel is None:
                answer = Send(self._handshake.receive(frame), reliable=True)
                self._channel = self._handshake.channel(self._aes_ecb)
                return answer
            return self._open(self._channel, frame)
        except LinkError as error:
            raise PullError(error.code, error.where, error.detail) from error

    def _open(self, channel: SecureChannel, frame: bytes) -> tuple[int, Fields] | None:
        try:
            message = channel.open(frame)
            self._opened += 1
            return decode(message)
        except LinkError as error:
            if error.code == "replayed":  # a host that calls back twice for one notification does this, too
                self.replayed += 1
                return None
            self.rejected += 1
            if not self._opened:
                _raise_refusal(frame)
            if self.rejected >= MOST_REJECTED:
                raise
            return None


def _raise_refusal(frame: bytes) -> None:
    """A wearable that refuses AUTH says so in the clear, as it has no channel yet."""
    try:
        kind, fields = decode(frame)
    except LinkError:
        return
    if kind == ERROR:
        code = "unauthenticated" if fields.code == LINK_ERROR_NUMBERS["unauthenticated"] else "refused"
        raise PullError(code, fields.position, f"the wearable refused the handshake (error {fields.code})")
