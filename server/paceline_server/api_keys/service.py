"""Rules of the API keys."""

from collections.abc import Callable

from paceline_server.api_keys.shapes import LONGEST_LABEL
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.platform.database import Database
from paceline_server.platform.policy import Kind, Scope
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import API_KEY
from paceline_server.platform.tokens import add_token, list_tokens, new_token

MOST_KEYS = 100
LONGEST_S = 10 * 366 * 86400.0


class ApiKeyService:
    """Makes keys; they are listed and revoked as every token is."""

    def __init__(self, database: Database, clock: Callable[[], float], random_bytes: Callable[[int], bytes]) -> None:
        self._database = database
        self._clock = clock
        self._random_bytes = random_bytes
        self._made = SharedLimit(database, API_KEY, clock)

    async def make(self, owner_id: str, label: str, scopes: frozenset[Scope], expires_at_s: float | None) -> str:
        """Make a key and return it; it is kept nowhere. ConflictError when there are many already."""
        called, now = label.strip(), self._clock()
        if not 0 < len(called) <= LONGEST_LABEL or not called.isprintable():
            raise InvalidError("field", f"label must be a text of 1 to {LONGEST_LABEL} characters.", field="label")
        if not scopes:
            raise InvalidError("field", "scopes must name at least one.", field="scopes")
        if expires_at_s is not None and not now < expires_at_s <= now + LONGEST_S:
            raise InvalidError("field", "expires_at must be within the next ten years.", field="expires_at")
        await self._made.take(owner_id)
        keys = [each for each in await self._database.read(list_tokens, owner_id, now) if each.kind is Kind.API]
        if len(keys) >= MOST_KEYS:
            raise ConflictError("too_many_keys", f"An account has at most {MOST_KEYS} keys.")
        key = new_token(owner_id, self._random_bytes)
        await self._database.write(
            add_token, key, Kind.API, label=called, now_s=now, expires_at_s=expires_at_s, scopes=scopes
        )
        return key
