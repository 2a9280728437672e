"""AES from the `cryptography` package, in the shape that the protocol wants it injected."""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def aes_ecb(key: bytes) -> Callable[[bytes], bytes]:
    """Return a callable that encrypts whole 16-byte blocks under the key."""
    # ECB only as the building block of the protocol's counter mode (paceline_protocol.ctr).
    return Cipher(algorithms.AES128(key), modes.ECB()).encryptor().update  # noqa: S305
