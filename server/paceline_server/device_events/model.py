"""The table of what wearables said of themselves, and one such event."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, Uuid

from paceline_server.platform.schema import METADATA

DEVICE_EVENTS = Table(
    "device_events",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("utc_s", BigInteger, nullable=False),
    Column("code", Integer, nullable=False),
    Column("value", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("device_events_by_time", "owner_id", "device_id", "utc_s", "epoch", "position"),
)

BOOT, ALERT, CRASH = "boot", "alert", "crash"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """A BOOT, ALERT or CRASH record and where it lies; `utc_s` 0 when the wearable did not know the time.

    `code` is the boot's cause or the alert's code, `value` the number of boots or what belongs to the code, `text` the
    firmware's version or the traceback.
    """

    epoch: int
    position: int
    kind: str
    utc_s: int
    code: int
    value: int
    text: str
