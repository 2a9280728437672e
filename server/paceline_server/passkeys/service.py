"""Rules of passkeys: register, list, name, delete; log in with one, which is both factors at once."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from paceline_server.addresses.notices import Notices
from paceline_server.errors import InvalidError, NotFoundError, UnauthenticatedError, told
from paceline_server.passkeys import ceremonies, store
from paceline_server.passkeys.ceremonies import Place
from paceline_server.passkeys.model import LOG_IN, REGISTER, Challenge, Passkey
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import PASSKEY
from paceline_server.platform.tokens import Identity, note_proof
from paceline_server.words.speech import N_

LIFETIME_S = 300.0
MOST = 20
_ENDED = told("This took too long, or was answered already; begin anew.")


class PasskeyService:
    """Passkeys of users. A challenge is answered once, with the ticket that it was given out with, within minutes."""

    def __init__(
        self,
        database: Database,
        notices: Notices,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._notices = notices
        self._clock = clock
        self._random_bytes = random_bytes
        self._notify = notify
        self._addresses = SharedLimit(database, PASSKEY, clock)

    async def list_for(self, owner_id: str) -> list[Passkey]:
        """Return a user's passkeys, the oldest first."""
        return await self._database.read(store.list_for, owner_id)

    async def begin_registration(self, identity: Identity, username: str, place: Place) -> tuple[str, dict[str, Any]]:
        """Return a ticket, and what the browser is to be asked; only this session can answer."""
        held = await self.list_for(identity.owner_id)
        ticket, challenge = await self._challenge(REGISTER, identity.token_hash)
        return ticket, ceremonies.registration_options(place, challenge, identity.owner_id, username, held)

    async def register(
        self, identity: Identity, ticket: str, credential: dict[str, Any], name: str, place: Place
    ) -> Passkey:
        """Keep the passkey that a browser has made. InvalidError, ConflictError (twenty are the most)."""
        challenge = await self._taken(ticket, REGISTER)
        if challenge is None or challenge.about != identity.token_hash:
            raise InvalidError("passkey", _ENDED, field="ticket")
        called = name.strip()[:60] or "Passkey"
        passkey = ceremonies.registered(
            credential, challenge.challenge, place, identity.owner_id, called, self._clock()
        )

        def write(connection: Connection) -> None:
            store.add(connection, passkey, MOST)
            told = N_("a passkey was added to your Paceline account")
            self._notices.tell(connection, identity.owner_id, N_("A passkey was added"), told)

        await self._database.write(write)
        self._notify()
        return passkey

    async def begin_log_in(self, place: Place, address: str) -> tuple[str, dict[str, Any]]:
        """Return a ticket, and what the browser is to be asked; TooManyError over the limit."""
        await self._addresses.take(address)
        ticket, challenge = await self._challenge(LOG_IN, None)
        return ticket, ceremonies.log_in_options(place, challenge)

    async def identify(self, ticket: str, credential: dict[str, Any], place: Place, address: str) -> str:
        """Return whose passkey has signed. UnauthenticatedError `passkey`, whatever does not hold; TooManyError."""
        await self._addresses.take(address)
        challenge = await self._taken(ticket, LOG_IN)
        if challenge is None:
            raise UnauthenticatedError("passkey", _ENDED)
        claim = ceremonies.claimed(credential)
        passkey = await self._database.read(store.get, *claim) if claim is not None else None
        refused = UnauthenticatedError("passkey", "This passkey is not known here, or does not hold.")
        if passkey is None or passkey.rp_id != place.rp_id:
            raise refused
        try:
            count = ceremonies.verified(credential, challenge.challenge, place, passkey)
        except InvalidError as error:
            raise refused from error
        if not await self._database.write(store.note_use, passkey, count, self._clock()):
            raise refused
        return passkey.owner_id

    async def prove(
        self, identity: Identity, ticket: str, credential: dict[str, Any], place: Place, address: str
    ) -> None:
        """Take a passkey of who is logged in, so that what needs a recent log-in may be done."""
        if await self.identify(ticket, credential, place, address) != identity.owner_id:
            raise UnauthenticatedError("passkey", "This passkey is not known here, or does not hold.")
        await self._database.write(note_proof, identity, self._clock())

    async def rename(self, owner_id: str, passkey_id: bytes, name: str) -> None:
        """Call a passkey something else; NotFoundError."""
        if not await self._database.write(store.rename, owner_id, passkey_id, name.strip()[:60] or "Passkey"):
            raise NotFoundError("not_found", "There is no such passkey.")

    async def remove(self, owner_id: str, passkey_id: bytes) -> None:
        """Let a passkey log in no more; NotFoundError."""

        def write(connection: Connection) -> bool:
            removed = store.remove(connection, owner_id, passkey_id)
            if removed:
                told = N_("a passkey was removed from your Paceline account")
                self._notices.tell(connection, owner_id, N_("A passkey was removed"), told)
            return removed

        if not await self._database.write(write):
            raise NotFoundError("not_found", "There is no such passkey.")
        self._notify()

    async def _challenge(self, purpose: str, about: bytes | None) -> tuple[str, bytes]:
        ticket = base64.urlsafe_b64encode(self._random_bytes(24)).decode()
        challenge = self._random_bytes(32)
        now = self._clock()
        made = Challenge(_hash(ticket), challenge, purpose, about, now + LIFETIME_S)
        await self._database.write(store.add_challenge, made, now)
        return ticket, challenge

    async def _taken(self, ticket: str, purpose: str) -> Challenge | None:
        challenge = await self._database.write(store.take_challenge, _hash(ticket), self._clock())
        return challenge if challenge is not None and challenge.purpose == purpose else None


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
