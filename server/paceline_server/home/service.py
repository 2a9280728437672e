"""What the home page shows. It is asked for more often than any other: all of it is read in one go."""

from collections.abc import Callable
from dataclasses import dataclass

from paceline_server.activities.model import ActivitySummary
from paceline_server.activity_list import store as lists
from paceline_server.activity_list.filters import Wanted
from paceline_server.daily.model import Day
from paceline_server.daily.service import day_now
from paceline_server.devices import store as devices
from paceline_server.goals import store as goals
from paceline_server.notifications import store as notices
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.paging import Page
from paceline_server.tombstones import store as tombstones
from paceline_server.users import store as users


@dataclass(frozen=True, slots=True)
class Home:
    """A page of an owner's activities, each with its encoded polyline, of how many; and what there is beside them."""

    username: str
    activities: list[tuple[ActivitySummary, str]]
    total: int
    today: Day | None
    device_ids: list[str]
    sports: list[str]
    any_goals: bool
    any_deleted: bool
    unread: int


class HomeService:
    """Reads it."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def of(self, owner_id: str, wanted: Wanted, page: Page) -> Home:
        """Return an owner's; `wanted` names no place."""
        return await self._database.read(_home, owner_id, wanted, page, self._clock())


def _home(connection: Connection, owner_id: str, wanted: Wanted, page: Page, now_s: float) -> Home:
    user = users.get(connection, owner_id)
    return Home(
        user.username if user is not None else "",
        lists.page_with_routes(connection, owner_id, wanted, page.limit, page.offset),
        lists.count_of(connection, owner_id, wanted),
        day_now(connection, owner_id, now_s),
        [device.device_id for device in devices.list_for(connection, owner_id) if device.released_at_s is None],
        lists.sports_of(connection, owner_id),
        bool(goals.every(connection, owner_id)),
        tombstones.any_deleted(connection, owner_id, now_s),
        notices.unread(connection, owner_id),
    )
