"""Rules of the accounts: log in, log out, who is who."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from paceline_server.errors import ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError
from paceline_server.platform.database import Database
from paceline_server.platform.ids import new_id
from paceline_server.platform.limits import AttemptLimit
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.policy import Kind, Role
from paceline_server.platform.tokens import (
    Identity,
    Token,
    add_token,
    list_tokens,
    new_token,
    remove_token,
    remove_tokens,
    token_id_of,
)
from paceline_server.users import store
from paceline_server.users.model import LogIn, User

LONGEST_LABEL = 100
_USERNAME = re.compile(r"\w[\w.-]{0,62}\w|\w")


class UserService:
    """Accounts and their log-ins; `attempts` is the limit per name and per address."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        *,
        session_lifetime_s: float,
        attempts_per_minute: int,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._random_bytes = random_bytes
        self._lifetime_s = session_lifetime_s
        self._pairs = AttemptLimit(attempts_per_minute, 60, clock)
        self._addresses = AttemptLimit(3 * attempts_per_minute, 60, clock)
        self._names = AttemptLimit(20 * attempts_per_minute, 600, clock)

    async def log_in(self, username: str, password: str, address: str, label: str = "") -> LogIn:
        """Begin a session; UnauthenticatedError when name and password do not fit, TooManyError over the limits.

        The limits count attempts from one address, on one name from one address, and (widely, so that nobody is
        locked out by others) on one name from anywhere. `label` is what the user sees of it in the list.
        """
        name = normal_name(username)
        self._addresses.take(address)
        self._pairs.take(f"{address} {name}")
        self._names.take(name)
        found = await self._database.read(store.find, name) if _USERNAME.fullmatch(name) else None
        if not await self._passwords.fits(found[1] if found else None, password) or found is None:
            raise UnauthenticatedError("wrong_log_in", "The user name or the password is wrong.")
        owner_id = found[0].owner_id
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

    async def confirm(self, owner_id: str, password: str, address: str) -> None:
        """See that it is the user himself, before what cannot be undone; ForbiddenError when the password is wrong."""
        user = await self.get(owner_id)
        self._pairs.take(f"{address} {user.username}")
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
        return self._database.write_now(store.add_with_token, user, self._passwords.hash(password), token), token


def normal_name(username: str) -> str:
    """Return the one form in which a user name is kept and compared."""
    return unicodedata.normalize("NFKC", username[:200]).casefold().strip()


def checked_name(username: str) -> str:
    """Return the normal form of a name for a new account; InvalidError when it cannot be one."""
    name = normal_name(username)
    if not _USERNAME.fullmatch(name):
        raise InvalidError("username", "A user name has 1 to 64 letters, digits, . _ or -.", field="username")
    return name
