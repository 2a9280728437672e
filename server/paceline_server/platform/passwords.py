"""Passwords: Argon2id hashes, checked in a pool that bounds how much memory log-ins may take."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from paceline_server.errors import InvalidError

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
        if not SHORTEST <= len(password) <= LONGEST:
            raise InvalidError("password", f"A password has {SHORTEST} to {LONGEST} characters.", field="password")
        return self._hasher.hash(password)

    async def hashed(self, password: str) -> str:
        """Do as hash, on the pool."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether the password fits what is kept; takes as long when nothing is (None)."""
        if len(password) > LONGEST:
            return False
        loop = asyncio.get_running_loop()
        right = await loop.run_in_executor(self._pool, self._verify, kept or self._nobody, password)
        return right and kept is not None

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
