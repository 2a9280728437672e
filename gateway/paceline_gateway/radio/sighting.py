"""A wearable that was heard: where, by which adapter, how strong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bleak.backends.device import BLEDevice


class FromAir(str):
    """A name that came from the air: anybody's, so that it does not stand in logs that name nobody."""


@dataclass(frozen=True)
class Sighting:
    """A wearable that advertises; `device` is bleak's, for connection.connect.

    `adapter` is "" when the system chose one. `others` are the same wearable as weaker adapters heard it.
    """

    device: BLEDevice
    address: str
    name: FromAir
    rssi_dbm: int
    adapter: str = ""
    others: "tuple[Sighting, ...]" = ()

    def with_others(self, others: "Sequence[Sighting]") -> "Sighting":
        """Return it with the ways that are left when a connection over its adapter fails."""
        return replace(self, others=tuple(others))

    @property
    def signal(self) -> str:
        """Return strength and adapter for people."""
        return f"{self.rssi_dbm} dBm{f', {self.adapter}' if self.adapter else ''}"
