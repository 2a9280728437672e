"""What a board's process is told when it is switched on (see board/power_on.py)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline_tools.virtual.provision import partitions
from paceline_tools.virtual.settings import BoardSettings, Identity, PowerCut, TrackInput

POWER_ON, HARD_RESET = 1, 2  # machine.PWRON_RESET, machine.HARD_RESET


@dataclass(frozen=True)
class Power:
    """One switching on: why, when in the world's time, how fast, and what is to happen."""

    cause: int
    utc_us: int
    speed: float
    track: TrackInput | None
    power_cut: PowerCut | None


def boot_settings(
    settings: BoardSettings, identity: Identity, state: Path, socket: Path, power: Power
) -> dict[str, Any]:
    """The boot file's contents."""
    boot: dict[str, Any] = {
        "socket": str(socket),
        "state": str(state),
        "speed": power.speed,
        "utc_us": power.utc_us,
        "reset_cause": power.cause,
        "mac": identity.mac.hex(),
        "partitions": partitions(settings.journal_bytes),
        "wiring": settings.wiring,
        "charge_percent": settings.charge_percent,
        "ticks_at_boot_us": settings.ticks_at_boot_ms * 1000,
        "receiver": settings.receiver,
        "display": settings.display,
        "barometer": settings.barometer,
    }
    if power.track is not None:
        boot["track"] = track_arguments(power.track)
    if power.power_cut is not None:
        boot["power_cut"] = power.power_cut.arguments()
    return boot


def track_arguments(track: TrackInput) -> dict[str, Any]:
    """A track as the board takes it."""
    return {"path": str(track.path.resolve()), "start_utc_us": track.start_utc_s * 1_000_000}
