"""Which serial port the wearable is at."""

from collections.abc import Iterable
from typing import Protocol

from paceline_tools.flashing.errors import FlashingError

ESPRESSIF = 0x303A  # USB vendor of the chip's own port, and of MicroPython's on it


class PortInfo(Protocol):
    """What a list of serial ports tells of each."""

    device: str
    vid: int | None


def find_port(ports: Iterable[PortInfo]) -> str:
    """Return the only port with an Espressif chip; FlashingError with none or with several."""
    found = sorted(port.device for port in ports if port.vid == ESPRESSIF)
    if len(found) == 1:
        return found[0]
    if found:
        raise FlashingError(f"several boards are connected: {', '.join(found)}", "give one with --port")
    raise FlashingError(
        "no board is connected",
        "use a USB cable that carries data; hold BOOT while plugging in; on Linux be in the group dialout",
    )
