"""What a virtual wearable is made of: its identity, its world and the faults it is to meet."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JOURNAL_BYTES = 8 * 1024 * 1024
BLOCK = 4096

# The circuit of boards/esp32s3 by pin number; the board file must agree, or its buses find nothing.
WIRING: dict[str, Any] = {"i2c": [6, 5], "uart": [43, 44], "pulse_interrupt": 8, "motion_interrupt": 4}
BUTTONS = {"start": 1, "lap": 2}


@dataclass(frozen=True)
class Identity:
    """What is provisioned once when a board is flashed."""

    device_id: bytes
    device_key: bytes

    def __post_init__(self) -> None:
        if len(self.device_id) != 8 or len(self.device_key) != 32:
            raise ValueError("an identity is a device_id of 8 bytes and a device_key of 32")

    @property
    def mac(self) -> bytes:
        """A MAC address of this device's own, six bytes."""
        return b"\x02" + self.device_id[-5:]

    @property
    def radio_address(self) -> str:
        """Its random static Bluetooth address (upper two bits set: Core vol 6, B 1.3.2.1)."""
        octets = bytes([0xC0 | self.device_id[2]]) + self.device_id[-5:]
        return ":".join(f"{octet:02X}" for octet in octets)


@dataclass(frozen=True)
class TrackInput:
    """A TRACK file (see paceline_tools.track) and the UTC of its second 0."""

    path: Path
    start_utc_s: int


@dataclass(frozen=True)
class PowerCut:
    """The power fails during a flash operation: number `at` of the device's life, or the one `after` so many more."""

    after: int | None = None
    at: int | None = None
    seed: int = 0

    def arguments(self) -> dict[str, int]:
        """As the board takes it."""
        if (self.after is None) == (self.at is None):
            raise ValueError("a power cut is ordered at an operation or after some, one of the two")
        which = {"at": self.at} if self.at is not None else {"after": self.after}
        return {**which, "seed": self.seed}  # pyright: ignore[reportReturnType]


@dataclass(frozen=True)
class BoardSettings:
    """How a board runs. `utc_s` is the world's time when it is first switched on; `speed` an upper bound ≥ 1.

    While the power is off `outage_s` of the world's time pass at least. `receiver` overrides the GPS receiver's
    configuration keys at power-on. Without `display` nothing answers at its address; a barometer is optional too.
    """

    utc_s: int
    speed: float = 1.0
    track: TrackInput | None = None
    power_cut: PowerCut | None = None
    outage_s: float = 2.0
    journal_bytes: int = JOURNAL_BYTES
    heap: str = "2M"
    charge_percent: float = 90.0
    ticks_at_boot_ms: int = 0
    wiring: dict[str, Any] = field(default_factory=lambda: dict(WIRING))
    receiver: dict[str, int] = field(default_factory=dict)
    display: bool = True
    barometer: bool = False
