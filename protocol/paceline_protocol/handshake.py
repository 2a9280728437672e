"""Mutual authentication (docs/PROTOCOL.md): each side proves, over both nonces, that it holds the device's key.

    gateway  start() → HELLO     receive(HELLO_OK) → AUTH     channel(aes_ecb)
    wearable receive(HELLO) → HELLO_OK     receive(AUTH) → b""     channel(aes_ecb)

A refused frame raises LinkError and leaves the handshake where it was.
"""

from .alias import ALIAS_SIZE
from .errors import LinkError
from .integrity import hmac_sha256, same_bytes
from .layout import Fields
from .messages import AUTH, ERROR, HELLO, HELLO_OK, LINK_VERSION, MESSAGES, NONCE_SIZE, PROOF_SIZE, decode, encode
from .secure_channel import SecureChannel, link_keys

KEY_SIZE = 32
# Each direction has its own label, so that a proof cannot be sent back as the other side's.
DEVICE_PROOF_LABEL = b"paceline wearable proof 1"
GATEWAY_PROOF_LABEL = b"paceline gateway proof 1"


def device_proof(device_key: bytes, gateway_nonce: bytes, device_nonce: bytes, alias: bytes, mtu: int) -> bytes:
    """Return the wearable's proof, over all that HELLO_OK states."""
    stated = bytes((LINK_VERSION,)) + alias + mtu.to_bytes(2, "little")
    return hmac_sha256(device_key, DEVICE_PROOF_LABEL, gateway_nonce, device_nonce, stated)[:PROOF_SIZE]


def gateway_proof(device_key: bytes, gateway_nonce: bytes, device_nonce: bytes, alias: bytes, mtu: int) -> bytes:
    """Return the gateway's proof, over the same things."""
    stated = bytes((LINK_VERSION,)) + alias + mtu.to_bytes(2, "little")
    return hmac_sha256(device_key, GATEWAY_PROOF_LABEL, gateway_nonce, device_nonce, stated)[:PROOF_SIZE]


class DeviceHandshake:
    """The wearable's side of one connection: `alias` as in `info`, `nonce` 16 fresh random bytes, `mtu` the ATT MTU."""

    def __init__(self, alias: bytes, device_key: bytes, nonce: bytes, mtu: int) -> None:
        _check_sizes(nonce, alias, device_key)
        self.done = False
        self._alias = alias
        self._key = device_key
        self._nonce = nonce
        self._mtu = mtu
        self._gateway_nonce = b""

    def receive(self, frame: bytes | bytearray | memoryview) -> bytes:
        """Return the answer to HELLO; b"" for AUTH, after which `done` is true."""
        if self.done:
            raise LinkError("malformed", 0, "the handshake is over")
        if not self._gateway_nonce:
            return self._hello(_expect(HELLO, frame))
        proof = _expect(AUTH, frame).proof
        if not same_bytes(proof, gateway_proof(*self._bound())):
            raise LinkError("unauthenticated", 1, "the gateway's proof does not fit this device's key")
        self.done = True
        return b""

    def channel(self, aes_ecb: "object") -> SecureChannel:
        """Return the sealed channel; LinkError("unauthenticated") before the handshake is done."""
        _check_done(self.done)
        to_wearable, to_gateway = link_keys(self._key, self._gateway_nonce, self._nonce)
        return SecureChannel(to_gateway, to_wearable, aes_ecb)

    def _hello(self, hello: Fields) -> bytes:
        _check_version(hello.version)
        self._gateway_nonce = hello.nonce
        return encode(
            HELLO_OK,
            version=LINK_VERSION,
            alias=self._alias,
            nonce=self._nonce,
            mtu=self._mtu,
            proof=device_proof(*self._bound()),
        )

    def _bound(self) -> "tuple[bytes, bytes, bytes, bytes, int]":
        return self._key, self._gateway_nonce, self._nonce, self._alias, self._mtu


class GatewayHandshake:
    """The gateway's side; `nonce` is 16 fresh random bytes, `known(alias)` is (device id, key), None for a stranger's.

    When `done`, `device_id` is whose key the wearable has proved to hold, `mtu` what it stated.
    """

    def __init__(self, nonce: bytes, known: "object") -> None:
        _check_sizes(nonce)
        self.done = False
        self.device_id = b""
        self.mtu = 0
        self._nonce = nonce
        self._known = known
        self._key = self._device_nonce = b""

    def start(self) -> bytes:
        """Return HELLO, to be written once the gateway has subscribed."""
        return encode(HELLO, version=LINK_VERSION, nonce=self._nonce)

    def receive(self, frame: bytes | bytearray | memoryview) -> bytes:
        """Return AUTH, the answer to HELLO_OK, after which `done` is true.

        Raises LinkError "unknown_device" without a key for the device, "unauthenticated" when its proof does not fit.
        """
        if self.done:
            raise LinkError("malformed", 0, "the handshake is over")
        answer = _expect(HELLO_OK, frame)
        _check_version(answer.version)
        owner = self._known(answer.alias)  # type: ignore[operator]
        if owner is None:
            raise LinkError("unknown_device", 2, f"no key for the alias {answer.alias.hex()}")
        device_id, key = owner
        bound = key, self._nonce, answer.nonce, answer.alias, answer.mtu
        if not same_bytes(answer.proof, device_proof(*bound)):
            raise LinkError("unauthenticated", len(frame) - PROOF_SIZE, f"not device {device_id.hex()}: another key")
        self.device_id, self.mtu = device_id, answer.mtu
        self._key, self._device_nonce = key, answer.nonce
        self.done = True
        return encode(AUTH, proof=gateway_proof(*bound))

    def channel(self, aes_ecb: "object") -> SecureChannel:
        """Return the sealed channel; LinkError("unauthenticated") before the handshake is done."""
        _check_done(self.done)
        to_wearable, to_gateway = link_keys(self._key, self._nonce, self._device_nonce)
        return SecureChannel(to_wearable, to_gateway, aes_ecb)


def _expect(kind: int, frame: bytes | bytearray | memoryview) -> Fields:
    got, fields = decode(frame)
    if got == ERROR:
        raise LinkError("refused", fields.position, f"the other side answered error {fields.code}: {fields.text}")
    if got != kind:
        raise LinkError("unauthenticated", 0, f"{MESSAGES[kind].name} expected, not {MESSAGES[got].name}")
    return fields


def _check_version(version: int) -> None:
    if version != LINK_VERSION:
        raise LinkError("version", 1, f"link version {version} is not spoken here, {LINK_VERSION} is")


def _check_done(done: bool) -> None:
    if not done:
        raise LinkError("unauthenticated", 0, "the handshake is not done")


def _check_sizes(nonce: bytes, alias: bytes = bytes(ALIAS_SIZE), device_key: bytes = bytes(KEY_SIZE)) -> None:
    if len(nonce) != NONCE_SIZE or len(alias) != ALIAS_SIZE or len(device_key) != KEY_SIZE:
        raise ValueError(f"nonce, alias and key have {NONCE_SIZE}, {ALIAS_SIZE} and {KEY_SIZE} bytes")
