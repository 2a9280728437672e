"""Rules of the device grant, by the numbers of RFC 8628's sections."""

import base64
import hashlib
import re
from collections.abc import Callable

from paceline_server.errors import NotFoundError
from paceline_server.grants import store
from paceline_server.grants.model import Begun, Grant, Refused
from paceline_server.platform.authorizations import Issued
from paceline_server.platform.database import Database
from paceline_server.platform.policy import Scope
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import GRANT, GRANT_ALL, USER_CODE

CLIENT_ID = "paceline-gateway"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
LIFETIME_S = 600
INTERVAL_S = 5
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # 6.1: no vowels, no digits: nothing to mistake or to read
CODE_LENGTH = 8
LONGEST_NAME = 60
_CODE_TRIES = 5


class GrantService:
    """Begins, shows, decides and redeems grants. Codes can be guessed at only a few times a minute (5.1)."""

    def __init__(self, database: Database, clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._random_bytes = random_bytes
        self._begun = SharedLimit(database, GRANT, clock)
        self._begun_by_all = SharedLimit(database, GRANT_ALL, clock)
        self._looks = SharedLimit(database, USER_CODE, clock)

    async def begin(self, client_id: str, scope: str, client_name: str, address: str) -> Begun | Refused:
        """Make a grant that waits for a person (3.1, 3.2); TooManyError over the limits."""
        if client_id != CLIENT_ID:
            return Refused("invalid_client", f"The only client is {CLIENT_ID}.")
        if scope not in {"", Scope.GATEWAY}:
            return Refused("invalid_scope", f"The only scope is {Scope.GATEWAY}.")
        await self._begun.take(address)
        await self._begun_by_all.take("")
        device_code = base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()
        name = "".join(letter for letter in client_name if letter.isprintable()).strip()[:LONGEST_NAME] or "A gateway"
        now = self._clock()
        for _ in range(_CODE_TRIES):
            code = self._user_code()
            grant = Grant(code, name, address[:64], now, now + LIFETIME_S, INTERVAL_S, None, False, None)
            if await self._database.write(store.add, _hash(device_code), grant):
                return Begun(device_code, code, LIFETIME_S, INTERVAL_S)
        raise RuntimeError("every user code that was drawn is in use")

    async def look(self, owner_id: str, user_code: str) -> Grant:
        """Return the undecided grant of a code that a person entered; NotFoundError when there is none."""
        await self._looks.take(owner_id)
        grant = await self._database.read(store.find, normal_code(user_code))
        if grant is None or not grant.open or grant.expires_at_s <= self._clock():
            raise NotFoundError("user_code", "This code is not known, or it has expired. Look at your gateway again.")
        return grant

    async def decide(self, owner_id: str, user_code: str, *, approve: bool) -> Grant:
        """Approve or deny; NotFoundError when it is too late."""
        grant = await self.look(owner_id, user_code)
        approver = owner_id if approve else None
        if not await self._database.write(store.decide, grant.user_code, approver, self._clock()):
            raise NotFoundError("user_code", "This code has expired or was decided already.")
        return grant

    async def redeem(self, device_code: str, client_id: str) -> Issued | Refused:
        """Return the tokens of an approved grant, once; else why there are none (3.4, 3.5)."""
        if client_id != CLIENT_ID:
            return Refused("invalid_client", f"The only client is {CLIENT_ID}.")
        return await self._database.write(
            store.redeem, _hash(device_code), CLIENT_ID, self._clock(), self._random_bytes
        )

    def _user_code(self) -> str:
        # 20 of 256: bytes from 240 on would favour the first letters.
        letters = ""
        while len(letters) < CODE_LENGTH:
            letters += "".join(LETTERS[byte % 20] for byte in self._random_bytes(16) if byte < 240)
        return letters[:CODE_LENGTH]


def normal_code(text: str) -> str:
    """Return a user code as it is kept, however it was typed."""
    return re.sub(r"[^A-Z]", "", text[:40].upper())


def shown_code(code: str) -> str:
    """Return a user code as it is shown: WDJB-MJHT."""
    return f"{code[:4]}-{code[4:]}"


def _hash(device_code: str) -> bytes:
    return hashlib.sha256(device_code.encode()).digest()
