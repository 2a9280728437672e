"""Small values that outlive a reset, in the board's NVS: identity, sport, boot count, totals, confirmed position."""

import struct

from .errors import NotProvisioned

_RUNNING = 1  # in SPORTS: what a wearable is for until it is told otherwise
_CONFIRMED_EVERY_S = 600  # the NVS wears too; a confirmed position that is old only protects more pages than needed


class KeptState:
    """Named blobs of known sizes."""

    def __init__(self, nvs) -> None:
        self._nvs = nvs
        self._epoch = self._position = -1  # as kept
        self._confirmed_t_s = 0

    def load(self, name: str, size: int) -> "bytes | None":
        """Return the blob, or None when there is none of this size."""
        buffer = bytearray(size + 1)
        try:
            found = self._nvs.get_blob(name, buffer)
        except OSError:
            return None
        return bytes(buffer[:size]) if found == size else None

    def save(self, name: str, data: bytes) -> None:
        """Keep the blob."""
        self._nvs.set_blob(name, data)
        self._nvs.commit()

    def provisioned(self, name: str, size: int) -> bytes:
        """Return what provisioning left under the name, or raise NotProvisioned."""
        data = self.load(name, size)
        if data is None:
            raise NotProvisioned(name)
        return data

    def sport(self) -> int:
        """Return the sport that the START button begins."""
        data = self.load("sport", 1)
        return data[0] if data else _RUNNING

    def keep_sport(self, sport: int) -> None:
        """Keep the sport that the START button begins."""
        if sport != self.sport():
            self.save("sport", bytes((sport,)))

    def count_boot(self) -> int:
        """Return the number of this boot, from 1; it wraps at 65535."""
        data = self.load("boots", 2)
        boots = (struct.unpack("<H", data)[0] + 1) & 0xFFFF if data else 1
        self.save("boots", struct.pack("<H", boots))
        return boots

    def confirmed(self, epoch: int) -> int:
        """Return the position that was confirmed in this epoch, as far as it was kept."""
        data = self.load("confirmed", 8)
        if data:
            self._epoch, self._position = struct.unpack("<II", data)
            if self._epoch == epoch:
                return self._position
        return 0

    def keep_confirmed(self, epoch: int, position: int, t_s: int) -> None:
        """Keep a confirmed position, not more often than every ten minutes."""
        same = position == self._position and epoch == self._epoch
        if same or (self._confirmed_t_s and t_s - self._confirmed_t_s < _CONFIRMED_EVERY_S):
            return
        self.save("confirmed", struct.pack("<II", epoch, position))
        self._epoch, self._position = epoch, position
        self._confirmed_t_s = t_s
