"""Rules of the accounts: log in, log out, who is who."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from paceline_server.errors import ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError
from paceline_server.platform.database import Database
from paceline_server.platform.ids import new_id
from paceline_server.platform.passwords import Passwords, checked_password
from paceline_server.platform.policy import Kind, Role
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import LOG_IN, LOG_IN_ADDRESS, LOG_IN_NAME
from paceline_server.platform.sealing import Sealer
from paceline_server.platform.tokens import (
    Identity,
    Token,
    add_token,
    list_tokens,
    new_token,
    note_proof,
    remove_token,
    remove_tokens,
    token_id_of,
)
from paceline_server.second_factor.service import SecondFactorService
from paceline_server.users import store, tickets
from paceline_server.users.model import LogIn, User
from paceline_server.users.tickets import Ticket

LONGEST_LABEL = 100
_USERNAME = re.compile(r"\w[\w.-]{0,62}\w|\w")


class UserService:
    """Accounts and their log-ins; `attempts` is the limit per name and per address."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        second_factor: SecondFactorService,
        sealer: Sealer,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        *,
        session_lifetime_s: float,
        attempts_per_minute: int,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._second_factor = second_factor
        self._sealer = sealer
        self._clock = clock
        self._random_bytes = random_bytes
        self._lifetime_s = session_lifetime_s
        self._pairs = SharedLimit(database, replace(LOG_IN, amount=attempts_per_minute), clock)
        self._addresses = SharedLimit(database, replace(LOG_IN_ADDRESS, amount=3 * attempts_per_minute), clock)
        self._names = SharedLimit(database, replace(LOG_IN_NAME, amount=20 * attempts_per_minute), clock)

    async def log_in(self, username: str, password: str, address: str, label: str = "") -> LogIn:
        """Begin a session; UnauthenticatedError when name and password do not fit, TooManyError over the limits.

        The limits count attempts from one address, on one name from one address, and (widely, so that nobody is
        locked out by others) on one name from anywhere. `label` is what the user sees of it in the list. Who has a
        second factor gets an UnauthenticatedError `second_factor` with a `ticket` for log_in_further.
        """
        name = normal_name(username)
        await self._addresses.take(address)
        await self._pairs.take(f"{address} {name}")
        await self._names.take(name)
        found = await self._database.read(store.find, name) if _USERNAME.fullmatch(name) else None
        if not await self._passwords.fits(found[1] if found else None, password) or found is None:
            raise UnauthenticatedError("wrong_log_in", "The user name or the password is wrong.")
        owner_id, kept = found[0].owner_id, found[1]
        if self._passwords.is_outdated(kept):
            fresh = await self._passwords.hashed(password)
            await self._database.write(store.set_password_hash, owner_id, fresh, over=kept)
        return await self.begin_or_ask(owner_id, label)

    async def begin_or_ask(self, owner_id: str, label: str = "") -> LogIn:
        """Begin a session of who gave a first factor; UnauthenticatedError `second_factor` when there is a second."""
        if not await self._second_factor.is_on(owner_id):
            return await self.begin_session(owner_id, label)
        ticket = Ticket(owner_id, self._clock() + tickets.LIFETIME_S, await self._bound(owner_id))
        raise UnauthenticatedError(
            "second_factor",
            "Give a code of your authenticator, or a recovery code.",
            ticket=tickets.sealed(ticket, self._sealer),
            expires_in=tickets.LIFETIME_S,
        )

    async def log_in_further(self, ticket: str, code: str, address: str, label: str = "") -> LogIn:
        """Begin the session of a ticket's user with a code.

        UnauthenticatedError `ticket` when the ticket does not hold (any more), `second_factor_code` for a wrong code;
        TooManyError over the limits.
        """
        await self._addresses.take(address)
        held = tickets.opened(ticket, self._sealer, self._clock())
        if held is None or held.bound != await self._bound(held.owner_id):
            raise UnauthenticatedError("ticket", "This log-in took too long; begin anew.")
        await self._second_factor.check(held.owner_id, code)
        return await self.begin_session(held.owner_id, label)

    async def begin_session(self, owner_id: str, label: str = "") -> LogIn:
        """Begin a session of who proved to be this user."""
        now = self._clock()
        token = new_token(owner_id, self._random_bytes)
        await self._database.write(
            add_token,
            token,
            Kind.SESSION,
            label=label[:LONGEST_LABEL] or "log-in",
            now_s=now,
            expires_at_s=now + self._lifetime_s,
        )
        return LogIn(owner_id, token, now + self._lifetime_s)

    async def prove(self, identity: Identity, password: str, address: str) -> None:
        """Take the password anew, so that what needs a recent log-in may be done; ForbiddenError when it is wrong."""
        await self.confirm(identity.owner_id, password, address)
        await self._database.write(note_proof, identity, self._clock())

    async def _bound(self, owner_id: str) -> str:
        # A ticket ends with the password that it was given for.
        kept = await self._database.read(store.password_hash_of, owner_id)
        return hashlib.sha256((kept or "").encode()).hexdigest()[:32]

    async def confirm(self, owner_id: str, password: str, address: str) -> None:
        """See that it is the user himself, before what cannot be undone; ForbiddenError when the password is wrong."""
        user = await self.get(owner_id)
        await self._addresses.take(address)
        await self._pairs.take(f"{address} {user.username}")
        found = await self._database.read(store.find, user.username)
        if not await self._passwords.fits(found[1] if found else None, password):
            raise ForbiddenError("wrong_password", "The password is wrong.")

    async def log_out(self, identity: Identity) -> None:
        """End the session (or revoke the token) that the identity came by."""
        await self._database.write(remove_token, identity)

    async def tokens(self, owner_id: str) -> list[Token]:
        """Return what opens a user's account now: sessions, API tokens, gateways."""
        return await self._database.read(list_tokens, owner_id, self._clock())

    async def revoke(self, owner_id: str, token_id: str) -> None:
        """Revoke one; NotFoundError when there is none of this id."""
        if not await self._database.write(remove_tokens, owner_id, lambda kept, _: token_id_of(kept) == token_id):
            raise NotFoundError("not_found", "There is no such token.")

    async def log_out_everywhere(self, owner_id: str) -> None:
        """End all sessions of a user; programs and gateways keep their tokens."""
        await self._database.write(remove_tokens, owner_id, lambda _, kind: kind is Kind.SESSION)

    async def get(self, owner_id: str) -> User:
        """Return a user's own account."""
        user = await self._database.read(store.get, owner_id)
        if user is None:
            raise NotFoundError("not_found", "There is no such user.")
        return user

    def owner_of(self, username: str) -> str:
        """Return the id of a user; blocks. NotFoundError when there is no such user."""
        found = self._database.read_now(store.find, normal_name(username))
        if found is None:
            raise NotFoundError("not_found", f"There is no user {username}.")
        return found[0].owner_id

    def set_role(self, username: str, role: Role) -> User:
        """Give a user a role; blocks. NotFoundError when there is no such user."""
        found = self._database.read_now(store.find, normal_name(username))
        if found is None:
            raise NotFoundError("not_found", f"There is no user {username}.")
        self._database.write_now(store.set_role, found[0].owner_id, role)
        return replace(found[0], role=role)

    def create(self, username: str, password: str) -> tuple[User, str]:
        """Make an account and its first API token, shown only now; blocks. ConflictError when the name is taken."""
        name = checked_name(username)
        now = self._clock()
        user = User(new_id(now, self._random_bytes), name, now)
        token = new_token(user.owner_id, self._random_bytes)
        hashed = self._passwords.hash(checked_password(password, name))
        return self._database.write_now(store.add_with_token, user, hashed, token), token


def normal_name(username: str) -> str:
    """Return the one form in which a user name is kept and compared."""
    return unicodedata.normalize("NFKC", username[:200]).casefold().strip()


def checked_name(username: str) -> str:
    """Return the normal form of a name for a new account; InvalidError when it cannot be one."""
    name = normal_name(username)
    if not _USERNAME.fullmatch(name):
        raise InvalidError("username", "A user name has 1 to 64 letters, digits, . _ or -.", field="username")
    return name
