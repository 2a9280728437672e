"""Device keys at rest: sealed for their owner and device; those from before are sealed at the next start."""

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.platform.database import Database
from paceline_server.platform.sealing import Sealer

BATCH = 500


class DeviceKeys:
    """Seals and opens device keys; blocks for microseconds."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def sealed(self, owner_id: str, device_id: str, device_key: bytes) -> bytes:
        """Return the key as the database keeps it."""
        return self._sealer.seal(device_key, _owner(owner_id, device_id))

    def of(self, device: Device) -> bytes:
        """Return a device's key; DatabaseError when the server's own key is not the one it was sealed under."""
        return self._sealer.open(device.sealed_key, _owner(device.owner_id, device.device_id))

    def prepare(self, database: Database) -> None:
        """Seal what an older program left in plain form, and see that what is sealed can be opened; blocks."""
        while database.write_now(store.seal_waiting, self.sealed, BATCH):
            pass
        device = database.read_now(store.any_device)
        if device is not None:
            self.of(device)


def _owner(owner_id: str, device_id: str) -> str:
    return f"device {device_id} of {owner_id}"
