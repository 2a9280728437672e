"""SQL of the profiles. Every statement names the owner."""

from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from paceline_server.addresses import store as addresses
from paceline_server.events import store as events
from paceline_server.events.declared import PROFILE_CHANGED
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.paging import Page, paged
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone
from paceline_server.profile.model import BODY_VALUES, PROFILES, BodyValue, Profile
from paceline_server.words.reader import USUAL, Reader, chosen, read_by, usual_weekday

_B = BODY_VALUES.c
_TIME_ZONE = Prepared(  # each home page asks it
    select(PROFILES.c.time_zone).where(PROFILES.c.owner_id == bindparam("owner"))
)
_P = PROFILES.c
_READS = Prepared(
    select(_P.language, _P.units, _P.first_weekday, _P.browser_language).where(_P.owner_id == bindparam("owner"))
)
_TOLD = (_P.birth_date, _P.sex, _P.units, _P.time_zone, _P.language, _P.first_weekday)


def get(connection: Connection, owner_id: str) -> Profile:
    """Return a user's profile; the usual one when nothing was told."""
    row = connection.execute(select(*_TOLD).where(PROFILES.c.owner_id == owner_id)).one_or_none()
    email = addresses.get(connection, owner_id).email
    return Profile(*row, email=email) if row is not None else Profile(email=email)


def time_zone(connection: Connection, owner_id: str) -> str | None:
    """Return the zone of a user's home, None when it was not told."""
    return _TIME_ZONE.value(connection, owner=owner_id)


def reader_of(connection: Connection, owner_id: str, accepted: str = "") -> Reader:
    """Return how a user reads; `accepted` is the Accept-Language of a browser, for who told no language.

    A letter or a notice, for which no browser asks, is in the language that the user's browser asked for last.
    """
    return reading_of(connection, owner_id, accepted)[0]


def reading_of(connection: Connection, owner_id: str, accepted: str) -> tuple[Reader, bool]:
    """Do as reader_of; and say whether the browser asks for another language than is remembered of it."""
    row = _READS.row(connection, owner=owner_id)
    language, units, weekday, remembered = row if row is not None else ("", "metric", None, None)
    spoken = chosen(language, accepted) if accepted else chosen(language or remembered or "", "")
    # The one place that knows on which day somebody's weeks begin.
    reads = Reader(spoken, units, weekday if weekday is not None else usual_weekday(spoken))
    return reads, not language and bool(accepted) and spoken != (remembered or USUAL.language)


def remember_browser(connection: Connection, owner_id: str, language: str) -> None:
    """Remember what language a user's browser asks for."""
    alone(connection, owner_id, "profile")
    kept = update(PROFILES).where(PROFILES.c.owner_id == owner_id).values(browser_language=language)
    if connection.execute(kept).rowcount == 0:
        connection.execute(insert(PROFILES).values(owner_id=owner_id, **_usual(), browser_language=language))


def written_for(connection: Connection, owner_id: str) -> AbstractContextManager[None]:
    """Let what is written within, a letter or a notice, be in its receiver's words and units."""
    return read_by(reader_of(connection, owner_id))


def change(
    connection: Connection,
    owner_id: str,
    changes: dict[str, str | int | None],
    now_s: float,
    condition: Condition = ANY,
) -> Profile:
    """Change these fields and return the profile; PreconditionError when it is not what the condition demands."""
    alone(connection, owner_id, "profile")
    condition.demand(tag_of(get(connection, owner_id)))
    if changes:
        changed = update(PROFILES).where(PROFILES.c.owner_id == owner_id).values(**changes)
        if connection.execute(changed).rowcount == 0:
            connection.execute(insert(PROFILES).values(owner_id=owner_id, **_usual() | changes))
        tell(connection, owner_id, now_s)
    return get(connection, owner_id)


def body(connection: Connection, owner_id: str) -> list[BodyValue]:
    """Return all values, metric by metric, the latest first."""
    rows = connection.execute(_body(owner_id).order_by(_B.metric.desc(), _B.from_day.desc()))
    return [BodyValue(*row) for row in rows]


def body_page(connection: Connection, owner_id: str, page: Page) -> list[BodyValue]:
    """Return a page of the values in the same order, and one more if there is another page."""
    rows = connection.execute(paged(_body(owner_id), (_B.metric, _B.from_day), page))
    return [BodyValue(*row) for row in rows]


def body_value(connection: Connection, owner_id: str, metric: str, from_day: str) -> BodyValue | None:
    """Return the value that holds from just this day on, None when there is none."""
    is_it = and_(_B.owner_id == owner_id, _B.metric == metric, _B.from_day == from_day)
    row = connection.execute(select(_B.metric, _B.from_day, _B.value).where(is_it)).one_or_none()
    return BodyValue(*row) if row is not None else None


def demand_body(connection: Connection, owner_id: str, metric: str, from_day: str, condition: Condition) -> None:
    """Begin to edit a value: PreconditionError unless it is what the condition demands, until the transaction ends."""
    alone(connection, owner_id, "body")
    value = body_value(connection, owner_id, metric, from_day)
    condition.demand(tag_of(value) if value is not None else None)


def set_body(connection: Connection, owner_id: str, value: BodyValue) -> None:
    """Keep a value, over one of the same day."""
    remove_body(connection, owner_id, value.metric, value.from_day)
    connection.execute(insert(BODY_VALUES).values(owner_id=owner_id, **asdict(value)))


def remove_body(connection: Connection, owner_id: str, metric: str, from_day: str) -> bool:
    """Forget a value; False when there is none of that day."""
    is_it = and_(_B.owner_id == owner_id, _B.metric == metric, _B.from_day == from_day)
    return connection.execute(delete(BODY_VALUES).where(is_it)).rowcount == 1


def tell(connection: Connection, owner_id: str, now_s: float) -> None:
    """Tell that a user's profile or body values changed."""
    events.emit(connection, PROFILE_CHANGED, owner_id, "all", now_s)


def say_body(connection: Connection, owner_id: str, value: BodyValue, now_s: float) -> None:
    """Do as set_body, and tell."""
    set_body(connection, owner_id, value)
    tell(connection, owner_id, now_s)


def unsay_body(connection: Connection, owner_id: str, metric: str, from_day: str, now_s: float) -> bool:
    """Do as remove_body, and tell."""
    removed = remove_body(connection, owner_id, metric, from_day)
    if removed:
        tell(connection, owner_id, now_s)
    return removed


def _usual() -> dict[str, Any]:
    usual = asdict(Profile())
    del usual["email"]  # which is kept where it is confirmed
    return usual


def _body(owner_id: str) -> Any:
    return select(_B.metric, _B.from_day, _B.value).where(_B.owner_id == owner_id)
