"""Passwords: Argon2id hashes, checked in a pool that bounds how much memory log-ins may take.

What may be one follows NIST SP 800-63B, 5.1.1.2: a length, all of Unicode, nothing that attackers try first, and no
rules of composition.
"""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from paceline_server.errors import InvalidError
from paceline_server.platform.worst_passwords import is_among_the_worst

SHORTEST = 10
LONGEST = 1000


class Passwords:
    """Hashes and checks; `hasher` decides the cost (argon2-cffi's default: RFC 9106, low memory)."""

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(at_once, "password")
        self._nobody = self._hasher.hash("a user who does not exist")

    def hash(self, password: str) -> str:
        """Return what the database keeps; blocks. InvalidError when the password is too short or long."""
        return self._hasher.hash(_sized(password))

    async def hashed(self, password: str) -> str:
        """Do as hash, on the pool."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether the password fits what is kept; takes as long when nothing is (None)."""
        if len(password) > LONGEST:
            return False  # before it is normalised or hashed
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._pool, self._verify, kept or self._nobody, password)
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made at another cost than this one's: then it is made anew at the next log-in."""
        try:
            return self._hasher.check_needs_rehash(kept)
        except InvalidHashError:
            return False

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()

    def _verify(self, kept: str, password: str) -> bool:
        # As it was typed, too: hashes of before were made of that. Equal for nearly everybody.
        for typed in dict.fromkeys((_normal(password), password)):
            try:
                return self._hasher.verify(kept, typed)
            except (VerificationError, InvalidHashError):
                continue
        return False


def checked_password(password: str, username: str) -> str:
    """Return a password that a user of this name may have; InvalidError says why another is wanted."""
    normal = _sized(password)
    if is_among_the_worst(normal, username):
        raise InvalidError(
            "password", "This password is among the first that are tried: take another.", field="password"
        )
    return normal


def _sized(password: str) -> str:
    normal = _normal(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise InvalidError("password", f"A password has {SHORTEST} to {LONGEST} characters.", field="password")
    return normal


def _normal(password: str) -> str:
    # The same password typed on another keyboard may come in other code points.
    return unicodedata.normalize("NFKC", password)
