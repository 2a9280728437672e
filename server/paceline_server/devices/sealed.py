"""Device keys at rest: sealed for their owner and device; those from before are sealed at the next start.

Of a wearable that came with an archive (archives/) the journal key alone is known, until its owner claims it again with
its key: journals can be checked with it and nothing else can be done. It is sealed with a mark before it.
"""

import hmac

from paceline_protocol.page import journal_key

from paceline_server.devices import store
from paceline_server.devices.model import Device
from paceline_server.errors import ConflictError
from paceline_server.platform.database import Database
from paceline_server.platform.sealing import Sealer

KEY_SIZE = 32
BATCH = 500
_JOURNAL_ONLY = b"journal "


class DeviceKeys:
    """Seals and opens device keys; blocks for microseconds."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def sealed(self, owner_id: str, device_id: str, device_key: bytes) -> bytes:
        """Return the key as the database keeps it."""
        return self._sealer.seal(device_key, _owner(owner_id, device_id))

    def of(self, device: Device) -> bytes:
        """Return a device's key; ConflictError when only its journal key is known.

        DatabaseError when the server's own key is not the one it was sealed under.
        """
        secret = self._opened(device)
        if _is_part(secret):
            raise ConflictError("device_key", "This wearable came with an archive: claim it again with its key first.")
        return secret

    def journal_key_of(self, device: Device) -> bytes:
        """Return the key that a device's journals are sealed with (docs/JOURNAL.md)."""
        secret = self._opened(device)
        return secret.removeprefix(_JOURNAL_ONLY) if _is_part(secret) else journal_key(secret)

    def sealed_journal_key(self, owner_id: str, device_id: str, key: bytes) -> bytes:
        """Return a journal key as the database keeps it in place of a device's key."""
        return self._sealer.seal(_JOURNAL_ONLY + key, _owner(owner_id, device_id))

    def is_whole(self, device: Device) -> bool:
        """Tell whether the device's own key is known."""
        return not _is_part(self._opened(device))

    def fits(self, device: Device, device_key: bytes) -> bool:
        """Tell whether this is the device's key, by what is known of it."""
        known = self.of(device) if self.is_whole(device) else self.journal_key_of(device)
        return hmac.compare_digest(known, device_key if self.is_whole(device) else journal_key(device_key))

    def _opened(self, device: Device) -> bytes:
        return self._sealer.open(device.sealed_key, _owner(device.owner_id, device.device_id))

    def prepare(self, database: Database) -> None:
        """Seal what an older program left in plain form, and see that what is sealed can be opened; blocks."""
        while database.write_now(store.seal_waiting, self.sealed, BATCH):
            pass
        device = database.read_now(store.any_device)
        if device is not None:
            self.is_whole(device)


def _owner(owner_id: str, device_id: str) -> str:
    return f"device {device_id} of {owner_id}"


def _is_part(secret: bytes) -> bool:
    return len(secret) > KEY_SIZE
