"""Tells a user, where an address is known, that the way into the account was changed."""

from paceline_server.addresses import store
from paceline_server.mail import store as mail
from paceline_server.mail.writing import Desk
from paceline_server.platform.database import Connection
from paceline_server.profile.store import written_for
from paceline_server.users import store as users


class Notices:
    """Queues letters that say what happened; who has no confirmed address gets none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def tell(self, connection: Connection, owner_id: str, subject: str, what: str) -> None:
        """Tell, in the transaction of the change; `what` goes before "on (this server)"."""
        self._queue(connection, owner_id, "entry_changed", subject=subject, what=what)

    def tell_of_password(self, connection: Connection, owner_id: str, *, recovered: bool) -> None:
        """Tell that the password was changed."""
        self._queue(connection, owner_id, "password_changed", recovered=recovered)

    def _queue(self, connection: Connection, owner_id: str, template: str, **context: str | bool) -> None:
        to, user = store.get(connection, owner_id).email, users.get(connection, owner_id)
        if to is not None and user is not None:
            with written_for(connection, owner_id):
                letter = self._desk.write(owner_id, to, template, None, username=user.username, **context)
            mail.queue(connection, letter)
