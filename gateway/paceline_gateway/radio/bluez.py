"""What BlueZ tells of itself and its adapters over D-Bus. It is only asked: nothing is changed, no device touched."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ADAPTER = "org.bluez.Adapter1"


@dataclass(frozen=True)
class Adapter:
    """One adapter. `blocked`: by rfkill; `central`: may connect; `version`: BlueZ's as (5, 82), or None."""

    name: str
    address: str
    powered: bool
    blocked: bool
    central: bool
    version: tuple[int, int] | None


@dataclass(frozen=True)
class BlueZ:
    """`problem` is "" when it answered, else termux, not_linux, no_bus, denied or absent; `detail` is what was told."""

    problem: str = ""
    detail: str = ""
    adapters: tuple[Adapter, ...] = ()


async def ask_bluez(environment: Mapping[str, str] = os.environ) -> BlueZ:
    """Ask the system's BlueZ; never raises."""
    if sys.platform == "android" or "TERMUX_VERSION" in environment:
        return BlueZ("termux", "Android")
    if sys.platform != "linux":
        return BlueZ("not_linux", sys.platform)
    from paceline_gateway.radio.system_bus import bluez_objects  # noqa: PLC0415 (only Linux has the library)

    objects, problem, detail = await bluez_objects()
    return BlueZ(problem, detail, adapters_of(objects))


def adapters_of(objects: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[Adapter, ...]:
    """Return the adapters among BlueZ's objects (path → interface → property → Variant), by name."""
    found: list[Adapter] = []
    for path, interfaces in objects.items():
        if _ADAPTER not in interfaces:
            continue
        value = {name: variant.value for name, variant in interfaces[_ADAPTER].items()}
        found.append(
            Adapter(
                path.rpartition("/")[2],
                value.get("Address", ""),
                powered=bool(value.get("Powered")),
                blocked=value.get("PowerState") == "off-blocked",
                central="central" in value.get("Roles", ["central"]),  # BlueZ tells the roles only since 5.55
                version=_version(value.get("Modalias", "")),
            )
        )
    return tuple(sorted(found, key=lambda adapter: adapter.name))


def _version(modalias: str) -> tuple[int, int] | None:
    """Return BlueZ's version out of `usb:v1D6Bp0246d0552`: what it says of this machine to others ends with it."""
    kind, _, digits = modalias.partition("v1D6Bp0246d")
    if kind != "usb:" or len(digits) != 4 or not digits.isalnum():
        return None
    try:
        number = int(digits, 16)
    except ValueError:
        return None
    return number >> 8, number & 0xFF
