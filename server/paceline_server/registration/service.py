"""Rules of registrations."""

import base64
import hashlib
from collections.abc import Callable

from paceline_server.addresses.service import AddressService, checked_email
from paceline_server.errors import ForbiddenError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.ids import new_id
from paceline_server.platform.passwords import Passwords, checked_password
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import REGISTRATION
from paceline_server.registration import store
from paceline_server.registration.model import CLOSED, INVITE, MODES, Invitation
from paceline_server.users.model import User
from paceline_server.users.service import checked_name

INVITATION_LIFETIME_S = 7 * 86400.0


class RegistrationService:
    """Makes accounts for whom `mode` (open, invite, closed) lets in, and invitations."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        addresses: AddressService,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
        *,
        mode: str,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"registration is one of {', '.join(MODES)}, not {mode}")
        self.mode = mode
        self._database = database
        self._passwords = passwords
        self._email_addresses = addresses
        self._clock = clock
        self._random_bytes = random_bytes
        self._addresses = SharedLimit(database, REGISTRATION, clock)

    async def register(self, username: str, email: str, password: str, invitation: str, address: str) -> User:
        """Make an account. ForbiddenError when nobody, or only who is invited, may; ConflictError for a taken name."""
        if self.mode == CLOSED:
            raise ForbiddenError("registration_closed", "This server takes no new accounts.")
        await self._addresses.take(address)
        name = checked_name(username)
        wanted = checked_email(email) if email else None
        if self.mode == INVITE and not invitation:
            raise ForbiddenError("invitation", "A new account needs an invitation.")
        password_hash = await self._passwords.hashed(checked_password(password, name))
        now = self._clock()
        user = User(new_id(now, self._random_bytes), name, now)
        code_hash = _hash(invitation) if self.mode == INVITE else None

        def write(connection: Connection) -> User:
            made = store.register(connection, user, password_hash, code_hash, now)
            if wanted is not None:
                self._email_addresses.ask(connection, user.owner_id, name, wanted)
            return made

        made = await self._database.write(write)
        self._email_addresses.notify()
        return made

    def refuse_when_closed(self) -> None:
        """Raise ForbiddenError when this server takes no new accounts."""
        if self.mode == CLOSED:
            raise ForbiddenError("registration_closed", "This server takes no new accounts.")

    async def register_without_password(
        self, username: str, invitation: str, address: str, also: Callable[[Connection, User], None]
    ) -> User:
        """Make an account that opens in another way, which `also` writes with it; errors as register's.

        No password fits until one is set: what is kept is the hash of one that nobody knows.
        """
        self.refuse_when_closed()
        await self._addresses.take(address)
        name = checked_name(username)
        if self.mode == INVITE and not invitation:
            raise ForbiddenError("invitation", "A new account needs an invitation.")
        password_hash = await self._passwords.hashed(base64.urlsafe_b64encode(self._random_bytes(32)).decode())
        now = self._clock()
        user = User(new_id(now, self._random_bytes), name, now)
        code_hash = _hash(invitation) if self.mode == INVITE else None

        def write(connection: Connection) -> User:
            made = store.register(connection, user, password_hash, code_hash, now)
            also(connection, made)
            return made

        return await self._database.write(write)

    async def invite(self, made_by: str) -> Invitation:
        """Make an invitation for one account."""
        now = self._clock()
        invitation = drawn_invitation(now, self._random_bytes)
        await self._database.write(store.invite, _hash(invitation.code), made_by, now, invitation.expires_at_s)
        return invitation


def invite_now(database: Database, now_s: float, random_bytes: Callable[[int], bytes]) -> Invitation:
    """Do as invite, for the operator; blocks."""
    invitation = drawn_invitation(now_s, random_bytes)
    database.write_now(store.invite, _hash(invitation.code), None, now_s, invitation.expires_at_s)
    return invitation


def drawn_invitation(now_s: float, random_bytes: Callable[[int], bytes]) -> Invitation:
    """Make an invitation's code."""
    return Invitation(base64.urlsafe_b64encode(random_bytes(18)).decode(), now_s + INVITATION_LIFETIME_S)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.strip().encode()).digest()
