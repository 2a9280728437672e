"""SQL of the notices and of what somebody wants to be told. Every statement names the owner."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, or_, select, update

from paceline_server.activities.model import ACTIVITIES
from paceline_server.addresses import store as addresses
from paceline_server.daily import store as daily
from paceline_server.desired.model import DEVICE_STATUS
from paceline_server.devices import store as devices
from paceline_server.events import store as events
from paceline_server.events.declared import NOTICE_BY_MAIL, NOTICE_BY_WRIST, NOTICES_TIMED, NOTICES_WORN
from paceline_server.households import store as households
from paceline_server.journals.model import JOURNALS
from paceline_server.notifications.clock_times import moment_s, quiet_until_s
from paceline_server.notifications.model import (
    DIGEST,
    DUE,
    INBOX,
    LONGEST_TEXT,
    MAIL,
    NOTICE_RULES,
    NOTICE_SWITCHES,
    NOTICES,
    PUSH,
    REMINDER,
    WORN_S,
    WRIST,
    Notice,
    Rules,
    Tale,
    WristNotice,
)
from paceline_server.notifications.timed import Watched, Wearable
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.ids import new_id
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.push import store as push
from paceline_server.users import store as users

_N, _A, _R, _S = NOTICES.c, ACTIVITIES.c, NOTICE_RULES.c, NOTICE_SWITCHES.c
_UNREAD = Prepared(  # every page asks it
    select(func.count()).select_from(NOTICES).where(_N.owner_id == bindparam("owner"), _N.read_at_s.is_(None))
)
_TOLD = Prepared(
    select(_N.notice_id).where(
        _N.owner_id == bindparam("owner"), _N.kind == bindparam("of_kind"), _N.subject == bindparam("about")
    )
)
_TELL = Prepared(insert(NOTICES))
_RULES = Prepared(select(NOTICE_RULES).where(_R.owner_id == bindparam("owner")))
_SWITCHES = Prepared(select(_S.kind, _S.channel, _S.switched_on).where(_S.owner_id == bindparam("owner")))
_HEARD, _GROWN = (
    Prepared(select(table.c.device_id, table.c[column]).where(table.c.owner_id == bindparam("owner")))
    for table, column in ((DEVICE_STATUS, "heard_at_s"), (JOURNALS, "updated_at_s"))
)
_LATEST = Prepared(
    select(_A.start_utc_s)
    .where(_A.owner_id == bindparam("owner"))
    .order_by(_A.start_utc_s.desc(), _A.activity_id.desc())
    .limit(1)
)
_READ = (_N.notice_id, _N.kind, _N.title, _N.text, _N.link, _N.made_at_s, _N.read_at_s)
_MAILED = Prepared(select(_N.shown, *_READ).where(_N.owner_id == bindparam("owner"), _N.mail == bindparam("state")))


def tell(connection: Connection, owner_id: str, tale: Tale, now_s: float) -> bool:
    """Tell, in the transaction of the caller; False when it was told before: then nothing is changed.

    Titles and texts that are too long are cut.
    """
    alone(connection, owner_id, "notices")
    if is_told(connection, owner_id, tale):
        return False
    told = rules(connection, owner_id)
    shown = told.tells(tale.kind, INBOX)
    mail = _mail(connection, owner_id, told, tale.kind)
    row = _row(owner_id, tale, now_s)
    notice_id = str(row["notice_id"])
    wrist = 0 if told.tells(tale.kind, WRIST) and wears(connection, owner_id) else None
    unread_s = None if shown else now_s
    _TELL.change(connection, **row, read_at_s=unread_s, shown=shown, mail=mail, wrist_number=wrist)
    wait_s = 0.0
    if told.quiet_from_min is not None:
        wait_s = quiet_until_s(told, daily.local_days(connection, owner_id), now_s) - now_s
    if mail == DUE:
        events.emit(connection, NOTICE_BY_MAIL, owner_id, notice_id, now_s, delay_s=wait_s)
    elif mail == DIGEST:
        events.emit(connection, NOTICES_TIMED, owner_id, "all", now_s)
    if told.tells(tale.kind, PUSH):
        push.send(connection, owner_id, notice_id, now_s, wait_s)
    if wrist is not None:
        events.emit(connection, NOTICE_BY_WRIST, owner_id, notice_id, now_s, delay_s=wait_s)
    return True


def wears(connection: Connection, owner_id: str) -> bool:
    """Say whether somebody wears a wearable, an own one or another's."""
    own = devices.list_for(connection, owner_id)
    if any(each.released_at_s is None and each.revoked_at_s is None for each in own):
        return True
    return any(each.accepted for each in households.worn(connection, owner_id))


def give_to_wrist(connection: Connection, owner_id: str, notice_id: str, now_s: float) -> bool:
    """Give a notice that waits for it a number on the wrist; False when it has one, or is no news any more."""
    alone(connection, owner_id, "notices")
    waiting = and_(_is(owner_id, notice_id), _N.wrist_number == 0)
    row = connection.execute(select(_N.title, _N.read_at_s, _N.shown).where(waiting)).one_or_none()
    if row is None:
        return False
    is_news = bool(row.title) and (row.read_at_s is None or not row.shown)
    latest = select(_N.wrist_number).where(_N.owner_id == owner_id, _N.wrist_number > 0)
    before = connection.execute(latest.order_by(_N.wrist_number.desc()).limit(1)).scalar_one_or_none() or 0
    number = max(before + 1, int(now_s)) if is_news else None
    connection.execute(update(NOTICES).where(waiting).values(wrist_number=number))
    return is_news


def on_wrist(connection: Connection, owner_id: str, most: int, now_s: float) -> list[WristNotice]:
    """Return the latest of what is told on somebody's wrist and was not read elsewhere, the latest first."""
    columns = (_N.wrist_number, _N.kind, _N.title, _N.text, _N.made_at_s)
    is_news = and_(_N.title != "", or_(_N.read_at_s.is_(None), _N.shown.is_(False)))
    fresh = and_(_N.owner_id == owner_id, _N.wrist_number > 0, _N.made_at_s > now_s - WORN_S)
    query = select(*columns).where(fresh, is_news).order_by(_N.wrist_number.desc()).limit(most)
    return [WristNotice(*row) for row in connection.execute(query)]


def tell_all(connection: Connection, owner_id: str, tales: Iterable[Tale], now_s: float) -> int:
    """Tell; return how many were news."""
    return sum(tell(connection, owner_id, tale, now_s) for tale in tales)


def is_told(connection: Connection, owner_id: str, tale: Tale) -> bool:
    """Say whether somebody was told this."""
    return _TOLD.row(connection, owner=owner_id, of_kind=tale.kind, about=tale.subject) is not None


def page(connection: Connection, owner_id: str, wanted: Page, *, unread: bool = False) -> list[Notice]:
    """Return a page of the notices, the latest first, and one more if there is another."""
    shown = and_(_N.owner_id == owner_id, _N.shown.is_(True))
    query: Any = select(*_READ).where(and_(shown, _N.read_at_s.is_(None)) if unread else shown)
    return [Notice(*row) for row in connection.execute(paged(query, (_N.made_at_s, _N.notice_id), wanted))]


def get(connection: Connection, owner_id: str, notice_id: str) -> Notice | None:
    """Return a notice that is shown."""
    row = connection.execute(select(*_READ).where(_is(owner_id, notice_id), _N.shown.is_(True))).one_or_none()
    return Notice(*row) if row is not None else None


def news(connection: Connection, owner_id: str, notice_id: str) -> Notice | None:
    """Return a notice that its owner has not seen in the inbox; None when it was read or deleted there."""
    query: Any = select(_N.shown, *_READ).where(_is(owner_id, notice_id))
    row: Any = connection.execute(query).one_or_none()
    return Notice(*row[1:]) if row is not None and row.title and (row.read_at_s is None or not row.shown) else None


def unread(connection: Connection, owner_id: str) -> int:
    """Return how many notices were not read."""
    return _UNREAD.value(connection, owner=owner_id) or 0


def note_read(connection: Connection, owner_id: str, notice_ids: Sequence[str] | None, now_s: float) -> int:
    """Note that these (None: all) were read; return how many were not before."""
    fresh = and_(_N.owner_id == owner_id, _N.read_at_s.is_(None))
    if notice_ids is not None:
        fresh = and_(fresh, _N.notice_id.in_(notice_ids))
    _take_from_wrist(connection, owner_id, fresh, now_s)
    return connection.execute(update(NOTICES).where(fresh).values(read_at_s=now_s)).rowcount


def note_dismissed(connection: Connection, owner_id: str, numbers: Sequence[int], now_s: float) -> int:
    """Note that what has these numbers on the wrist was read there; return how many were not before."""
    fresh = and_(_N.owner_id == owner_id, _N.wrist_number.in_(numbers), _N.read_at_s.is_(None))
    _take_from_wrist(connection, owner_id, fresh, now_s)
    return connection.execute(update(NOTICES).where(fresh).values(read_at_s=now_s)).rowcount


def remove(connection: Connection, owner_id: str, notice_id: str, now_s: float) -> bool:
    """Delete a notice but for what it was about; False when there is none."""
    gone = {"shown": False, "read_at_s": now_s, "title": "", "text": "", "link": ""}
    shown = and_(_is(owner_id, notice_id), _N.shown.is_(True))
    _take_from_wrist(connection, owner_id, shown, now_s)
    return connection.execute(update(NOTICES).where(shown).values(gone)).rowcount == 1


def mailed(connection: Connection, owner_id: str, state: str, until_s: float) -> list[Notice]:
    """Return the notices whose mail is in this state and that were made until a moment, in the order of making.

    What was read meanwhile, or deleted, is among them.
    """
    return [notice for notice, _ in _mailed(connection, owner_id, state) if notice.made_at_s <= until_s]


def note_mailed(connection: Connection, owner_id: str, state: str, notice_ids: Sequence[str]) -> list[Notice]:
    """Let the letter of these be written now, if it was not; return those of them that are news to their owner."""
    alone(connection, owner_id, "notices")
    found = [each for each in _mailed(connection, owner_id, state) if each[0].notice_id in notice_ids]
    waiting = and_(_N.owner_id == owner_id, _N.mail == state, _N.notice_id.in_(notice_ids))
    connection.execute(update(NOTICES).where(waiting).values(mail=""))
    # One that is not in the inbox counts as read; one that was deleted from it has no words.
    return [notice for notice, shown in found if notice.title and (notice.read_at_s is None or not shown)]


def rules(connection: Connection, owner_id: str) -> Rules:
    """Return what an owner wants to be told."""
    row = _RULES.row(connection, owner=owner_id)
    switches = {(each.kind, each.channel): each.switched_on for each in _SWITCHES.rows(connection, owner=owner_id)}
    return Rules(*row[1:], switches=switches) if row is not None else Rules(switches=switches)


def set_rules(connection: Connection, owner_id: str, wanted: Rules, now_s: float, condition: Condition = ANY) -> None:
    """Let this be what an owner wants to be told; PreconditionError as the condition demands."""
    alone(connection, owner_id, "notices")
    before = rules(connection, owner_id)
    condition.demand(rules_tag(before))
    for table in (NOTICE_RULES, NOTICE_SWITCHES):
        connection.execute(delete(table).where(table.c.owner_id == owner_id))
    fields = asdict(wanted)
    switches = [
        {"owner_id": owner_id, "kind": kind, "channel": channel, "switched_on": on}
        for (kind, channel), on in fields.pop("switches").items()
    ]
    connection.execute(insert(NOTICE_RULES).values(owner_id=owner_id, **fields))
    if switches:
        connection.execute(insert(NOTICE_SWITCHES), switches)
    if wanted.reminder_min is not None and wanted.reminder_min != before.reminder_min:
        _pass_over(connection, owner_id, wanted.reminder_min, now_s)
    for kind in (NOTICES_TIMED, NOTICES_WORN):
        events.emit(connection, kind, owner_id, "all", now_s)


def rules_tag(wanted: Rules) -> str:
    """Return the tag of what somebody wants to be told."""
    return tag_of([replace(wanted, switches={}), sorted((*place, on) for place, on in wanted.switches.items())])


def watched(connection: Connection, owner_id: str) -> Watched:
    """Return what the clock is held against."""
    status = {row.device_id: row.heard_at_s for row in _HEARD.rows(connection, owner=owner_id)}
    grown: dict[str, float] = {}
    for row in _GROWN.rows(connection, owner=owner_id):
        grown[row.device_id] = max(row.updated_at_s, grown.get(row.device_id, 0.0))
    wearables = tuple(
        Wearable(
            each.device_id,
            each.name or f"Wearable {each.device_id}",
            max(each.claimed_at_s, status.get(each.device_id, 0.0), grown.get(each.device_id, 0.0)),
        )
        for each in devices.list_for(connection, owner_id)
        if each.released_at_s is None and each.revoked_at_s is None
    )
    return Watched(daily.local_days(connection, owner_id), latest_start_s(connection, owner_id), wearables)


def look_later(connection: Connection, owner_id: str, now_s: float, due_s: float) -> None:
    """Have the clock looked at again when something may be due."""
    if users.get(connection, owner_id) is not None:
        events.emit(connection, NOTICES_TIMED, owner_id, "all", now_s, delay_s=max(due_s - now_s, 1.0))


def latest_start_s(connection: Connection, owner_id: str) -> float | None:
    """Return when the latest activity began, None without any."""
    return _LATEST.value(connection, owner=owner_id)


def everybody(connection: Connection) -> Iterable[tuple[str, str]]:
    """Yield every user, and what an event calls all that is theirs."""
    for user in users.everybody(connection):
        yield user.owner_id, "all"


def _take_from_wrist(connection: Connection, owner_id: str, which: ColumnElement[bool], now_s: float) -> None:
    """Have wearables that may still show one of these notices looked at: it was read, or deleted."""
    worn = and_(which, _N.wrist_number > 0, _N.made_at_s > now_s - WORN_S)
    if connection.execute(select(_N.notice_id).where(worn).limit(1)).one_or_none() is not None:
        events.emit(connection, NOTICES_WORN, owner_id, "all", now_s)


def _pass_over(connection: Connection, owner_id: str, reminder_min: int, now_s: float) -> None:
    """Have a day's reminder not told that was chosen behind its hour."""
    local = daily.local_days(connection, owner_id)
    tale = Tale(REMINDER, local.day_of(now_s).isoformat(), "", "")
    if moment_s(local, local.day_of(now_s), reminder_min) < now_s and not is_told(connection, owner_id, tale):
        row = _row(owner_id, tale, now_s) | {"read_at_s": now_s, "shown": False}
        connection.execute(insert(NOTICES).values(row))


def _row(owner_id: str, tale: Tale, now_s: float) -> dict[str, object]:
    # The same tale has the same id, whoever tells it again.
    named = hashlib.sha256("\0".join((owner_id, tale.kind, tale.subject)).encode()).digest()
    return {
        "owner_id": owner_id,
        "notice_id": new_id(now_s, lambda size: named[:size]),
        "kind": tale.kind,
        "subject": tale.subject,
        "title": tale.title[:200],
        "text": tale.text[:LONGEST_TEXT],
        "link": tale.link,
        "made_at_s": now_s,
    }


def _mail(connection: Connection, owner_id: str, told: Rules, kind: str) -> str:
    if not told.tells(kind, MAIL) or addresses.get(connection, owner_id).email is None:
        return ""
    return DUE if told.digest_min is None else DIGEST


def _mailed(connection: Connection, owner_id: str, state: str) -> list[tuple[Notice, bool]]:
    rows = _MAILED.rows(connection, owner=owner_id, state=state)
    found = [(Notice(*row[1:]), bool(row[0])) for row in rows]
    return sorted(found, key=lambda each: (each[0].made_at_s, each[0].notice_id))


def _is(owner_id: str, notice_id: str) -> ColumnElement[bool]:
    return and_(_N.owner_id == owner_id, _N.notice_id == notice_id)
