"""SQL of the notices. Every statement names the owner."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from paceline_server.activities.model import ACTIVITIES
from paceline_server.notifications.model import LONGEST_TEXT, NOTICES, Notice, Tale
from paceline_server.platform.ids import new_id
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.turns import alone
from paceline_server.users import store as users

_N, _A = NOTICES.c, ACTIVITIES.c
_READ = (_N.notice_id, _N.kind, _N.title, _N.text, _N.link, _N.made_at_s, _N.read_at_s)


def tell(connection: Connection, owner_id: str, tale: Tale, now_s: float) -> bool:
    """Tell, in the transaction of the caller; False when it was told before: then nothing is changed.

    Titles and texts that are too long are cut.
    """
    alone(connection, owner_id, "notices")
    if is_told(connection, owner_id, tale):
        return False
    # The same tale has the same id, whoever tells it again.
    named = hashlib.sha256("\0".join((owner_id, tale.kind, tale.subject)).encode()).digest()
    connection.execute(
        insert(NOTICES).values(
            owner_id=owner_id,
            notice_id=new_id(now_s, lambda size: named[:size]),
            kind=tale.kind,
            subject=tale.subject,
            title=tale.title[:200],
            text=tale.text[:LONGEST_TEXT],
            link=tale.link,
            made_at_s=now_s,
            read_at_s=None,
            shown=True,
        )
    )
    return True


def tell_all(connection: Connection, owner_id: str, tales: Iterable[Tale], now_s: float) -> int:
    """Tell; return how many were news."""
    return sum(tell(connection, owner_id, tale, now_s) for tale in tales)


def is_told(connection: Connection, owner_id: str, tale: Tale) -> bool:
    """Say whether somebody was told this."""
    is_it = and_(_N.owner_id == owner_id, _N.kind == tale.kind, _N.subject == tale.subject)
    return connection.execute(select(_N.notice_id).where(is_it)).one_or_none() is not None


def page(connection: Connection, owner_id: str, wanted: Page, *, unread: bool = False) -> list[Notice]:
    """Return a page of the notices, the latest first, and one more if there is another."""
    shown = and_(_N.owner_id == owner_id, _N.shown.is_(True))
    query: Any = select(*_READ).where(and_(shown, _N.read_at_s.is_(None)) if unread else shown)
    return [Notice(*row) for row in connection.execute(paged(query, (_N.made_at_s, _N.notice_id), wanted))]


def get(connection: Connection, owner_id: str, notice_id: str) -> Notice | None:
    """Return a notice that is shown."""
    row = connection.execute(select(*_READ).where(_is(owner_id, notice_id), _N.shown.is_(True))).one_or_none()
    return Notice(*row) if row is not None else None


def unread(connection: Connection, owner_id: str) -> int:
    """Return how many notices were not read."""
    query = select(func.count()).select_from(NOTICES)
    found = connection.execute(query.where(_N.owner_id == owner_id, _N.read_at_s.is_(None)))
    return found.scalar_one()


def note_read(connection: Connection, owner_id: str, notice_ids: Sequence[str] | None, now_s: float) -> int:
    """Note that these (None: all) were read; return how many were not before."""
    fresh = and_(_N.owner_id == owner_id, _N.read_at_s.is_(None))
    if notice_ids is not None:
        fresh = and_(fresh, _N.notice_id.in_(notice_ids))
    return connection.execute(update(NOTICES).where(fresh).values(read_at_s=now_s)).rowcount


def remove(connection: Connection, owner_id: str, notice_id: str, now_s: float) -> bool:
    """Delete a notice but for what it was about; False when there is none."""
    gone = {"shown": False, "read_at_s": now_s, "title": "", "text": "", "link": ""}
    shown = and_(_is(owner_id, notice_id), _N.shown.is_(True))
    return connection.execute(update(NOTICES).where(shown).values(gone)).rowcount == 1


def latest_start_s(connection: Connection, owner_id: str) -> float | None:
    """Return when the latest activity began, None without any."""
    query = select(_A.start_utc_s).where(_A.owner_id == owner_id)
    latest = query.order_by(_A.start_utc_s.desc(), _A.activity_id.desc()).limit(1)
    return connection.execute(latest).scalar_one_or_none()


def everybody(connection: Connection) -> Iterable[tuple[str, str]]:
    """Yield every user, and what an event calls all that is theirs."""
    for user in users.everybody(connection):
        yield user.owner_id, "all"


def _is(owner_id: str, notice_id: str) -> ColumnElement[bool]:
    return and_(_N.owner_id == owner_id, _N.notice_id == notice_id)
