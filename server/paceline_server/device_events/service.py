"""Rules of the wearables' events: only the owner sees them."""

from paceline_server.device_events import store
from paceline_server.device_events.model import DeviceEvent
from paceline_server.devices.service import DeviceService
from paceline_server.platform.database import Database
from paceline_server.platform.paging import Page


class DeviceEventService:
    """Reads what the journals' processing wrote."""

    def __init__(self, database: Database, devices: DeviceService) -> None:
        self._database = database
        self._devices = devices

    async def latest(self, owner_id: str, device_id: str, page: Page) -> tuple[list[DeviceEvent], int]:
        """Return a page of events as its store does, and how many there are in all.

        NotFoundError for another's device.
        """
        await self._devices.owned(owner_id, device_id)
        events = await self._database.read(store.latest, owner_id, device_id, page)
        return events, await self._database.read(store.count, owner_id, device_id)
