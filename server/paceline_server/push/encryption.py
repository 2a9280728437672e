"""Message encryption for Web Push (RFC 8291), in the content coding aes128gcm (RFC 8188), one record.

Only the browser can read a message: the push service between sees its length and when it was sent.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
LARGEST = RECORD_SIZE - 16 - 1 - 86  # the tag, the delimiter, the header: what services must take (RFC 8030, 7.2)
PUBLIC_SIZE, AUTH_SIZE, SALT_SIZE = 65, 16, 16


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a key as it travels: an uncompressed point of P-256."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    """Return the key of an uncompressed point of P-256; ValueError when it is none."""
    if len(data) != PUBLIC_SIZE:
        raise ValueError("a public key has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


def encrypted(message: bytes, receiver: bytes, auth: bytes, sender: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Return a body for the browser of this public key and secret; `sender` and `salt` are used once.

    ValueError when the message is over LARGEST bytes, or the key is no point.
    """
    if len(message) > LARGEST:
        raise ValueError(f"a message has at most {LARGEST} bytes")
    mine = public_bytes(sender.public_key())
    shared = sender.exchange(ec.ECDH(), public_key(receiver))
    key, nonce = keys_of(shared, auth, salt, receiver, mine)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def keys_of(shared: bytes, auth: bytes, salt: bytes, receiver: bytes, sender: bytes) -> tuple[bytes, bytes]:
    """Return key and nonce of a message (RFC 8291, 3.3 and 3.4)."""
    secret = _derived(shared, auth, b"WebPush: info\0" + receiver + sender, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    return key, _derived(secret, salt, b"Content-Encoding: nonce\0", 12)


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info).derive(secret)
