"""The handler that looks whose account was meant when a new password was asked for, and writes the letter."""

from collections.abc import Callable

from paceline_server.mail import store as mail
from paceline_server.mail.model import RECOVER
from paceline_server.mail.writing import Desk
from paceline_server.new_password import store
from paceline_server.new_password.service import LINK_LIFETIME_S
from paceline_server.platform.database import Connection, Write
from paceline_server.profile.store import written_for

LINKS_AT_ONCE = 3


class RecoveryAsked:
    """Writes letters with links to choose a new password.

    With `by_mail` only to a confirmed address; where no mail is set up the link is for the server's log, and any
    account will do. Of one account at most three links hold at a time, however often they are asked for.
    """

    def __init__(self, desk: Desk, clock: Callable[[], float], *, by_mail: bool) -> None:
        self._desk = desk
        self._clock = clock
        self._by_mail = by_mail

    def write_letter(self, account: str, write: Write) -> None:
        """Write the letter, if there is such an account."""
        write(self._write_letter, account)

    def _write_letter(self, connection: Connection, account: str) -> None:
        found = store.find(connection, account)
        if found is None or (self._by_mail and found[1] is None):
            return
        user, email = found
        if mail.count_links(connection, user.owner_id, RECOVER, self._clock()) >= LINKS_AT_ONCE:
            return
        link = self._desk.link(user.owner_id, RECOVER, email or "", LINK_LIFETIME_S)
        mail.add_link(connection, link, self._clock())
        with written_for(connection, user.owner_id):
            letter = self._desk.write(user.owner_id, email or "", "recover", link, username=user.username)
        mail.queue(connection, letter)
