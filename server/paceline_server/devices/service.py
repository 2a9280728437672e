"""Rules of the devices."""

import re
from collections.abc import Callable

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.errors import InvalidError, NotFoundError
from paceline_server.platform.database import Database

KEY_SIZE = 32
_DEVICE_ID = re.compile(r"[0-9a-f]{16}")


class DeviceService:
    """Claims wearables and finds an owner's."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def owned(self, owner_id: str, device_id: str) -> Device:
        """Return an owner's device; NotFoundError when it is unknown or another's."""
        device = None
        if _DEVICE_ID.fullmatch(device_id):
            device = await self._database.read(store.get, owner_id, device_id)
        if device is None:
            raise NotFoundError("not_found", "There is no such device, or it is not yours.")
        return device

    async def list_for(self, owner_id: str) -> list[Device]:
        """Return an owner's devices."""
        return await self._database.read(store.list_for, owner_id)

    def claim(self, owner_id: str, device_id: str, device_key: bytes) -> Device:
        """Make the device the owner's; blocks. ConflictError when it is claimed, also by the owner."""
        device_id = device_id.lower()
        if not _DEVICE_ID.fullmatch(device_id):
            raise InvalidError("device_id", "A device id has 16 hex digits.", field="device_id")
        if len(device_key) != KEY_SIZE:
            raise InvalidError("device_key", f"A device key has {KEY_SIZE} bytes, not {len(device_key)}.", field="key")
        device = Device(owner_id, device_id, device_key, self._clock())
        self._database.write_now(store.claim, device)
        return device
