"""SQL of the lists. Every statement names the owner; the order decides which index serves."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from paceline_server.activities.model import ACTIVITIES, ActivitySummary
from paceline_server.activities.store import SUMMARY, summary_of
from paceline_server.activity_list.filters import EVERYTHING, Place, Wanted
from paceline_server.platform.paging import Page, Value, paged

_A = ACTIVITIES.c
_SORTED: dict[str, ColumnElement[Any]] = {"start": _A.start_utc_s, "distance": _A.distance_m, "duration": _A.duration_s}
_NAMES = {"start": "start_utc_s", "distance": "distance_m", "duration": "duration_s"}
_NEXT_SPORT = select(func.min(_A.sport)).where(_A.owner_id == bindparam("owner"), _A.sport > bindparam("sport"))
KEPT_QUERIES = 32  # to build one takes longer than to ask it


def page_of(connection: Connection, owner_id: str, wanted: Wanted, page: Page) -> list[ActivitySummary]:
    """Return a page of an owner's activities, and one more where there is another page."""
    query = _first_page(wanted, page.limit, page.offset) if page.after is None else _page(SUMMARY, wanted, page)
    return [summary_of(row) for row in connection.execute(query, {"owner": owner_id})]


def page_with_routes(
    connection: Connection, owner_id: str, wanted: Wanted, limit: int, offset: int
) -> list[tuple[ActivitySummary, str]]:
    """Return a page of an owner's activities, each with its encoded polyline."""
    rows = connection.execute(_routes_page(wanted, limit, offset), {"owner": owner_id})
    return [(summary_of(row[:-1]), row[-1]) for row in rows]


def count_of(connection: Connection, owner_id: str, wanted: Wanted) -> int:
    """Return how many there are, whatever the exact place."""
    return connection.execute(_count(wanted), {"owner": owner_id}).scalar_one()


def sports_of(connection: Connection, owner_id: str) -> list[str]:
    """Return the sports that an owner has done, in alphabetical order, each found by one look into the index."""
    found: list[str] = []
    least: str | None = ""
    while (least := connection.execute(_NEXT_SPORT, {"owner": owner_id, "sport": least}).scalar_one()) is not None:
        found.append(least)
    return found


def key_of(activity: ActivitySummary, wanted: Wanted) -> tuple[Value, ...]:
    """Return what a cursor behind this activity holds."""
    return getattr(activity, _NAMES[wanted.sort]), activity.activity_id


def _page(columns: tuple[ColumnElement[Any], ...], wanted: Wanted, page: Page) -> Select[Any]:
    order = (_SORTED[wanted.sort], _A.activity_id)
    return paged(select(*columns).where(_where(wanted)), order, page, descending=wanted.descending)


@lru_cache(KEPT_QUERIES)
def _first_page(wanted: Wanted, limit: int, offset: int) -> Select[Any]:
    return _page(SUMMARY, wanted, Page(limit, offset))


@lru_cache(KEPT_QUERIES)
def _routes_page(wanted: Wanted, limit: int, offset: int) -> Select[Any]:
    return _page((*SUMMARY, _A.route_polyline), wanted, Page(limit - 1, offset))


@lru_cache(KEPT_QUERIES)
def _count(wanted: Wanted) -> Select[Any]:
    return select(func.count()).select_from(ACTIVITIES).where(_where(wanted, counted=True))


def _where(wanted: Wanted, *, counted: bool = False) -> ColumnElement[bool]:
    conditions = [_A.owner_id == bindparam("owner")]
    if not wanted.every_recording:
        # The index of it serves the count of all; it must not draw a list away from the order's.
        stands = _A.behind if counted and wanted == EVERYTHING else func.nullif(_A.behind, _A.owner_id)
        conditions.append(stands.is_(None))
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
