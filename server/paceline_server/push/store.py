"""SQL of the push subscriptions. Every statement names the owner."""

from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import NOTICE_BY_PUSH
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.push.model import MOST_SUBSCRIPTIONS, PUSH_SUBSCRIPTIONS, Subscription

_P = PUSH_SUBSCRIPTIONS.c
_IDS = Prepared(select(_P.subscription_id).where(_P.owner_id == bindparam("owner")))


def add(connection: Connection, subscription: Subscription) -> bool:
    """Keep a subscription over one of the same endpoint; tell whether there was none. ConflictError when too many."""
    owner_id = subscription.owner_id
    alone(connection, owner_id, "push")
    fresh = not remove(connection, owner_id, subscription.subscription_id)
    if len(every(connection, owner_id)) >= MOST_SUBSCRIPTIONS:
        raise ConflictError("too_many", f"There are {MOST_SUBSCRIPTIONS} browsers already: remove one of them.")
    connection.execute(insert(PUSH_SUBSCRIPTIONS).values(**asdict(subscription)))
    return fresh


def every(connection: Connection, owner_id: str) -> list[Subscription]:
    """Return an owner's subscriptions, in the order in which they were made."""
    rows = connection.execute(select(PUSH_SUBSCRIPTIONS).where(_P.owner_id == owner_id)).mappings()
    return sorted((Subscription(**row) for row in rows), key=lambda one: (one.made_at_s, one.subscription_id))


def get(connection: Connection, owner_id: str, subscription_id: str) -> Subscription | None:
    """Return a subscription, None when there is no such one."""
    row = connection.execute(select(PUSH_SUBSCRIPTIONS).where(_is(owner_id, subscription_id))).mappings().one_or_none()
    return Subscription(**row) if row is not None else None


def remove(connection: Connection, owner_id: str, subscription_id: str) -> bool:
    """Forget a subscription; False when there is none."""
    return connection.execute(delete(PUSH_SUBSCRIPTIONS).where(_is(owner_id, subscription_id))).rowcount == 1


def note_failing(connection: Connection, owner_id: str, subscription_id: str, since_s: float | None) -> None:
    """Note since when nothing could be sent there; None: it can."""
    connection.execute(update(PUSH_SUBSCRIPTIONS).where(_is(owner_id, subscription_id)).values(failing_since_s=since_s))


def send(connection: Connection, owner_id: str, notice_id: str, now_s: float, wait_s: float) -> None:
    """Have a notice sent to each of an owner's browsers, not before a while has passed."""
    for subscription_id in _IDS.column(connection, owner=owner_id):
        send_to(connection, owner_id, notice_id, subscription_id, now_s, wait_s=wait_s)


def send_to(
    connection: Connection,
    owner_id: str,
    notice_id: str,
    subscription_id: str,
    now_s: float,
    *,
    wait_s: float = 0.0,
    attempt: int = 0,
) -> None:
    """Have a notice sent to a browser, for the first time or again."""
    subject = f"{notice_id} {subscription_id} {attempt}"
    events.emit(connection, NOTICE_BY_PUSH, owner_id, subject, now_s, delay_s=wait_s)


def _is(owner_id: str, subscription_id: str) -> ColumnElement[bool]:
    return and_(_P.owner_id == owner_id, _P.subscription_id == subscription_id)
