"""Notices by mail: each in a letter of its own, or those of a day in one. It blocks.

What was read in the inbox before its letter is due needs none. A letter is queued in the transaction that notes it as
written, so that no crash doubles one.
"""

from collections.abc import Sequence
from datetime import timedelta

from paceline_server.addresses import store as addresses
from paceline_server.daily.local_days import LocalDays
from paceline_server.mail import store as letters
from paceline_server.mail.writing import Desk
from paceline_server.notifications import store
from paceline_server.notifications.clock_times import moment_s, next_moment_s, quiet_until_s
from paceline_server.notifications.model import DIGEST, DUE, EVERY_DAY, Rules
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.profile.store import written_for
from paceline_server.users import store as users
from paceline_server.words.speech import ngettext


def write_letter(desk: Desk, owner_id: str, notice_id: str, write: Write) -> None:
    """Write the letter of one notice, if it was not and is still news."""
    write(_post, desk, owner_id, DUE, [notice_id])


def write_digest(
    database: Database, desk: Desk, owner_id: str, told: Rules, local: LocalDays, write: Write, now_s: float
) -> float | None:
    """Write the letter of what waits since before the last time of the digest; return when the next one is due.

    None when nothing waits. Who wants no digest any more gets what waits at once. Neither is written in quiet hours.
    """
    waiting = database.read_now(store.mailed, owner_id, DIGEST, now_s)
    if not waiting:
        return None
    loud_s = quiet_until_s(told, local, now_s)
    if loud_s > now_s:
        return loud_s
    until_s = now_s
    if told.digest_min is not None:
        today = local.day_of(now_s)
        passed = (moment_s(local, today - timedelta(days=back), told.digest_min) for back in (0, 1))
        until_s = next((at_s for at_s in passed if at_s <= now_s), 0.0)
    ready = [notice.notice_id for notice in waiting if notice.made_at_s <= until_s]
    if ready:
        write(_post, desk, owner_id, DIGEST, ready)
    if told.digest_min is None or len(ready) == len(waiting):
        return None
    return next_moment_s(local, now_s, told.digest_min, EVERY_DAY)


def _post(connection: Connection, desk: Desk, owner_id: str, state: str, notice_ids: Sequence[str]) -> None:
    notices = store.note_mailed(connection, owner_id, state, notice_ids)
    to, user = addresses.get(connection, owner_id).email, users.get(connection, owner_id)
    if notices and to is not None and user is not None:
        with written_for(connection, owner_id):
            many = ngettext("%(n)s notification", "%(n)s notifications", len(notices))
            subject = notices[0].title if len(notices) == 1 else many
            context = {"username": user.username, "subject": subject, "notices": notices}
            letter = desk.write(owner_id, to, "notices", None, **context)
        letters.queue(connection, letter)
