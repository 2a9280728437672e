"""Secrets at rest: AES-256-GCM (NIST SP 800-38D) under the server's own key, which lies beside the database, not in it.

A sealed secret is 0x01, 4 bytes that tell the key, a nonce of 12, the ciphertext and a tag of 16. What it belongs to
is authenticated with it: a secret that is moved to another row does not open.
"""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from paceline_server.platform.schema import DatabaseError

KEY_SIZE = 32
_VERSION = b"\x01"
_ID_SIZE, _NONCE_SIZE, _TAG_SIZE = 4, 12, 16
OVERHEAD = 1 + _ID_SIZE + _NONCE_SIZE + _TAG_SIZE


class Sealer:
    """Seals and opens under the key of a file, which is made when something is sealed for the first time.

    DatabaseError, saying what to do, when the file is missing, open to others, or not the one that was sealed under.
    """

    def __init__(self, path: Path, random_bytes: Callable[[int], bytes]) -> None:
        self._path = path
        self._random_bytes = random_bytes
        self._lock = threading.Lock()
        self._key: bytes | None = None

    def seal(self, secret: bytes, owner: str) -> bytes:
        """Return the secret sealed for what `owner` names."""
        key = self._loaded(make=True)
        nonce = self._random_bytes(_NONCE_SIZE)
        return _VERSION + _key_id(key) + nonce + AESGCM(key).encrypt(nonce, secret, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Return the secret that was sealed for `owner`."""
        key = self._loaded(make=False)
        if len(sealed) < OVERHEAD or sealed[:1] != _VERSION:
            raise DatabaseError(f"the secret of {owner} is not sealed as this program seals")
        if sealed[1 : 1 + _ID_SIZE] != _key_id(key):
            raise DatabaseError(
                f"the secret of {owner} was sealed under another key than that of {self._path}: "
                "put the file that belongs to this database there"
            )
        start = 1 + _ID_SIZE + _NONCE_SIZE
        try:
            return AESGCM(key).decrypt(sealed[1 + _ID_SIZE : start], sealed[start:], owner.encode())
        except InvalidTag as error:
            raise DatabaseError(f"the secret of {owner} was altered, or moved here from elsewhere") from error

    def derived(self, purpose: str, size: int) -> bytes:
        """Return bytes that follow from the key, for this purpose alone (HKDF, RFC 5869); makes the key if need be."""
        return HKDF(hashes.SHA256(), size, None, purpose.encode()).derive(self._loaded(make=True))

    def _loaded(self, *, make: bool) -> bytes:
        with self._lock:
            if self._key is None:
                if make and not self._path.exists():
                    self._make()
                self._key = self._read()
            return self._key

    def _make(self) -> None:
        # Written aside and linked: of processes that start together one wins, and no one sees half a file.
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._random_bytes(KEY_SIZE))
                file.flush()
                os.fsync(file.fileno())
            os.link(fresh, self._path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self) -> bytes:
        try:
            mode, key = self._path.stat().st_mode, self._path.read_bytes()
        except FileNotFoundError:
            raise DatabaseError(
                f"{self._path} is missing, and with it the keys of all wearables cannot be read: restore it"
            ) from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise DatabaseError(f"{self._path} holds a secret but others may use it; do: chmod 600 {self._path}")
        if len(key) != KEY_SIZE:
            raise DatabaseError(f"{self._path} must hold {KEY_SIZE} bytes, not {len(key)}")
        return key


def _key_id(key: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(b"paceline server key id")
    return mac.finalize()[:_ID_SIZE]
