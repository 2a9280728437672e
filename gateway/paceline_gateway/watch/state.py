"""What a gateway knows of itself and its wearables at one moment, and that as a table for a file. No names, no keys."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from paceline_protocol.gatt import DEVICE_ID_SIZE

EARLIEST_UTC_S = 1_735_689_600
"""2025: a clock before this was never set, as on a Raspberry Pi without network."""
STALE_S = 75.0
"""A state that was not written again for so long is one of a gateway that died."""


@dataclass
class WearableState:
    """One wearable. Positions are those of its journal `epoch`: it holds [start, end), safe here is up to `durable`."""

    known_utc_s: int = 0  # since when this gateway is to sync it, 0 while the clock is not set
    synced_utc_s: int = 0  # when all that it held was safe here, 0 never
    connected: bool = False
    rssi_dbm: int = 0  # when it was connected last, 0 not known
    epoch: int = 0
    start: int = 0
    durable: int = 0
    end: int = 0
    battery_percent: int = -1  # -1 not known
    recording: int = 0  # as in STATUS
    link_problem: str = ""  # why its last connection ended, if by a fault
    upload_problem: str = ""  # why journals wait here
    upload_stopped: bool = False  # a person must look
    upload_waits_utc_s: int = 0  # since when journals wait here, 0 when none do

    @property
    def caught_up(self) -> bool:
        """Whether all that it was known to hold is safe here."""
        return self.epoch != 0 and self.durable >= self.end

    def unsynced_s(self, now_utc_s: int) -> int | None:
        """Return for how long it was not synced, None when that cannot be told."""
        since_utc_s = self.synced_utc_s or self.known_utc_s
        if not since_utc_s or now_utc_s < EARLIEST_UTC_S:
            return None
        return max(now_utc_s - since_utc_s, 0)

    def overdue(self, now_utc_s: int, alert_after_h: float) -> bool:
        """Whether it was not synced for longer than its owner wants to be left alone; 0 hours: never."""
        unsynced_s = self.unsynced_s(now_utc_s)
        return alert_after_h > 0 and unsynced_s is not None and unsynced_s > alert_after_h * 3600

    def upload_overdue(self, now_utc_s: int, alert_after_h: float) -> bool:
        """Whether its journals have waited here for the server for longer than that; 0 hours: never."""
        waits = bool(self.upload_waits_utc_s) and now_utc_s >= EARLIEST_UTC_S
        return alert_after_h > 0 and waits and now_utc_s - self.upload_waits_utc_s > alert_after_h * 3600


@dataclass(frozen=True)
class GatewayState:
    """The whole gateway when this was written; `boot` and `monotonic_s` tell its age even when the clock is set."""

    running: bool = False
    written_utc_s: int = 0
    boot: str = ""
    monotonic_s: float = 0.0
    radio_problem: str = ""
    wearables: Mapping[bytes, WearableState] = field(default_factory=dict)
    disk_problem: str = ""  # why the state itself could not be written last

    def alive(self, boot: str, monotonic_s: float) -> bool:
        """Whether the gateway that wrote it still runs, as far as its age tells."""
        return self.running and boot == self.boot and 0 <= monotonic_s - self.monotonic_s <= STALE_S


def table_of(state: GatewayState) -> dict[str, Any]:
    """Return the state as what JSON can hold."""
    wearables = {device_id.hex(): asdict(wearable) for device_id, wearable in state.wearables.items()}
    return {**{item.name: getattr(state, item.name) for item in fields(state)}, "wearables": wearables}


def state_of(table: Any) -> GatewayState:
    """Return the state of a table; ValueError when it is none. What is missing is blank, what is not known left out."""
    if not isinstance(table, dict) or not isinstance(rows := table.get("wearables", {}), dict):
        raise ValueError("no table")
    wearables: dict[bytes, WearableState] = {}
    for name, row in rows.items():
        device_id = bytes.fromhex(name)
        if len(device_id) != DEVICE_ID_SIZE or not isinstance(row, dict):
            raise ValueError(f"no wearable: {name[:32]}")
        wearables[device_id] = WearableState(**_known(WearableState(), row))
    return GatewayState(**{**_known(GatewayState(), table), "wearables": wearables})


def _known(blank: WearableState | GatewayState, table: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in fields(blank):
        if item.name in table and item.name != "wearables":
            if type(table[item.name]) is not type(getattr(blank, item.name)):
                raise ValueError(f"{item.name} is of another kind")
            found[item.name] = table[item.name]
    return found
