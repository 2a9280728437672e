"""Rules of new passwords."""

from collections.abc import Callable
from dataclasses import dataclass

from paceline_server.addresses.notices import Notices
from paceline_server.addresses.service import held
from paceline_server.errors import NotFoundError, UnauthenticatedError
from paceline_server.mail import store as mail
from paceline_server.mail.model import RECOVER
from paceline_server.mail.writing import Desk
from paceline_server.new_password import store
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.passwords import Passwords, checked_password
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import LETTER_ASKED, LINK_OPENED
from paceline_server.platform.tokens import Identity
from paceline_server.second_factor.service import SecondFactorService
from paceline_server.users import store as users
from paceline_server.users.model import User
from paceline_server.users.service import UserService, normal_name

LINK_LIFETIME_S = 3600.0


@dataclass(frozen=True, slots=True)
class Recovery:
    """Whose password a link is for, and whether a second factor is asked for beside it."""

    owner_id: str
    username: str
    second_factor: bool


class NewPasswordService:
    """Changes passwords; `notify` wakes who sends letters."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        users: UserService,
        second_factor: SecondFactorService,
        desk: Desk,
        clock: Callable[[], float],
        notify: Callable[[], None],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._users = users
        self._second_factor = second_factor
        self._desk = desk
        self._notices = Notices(desk)
        self._clock = clock
        self._notify = notify
        self._askers = SharedLimit(database, LETTER_ASKED, clock)
        self._openers = SharedLimit(database, LINK_OPENED, clock)

    async def change(
        self, identity: Identity, present: str, password: str, address: str, *, close_programs: bool = False
    ) -> None:
        """Take a new password of who knows the present one; all other sessions end. ForbiddenError, InvalidError."""
        user = await self._users.get(identity.owner_id)
        await self._users.confirm(identity.owner_id, present, address)
        hashed = await self._passwords.hashed(checked_password(password, user.username))

        def write(connection: Connection) -> None:
            store.set_password(connection, user.owner_id, hashed, spare=identity.token_hash, programs=close_programs)
            mail.drop_links(connection, user.owner_id, RECOVER)
            self._notices.tell_of_password(connection, user.owner_id, recovered=False)

        await self._database.write(write)
        self._notify()

    async def ask(self, account: str, address: str) -> None:
        """Have a link sent to the owner of a user name or confirmed address; TooManyError, ten an hour per address.

        Whether there is such an account cannot be told from the answer nor from its time: it is looked up later.
        """
        await self._askers.take(address)
        name = normal_name(account)
        sensible = name if name.isprintable() and len(name) <= store.LONGEST_ACCOUNT else ""
        await self._database.write(store.ask, sensible, self._clock())
        self._notify()

    async def look(self, token: str, address: str) -> Recovery:
        """Return whose password a link is for; InvalidError when it does not hold."""
        await self._openers.take(address)
        link = held(await self._database.read(mail.find_link, token, RECOVER, self._clock()))
        user = held_user(await self._database.read(users.get, link.owner_id))
        return Recovery(user.owner_id, user.username, await self._second_factor.is_on(user.owner_id))

    async def choose(self, token: str, password: str, code: str, address: str, *, close_programs: bool = False) -> None:
        """Take the new password that the owner of a link chose; all sessions end, with `close_programs` every token.

        InvalidError for a link that does not hold or a password that will not do; UnauthenticatedError
        `second_factor_code` where the account has a second factor and the code does not fit.
        """
        recovery = await self.look(token, address)
        hashed = await self._passwords.hashed(checked_password(password, recovery.username))
        if recovery.second_factor:
            if not code:
                raise UnauthenticatedError(
                    "second_factor_code", "Give a code of your authenticator, or a recovery code."
                )
            await self._second_factor.check(recovery.owner_id, code)

        def write(connection: Connection) -> None:
            held(mail.find_link(connection, token, RECOVER, self._clock()))
            mail.drop_links(connection, recovery.owner_id, RECOVER)
            store.set_password(connection, recovery.owner_id, hashed, spare=None, programs=close_programs)
            self._notices.tell_of_password(connection, recovery.owner_id, recovered=True)

        await self._database.write(write)
        self._notify()


def recovery_link(database: Database, desk: Desk, username: str, now_s: float) -> str:
    """Return the address of a link for a user, made by who runs the server; blocks. NotFoundError."""
    found = database.read_now(store.find, normal_name(username))
    if found is None:
        raise NotFoundError("not_found", f"There is no user {username}.")
    link = desk.link(found[0].owner_id, RECOVER, "", LINK_LIFETIME_S)
    database.write_now(mail.add_link, link, now_s)
    return desk.address_of(link)


def held_user(user: User | None) -> User:
    """Return the user; NotFoundError when the account was left meanwhile."""
    if user is None:
        raise NotFoundError("not_found", "There is no such user.")
    return user
