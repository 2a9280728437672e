"""Rules of the keys (draft-ietf-httpapi-idempotency-key-header-07).

The key's row is written in the transaction of the request's first write, so that there is no moment at which one of
the two is durable without the other. Of requests with one key that run at once, in one process or in several, the one
that commits first has it; the others' writes are rolled back. A crash before that commit leaves nothing, and a repeat
does all; a crash behind it leaves a row without an answer, and a repeat is told so and does nothing.
"""

from collections.abc import Callable

from aiohttp import web

from paceline_server.errors import ConflictError, RequestError, UnprocessableError
from paceline_server.idempotency import store
from paceline_server.idempotency.answers import fingerprint_of, packed, unpacked
from paceline_server.idempotency.model import Attempt, Kept
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.first_in_writes import first_in_writes
from paceline_server.platform.once import Act, key_of
from paceline_server.platform.sealing import Sealer
from paceline_server.platform.tokens import Identity

LONGEST_REQUEST_S = 60.0
READ_WHOLE = frozenset({"application/json", "application/x-www-form-urlencoded", "text/plain"})


class IdempotencyService:
    """Does the writes of a key once, and gives the first one's answer to all others."""

    def __init__(
        self, database: Database, sealer: Sealer, clock: Callable[[], float], random_bytes: Callable[[int], bytes]
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._random_bytes = random_bytes
        self._under_way: set[tuple[str, bytes]] = set()

    async def once(self, request: web.Request, identity: Identity, act: Act) -> web.StreamResponse:
        """Answer by `act`, or as it was answered before.

        ConflictError while the first one is under way and when its answer was lost, UnprocessableError for another
        request under the key.
        """
        key_hash = key_of(request)
        # Files are read piece by piece by their handlers: of these the head is looked at, with the length.
        body = await request.read() if request.content_type in READ_WHOLE else b""
        attempt = Attempt(
            identity.owner_id,
            key_hash,
            self._random_bytes(16),
            fingerprint_of(request, identity, body),
            self._clock(),
        )
        place = (identity.owner_id, key_hash)
        if place in self._under_way:
            raise store.in_use()
        self._under_way.add(place)
        try:
            kept = await self._database.read(store.find, identity.owner_id, key_hash, attempt.made_at_s)
            return await self._done(request, attempt, act) if kept is None else self._again(attempt, kept)
        finally:
            self._under_way.discard(place)

    def _again(self, attempt: Attempt, kept: Kept) -> web.Response:
        if kept.fingerprint != attempt.fingerprint:
            raise UnprocessableError("idempotency_key_reused", "This Idempotency-Key was used for another request.")
        if kept.answer is not None:
            return unpacked(self._sealer.open(kept.answer, _belongs(attempt)))
        if attempt.made_at_s - kept.made_at_s < LONGEST_REQUEST_S:
            raise store.in_use()
        told = "This request was carried out, or about to be, when its answer was lost: look what is there."
        raise ConflictError("idempotency_answer_lost", told)

    async def _done(self, request: web.Request, attempt: Attempt, act: Act) -> web.StreamResponse:
        tried = False

        def claim(connection: Connection) -> None:
            nonlocal tried
            tried = True
            store.claim(connection, attempt)

        try:
            with first_in_writes(claim):
                response = await act()
        except RequestError:
            # A request that is refused has changed nothing: it may be sent again under its key.
            if tried:
                await self._database.write(store.forget, attempt)
            raise
        await self._keep(attempt, response, wrote=tried)
        return response

    async def _keep(self, attempt: Attempt, response: web.StreamResponse, *, wrote: bool) -> None:
        answer = packed(response)
        if answer is not None and response.status < 500:
            sealed = self._sealer.seal(answer, _belongs(attempt))
            await self._database.write(store.keep, attempt, sealed, wrote=wrote)


def _belongs(attempt: Attempt) -> str:
    return f"idempotency {attempt.owner_id} {attempt.key_hash.hex()}"
