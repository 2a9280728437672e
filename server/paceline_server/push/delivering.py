"""The handler of pushes: one notice to one browser. It blocks.

HTTP knows no transaction: a process that is killed between the service's answer and the end of the turn sends the
notice again, with the same topic and the same tag, so that the browser shows it once.
"""

import logging
from collections.abc import Callable

import orjson

from paceline_server.notifications import store as notices
from paceline_server.notifications.model import Notice
from paceline_server.platform.database import Database, Write
from paceline_server.push import store
from paceline_server.push.keeping import Keeper
from paceline_server.push.model import Subscription
from paceline_server.push.sending import GoneError, PushError, PushServices

ATTEMPTS = 9  # with these waits, in three quarters of an hour
FIRST_WAIT_S = 10.0
GIVEN_UP_S = 3 * 86_400.0  # a browser to which nothing could be sent for so long is forgotten

_log = logging.getLogger("paceline.push")


class Deliverer:
    """Delivers; what a service does not take is tried again, later each time, and then dropped: the inbox has it."""

    def __init__(self, database: Database, keeper: Keeper, services: PushServices, clock: Callable[[], float]) -> None:
        self._database = database
        self._keeper = keeper
        self._services = services
        self._clock = clock

    def deliver(self, owner_id: str, subject: str, write: Write) -> None:
        """Send a notice to a browser, unless it was read or deleted meanwhile, or the browser is gone."""
        notice_id, subscription_id, attempt = subject.split(" ")
        notice = self._database.read_now(notices.news, owner_id, notice_id)
        subscription = self._database.read_now(store.get, owner_id, subscription_id)
        if notice is None or subscription is None:
            return
        try:
            self._services.send(self._keeper.open(subscription), message_of(notice), notice_id.replace("-", ""))
        except GoneError as error:
            _log.info("a browser is forgotten: %s", error)
            write(store.remove, owner_id, subscription_id)
        except PushError as error:
            _log.info("a push is tried again: %s", error)
            self._failed(subscription, notice_id, int(attempt), write)
        else:
            if subscription.failing_since_s is not None:
                write(store.note_failing, owner_id, subscription_id, None)

    def _failed(self, subscription: Subscription, notice_id: str, attempt: int, write: Write) -> None:
        owner_id, subscription_id = subscription.owner_id, subscription.subscription_id
        now_s, since_s = self._clock(), subscription.failing_since_s
        if since_s is not None and since_s < now_s - GIVEN_UP_S:
            write(store.remove, owner_id, subscription_id)
            return
        if since_s is None:
            write(store.note_failing, owner_id, subscription_id, now_s)
        if attempt + 1 < ATTEMPTS:
            again = {"wait_s": FIRST_WAIT_S * 2**attempt, "attempt": attempt + 1}
            write(store.send_to, owner_id, notice_id, subscription_id, now_s, **again)


def message_of(notice: Notice) -> bytes:
    """Return what the browser's worker reads (server/web/src/worker.ts)."""
    told = {"id": notice.notice_id, "title": notice.title, "text": notice.text, "link": notice.link or "/notifications"}
    return orjson.dumps(told)
