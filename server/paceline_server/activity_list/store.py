"""SQL of the lists. Every statement names the owner; the order decides which index serves."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from paceline_server.activities.model import ACTIVITIES, ActivitySummary
from paceline_server.activities.store import SUMMARY, summary_of
from paceline_server.activity_list.filters import Place, Wanted
from paceline_server.platform.paging import Page, Value, paged

_A = ACTIVITIES.c
_SORTED: dict[str, ColumnElement[Any]] = {"start": _A.start_utc_s, "distance": _A.distance_m, "duration": _A.duration_s}
_NAMES = {"start": "start_utc_s", "distance": "distance_m", "duration": "duration_s"}


def page_of(connection: Connection, owner_id: str, wanted: Wanted, page: Page) -> list[ActivitySummary]:
    """Return a page of an owner's activities, and one more where there is another page."""
    query = select(*SUMMARY).where(_where(owner_id, wanted))
    order = (_SORTED[wanted.sort], _A.activity_id)
    found = connection.execute(paged(query, order, page, descending=wanted.descending))
    return [summary_of(row) for row in found]


def count_of(connection: Connection, owner_id: str, wanted: Wanted) -> int:
    """Return how many there are, whatever the exact place."""
    query = select(func.count()).select_from(ACTIVITIES).where(_where(owner_id, wanted))
    return connection.execute(query).scalar_one()


def sports_of(connection: Connection, owner_id: str) -> list[str]:
    """Return the sports that an owner has done, in alphabetical order, each found by one look into the index."""
    found: list[str] = []
    least: str | None = None
    while True:
        query = select(func.min(_A.sport)).where(_A.owner_id == owner_id)
        least = connection.execute(query if least is None else query.where(_A.sport > least)).scalar_one()
        if least is None:
            return found
        found.append(least)


def key_of(activity: ActivitySummary, wanted: Wanted) -> tuple[Value, ...]:
    """Return what a cursor behind this activity holds."""
    return getattr(activity, _NAMES[wanted.sort]), activity.activity_id


def _where(owner_id: str, wanted: Wanted) -> ColumnElement[bool]:
    conditions = [_A.owner_id == owner_id]
    for sort, low, high in (
        ("distance", wanted.min_distance_m, wanted.max_distance_m),
        ("duration", wanted.min_duration_s, wanted.max_duration_s),
    ):
        column = _looked_at(sort, wanted)
        conditions += [column >= low] if low is not None else []
        conditions += [column <= high] if high is not None else []
    start = _looked_at("start", wanted)
    conditions += [start >= wanted.from_s] if wanted.from_s is not None else []
    conditions += [start < wanted.to_s] if wanted.to_s is not None else []
    if wanted.sport is not None:
        conditions.append((_A.sport if wanted.sort == "start" else _A.sport.concat("")) == wanted.sport)
    if wanted.visibility is not None:
        conditions.append(_A.visibility == wanted.visibility)
    if wanted.words:
        pattern = f"%{_escaped(wanted.words.lower())}%"
        texts = (_A.title, _A.edits["notes"].as_string())
        conditions.append(or_(*(func.lower(text).like(pattern, escape="\\") for text in texts)))
    if wanted.place is not None:
        conditions.append(_touches(wanted.place))
    return and_(*conditions)


def _looked_at(name: str, wanted: Wanted) -> ColumnElement[Any]:
    # A condition on another column than the order's must not draw its index: the rows would have to be sorted.
    return _SORTED[name] if name == wanted.sort else _SORTED[name] + 0


def _touches(place: Place) -> ColumnElement[bool]:
    return and_(
        _A.south_deg <= place.north_deg,
        _A.north_deg >= place.south_deg,
        _A.west_deg <= place.east_deg,
        _A.east_deg >= place.west_deg,
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
