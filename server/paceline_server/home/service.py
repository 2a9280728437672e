"""What the home page shows. It is asked for more often than any other: all of it is read in one go."""

from collections.abc import Callable
from dataclasses import dataclass

from paceline_server.activities.model import ActivitySummary
from paceline_server.activity_list import store as lists
from paceline_server.activity_list.filters import EVERYTHING
from paceline_server.daily.model import Day
from paceline_server.daily.service import day_now
from paceline_server.desired import store as desired
from paceline_server.desired.model import DeviceStatus
from paceline_server.devices import store as devices
from paceline_server.devices.model import Device
from paceline_server.goals import store as goals
from paceline_server.notifications import store as notices
from paceline_server.platform.database import Connection, Database
from paceline_server.users import store as users

LATEST = 6
WEARABLES = 4


@dataclass(frozen=True, slots=True)
class Home:
    """An owner's latest activities, each with its encoded polyline, and what there is beside them.

    `wearables` are those not given back, with what each said last (None: nothing yet), `more_wearables` whether there
    are others.
    """

    username: str
    latest: list[tuple[ActivitySummary, str]]
    today: Day | None
    wearables: list[tuple[Device, DeviceStatus | None]]
    more_wearables: bool
    any_goals: bool
    unread: int


class HomeService:
    """Reads it."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def of(self, owner_id: str) -> Home:
        """Return an owner's."""
        return await self._database.read(_home, owner_id, self._clock())


def _home(connection: Connection, owner_id: str, now_s: float) -> Home:
    user = users.get(connection, owner_id)
    held = [device for device in devices.list_for(connection, owner_id) if device.released_at_s is None]
    return Home(
        user.username if user is not None else "",
        lists.page_with_routes(connection, owner_id, EVERYTHING, LATEST, 0),
        day_now(connection, owner_id, now_s),
        [(device, desired.status(connection, owner_id, device.device_id)) for device in held[:WEARABLES]],
        len(held) > WEARABLES,
        bool(goals.every(connection, owner_id)),
        notices.unread(connection, owner_id),
    )
