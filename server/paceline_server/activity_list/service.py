"""Rules of the lists: what is exact, and what a page of it costs."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from paceline_server.activities import store as activities
from paceline_server.activities.model import ActivitySummary
from paceline_server.activity_list import store
from paceline_server.activity_list.filters import EVERYTHING, Place, Wanted
from paceline_server.analysis.passing import passes
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.paging import Page
from paceline_server.tombstones import store as tombstones

LOOKED_AT = 200  # routes looked at in one go


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of an owner's activities, each with its encoded polyline, of how many; and what the list is chosen by."""

    activities: list[tuple[ActivitySummary, str]]
    total: int
    sports: list[str]
    any_deleted: bool


class ActivityListService:
    """An owner's activities as lists."""

    def __init__(self, database: Database, pool: Executor) -> None:
        self._database = database
        self._pool = pool

    async def listed(self, owner_id: str, wanted: Wanted, page: Page, now_s: float) -> Listed:
        """Return what a page of the list shows, read in one go; `wanted` names no place."""
        return await self._database.read(_listed, owner_id, wanted, page, now_s)

    async def page(self, owner_id: str, wanted: Wanted, page: Page) -> list[ActivitySummary]:
        """Return a page, and one more activity where there is another page."""
        if wanted.place is None:
            return await self._database.read(store.page_of, owner_id, wanted, page)
        found: list[ActivitySummary] = []
        looked = replace(page, limit=LOOKED_AT, offset=0)
        loop = asyncio.get_running_loop()
        while len(found) <= page.offset + page.limit:
            rows = await self._database.read(store.page_of, owner_id, wanted, looked)
            some, more = rows[:LOOKED_AT], len(rows) > LOOKED_AT
            ids = [one.activity_id for one in some]
            routes = await self._database.read(activities.routes, owner_id, ids)
            found += await loop.run_in_executor(self._pool, _passing, some, routes, wanted.place)
            if not more:
                break
            looked = replace(looked, after=store.key_of(some[-1], wanted))
        return found[page.offset : page.offset + page.limit + 1]

    async def count(self, owner_id: str, wanted: Wanted = EVERYTHING) -> int | None:
        """Return how many there are; None with a place, as all routes would have to be looked at."""
        return None if wanted.place is not None else await self._database.read(store.count_of, owner_id, wanted)


def _listed(connection: Connection, owner_id: str, wanted: Wanted, page: Page, now_s: float) -> Listed:
    return Listed(
        store.page_with_routes(connection, owner_id, wanted, page.limit, page.offset),
        store.count_of(connection, owner_id, wanted),
        store.sports_of(connection, owner_id),
        tombstones.any_deleted(connection, owner_id, now_s),
    )


def _passing(some: Sequence[ActivitySummary], routes: Mapping[str, str], place: Place) -> list[ActivitySummary]:
    box = (place.south_deg, place.west_deg, place.north_deg, place.east_deg)
    return [one for one in some if passes(routes.get(one.activity_id, ""), box, place.centre, place.radius_m)]
