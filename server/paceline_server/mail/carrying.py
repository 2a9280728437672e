"""The handler of letters: sends what waits, once; or shows the link to who runs the server."""

import logging
from collections.abc import Callable

from paceline_server.mail import store
from paceline_server.mail.smtp import Smtp
from paceline_server.mail.writing import Desk
from paceline_server.platform.database import Database, Write

_log = logging.getLogger("paceline.mail")


class Carrier:
    """Carries letters; without `smtp` (no mail is set up) their links go to the log, as nobody else can hand them on.

    SMTP knows no transaction: a process that is killed between the server's last word and ours sends the letter again,
    with the same Message-ID. It is never lost, and never sent twice otherwise.
    """

    def __init__(self, database: Database, desk: Desk, smtp: Smtp | None, clock: Callable[[], float]) -> None:
        self._database = database
        self._desk = desk
        self._smtp = smtp
        self._clock = clock

    def carry(self, owner_id: str, letter_id: str, write: Write) -> None:
        """Send one letter; MailError when it was not taken. One whose link holds no more is dropped."""
        queued = self._database.read_now(store.get, owner_id, letter_id)
        if queued is None:
            return
        if queued.expires_at_s > self._clock():
            letter = self._desk.read(queued)
            if self._smtp is not None:
                self._smtp.send(letter, queued)
            elif letter.link is not None:
                _log.warning("no mail is set up; this link was asked for: %s", letter.link)
        write(store.forget, owner_id, letter_id)
