"""Rules of e-mail addresses: a new one counts once its link was opened, and the old one is told."""

import re
from collections.abc import Callable

from paceline_server.addresses import store
from paceline_server.addresses.model import Addresses
from paceline_server.errors import InvalidError, told
from paceline_server.mail import store as mail
from paceline_server.mail.model import CONFIRM, Link, Queued
from paceline_server.mail.writing import Desk
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.etags import ANY, Condition
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import CONFIRMATION, LINK_OPENED
from paceline_server.profile.store import written_for
from paceline_server.users import store as users

LINK_LIFETIME_S = 86400.0
_EMAIL = re.compile(r"[^\s@<>\",;]{1,64}@[^\s@<>\",;]{1,189}")


class AddressService:
    """E-mail addresses of users; `notify` wakes who sends letters."""

    def __init__(self, database: Database, desk: Desk, clock: Callable[[], float], notify: Callable[[], None]) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self.notify = notify
        self._owners = SharedLimit(database, CONFIRMATION, clock)
        self._openers = SharedLimit(database, LINK_OPENED, clock)

    async def get(self, owner_id: str) -> Addresses:
        """Return a user's addresses."""
        return await self._database.read(store.get, owner_id)

    async def want(self, owner_id: str, email: str, condition: Condition = ANY) -> None:
        """Send a link to the address, which counts once it is opened. InvalidError, TooManyError (five an hour).

        PreconditionError when the addresses are not what the condition demands.
        """
        checked = checked_email(email)
        await self._owners.take(owner_id)
        user = await self._database.read(users.get, owner_id)
        if user is not None:
            await self._database.write(self.ask, owner_id, user.username, checked, condition)
            self.notify()

    async def drop(self, owner_id: str, condition: Condition = ANY) -> None:
        """Have no address any more; the one that counted is told. PreconditionError as `want`."""
        user = await self._database.read(users.get, owner_id)
        await self._database.write(self._drop, owner_id, user.username if user is not None else "", condition)
        self.notify()

    async def confirm(self, token: str, address: str) -> None:
        """Have the address of a link count. InvalidError when the link does not hold; ConflictError, TooManyError."""
        await self._openers.take(address)
        await self._database.write(self._confirm, token)
        self.notify()

    def ask(self, connection: Connection, owner_id: str, username: str, email: str, condition: Condition = ANY) -> None:
        """Keep the address and queue its letter, in the caller's transaction; links sent before hold no more."""
        link = self._desk.link(owner_id, CONFIRM, email, LINK_LIFETIME_S)
        store.want(connection, owner_id, email, condition)
        mail.drop_links(connection, owner_id, CONFIRM)
        mail.add_link(connection, link, self._clock())
        with written_for(connection, owner_id):
            letter = self._desk.write(owner_id, email, "confirm", link, username=username)
        mail.queue(connection, letter)

    def _confirm(self, connection: Connection, token: str) -> None:
        link = held(mail.find_link(connection, token, CONFIRM, self._clock()))
        user = users.get(connection, link.owner_id)
        if user is None or store.get(connection, link.owner_id).waiting != link.about:
            raise InvalidError("link", LINK_ENDED)
        before = store.confirm(connection, link.owner_id, link.about)
        mail.drop_links(connection, link.owner_id, CONFIRM)
        if before is not None and store.as_found(before) != store.as_found(link.about):
            with written_for(connection, link.owner_id):
                letter = self._told(link.owner_id, user.username, before, link.about)
            mail.queue(connection, letter)

    def _drop(self, connection: Connection, owner_id: str, username: str, condition: Condition) -> None:
        before = store.remove(connection, owner_id, condition)
        mail.drop_links(connection, owner_id, CONFIRM)
        if before is not None:
            with written_for(connection, owner_id):
                letter = self._told(owner_id, username, before, None)
            mail.queue(connection, letter)

    def _told(self, owner_id: str, username: str, before: str, email: str | None) -> Queued:
        return self._desk.write(owner_id, before, "address_changed", username=username, email=email)


LINK_ENDED = told("This link is not known, was used, or has expired; ask for a new one.")


def held(link: Link | None) -> Link:
    """Return the link; InvalidError when there is none that holds."""
    if link is None:
        raise InvalidError("link", LINK_ENDED, field="link")
    return link


def checked_email(email: str) -> str:
    """Return an address that a letter can be sent to; InvalidError when it is none."""
    stripped = email.strip()
    if not _EMAIL.fullmatch(stripped) or not stripped.isprintable():
        raise InvalidError("email", "This is not an e-mail address.", field="email")
    return stripped
