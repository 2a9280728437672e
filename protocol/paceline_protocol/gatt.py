"""The GATT service (docs/PROTOCOL.md), frozen: hosts cache attribute tables, so a change of it needs new UUIDs."""

from .errors import LinkError
from .layout import Fields, Layout

SERVICE_UUID = "7061ce00-b59c-4e3c-a52f-6242bcff22d1"
INFO_UUID = "7061ce01-b59c-4e3c-a52f-6242bcff22d1"  # read: INFO
CONTROL_UUID = "7061ce02-b59c-4e3c-a52f-6242bcff22d1"  # write, write without response: gateway → wearable
DATA_UUID = "7061ce03-b59c-4e3c-a52f-6242bcff22d1"  # notify: wearable → gateway

ADVERTISED_NAME_PREFIX = "Paceline"

DEVICE_ID_SIZE = 8

INFO = Layout("INFO version:B alias:8s")


def pack_info(version: int, alias: bytes) -> bytes:
    """Return the value of the info characteristic."""
    return INFO.pack((version, alias))


def parse_info(value: bytes | bytearray | memoryview) -> Fields:
    """Return version and alias from the value of the info characteristic; LinkError("malformed") if too short."""
    try:
        return INFO.parse(value)
    except ValueError as error:
        raise LinkError("malformed", 0, str(error))  # noqa: B904 (MicroPython keeps no cause)
