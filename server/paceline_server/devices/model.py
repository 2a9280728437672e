"""The devices' tables, and a device."""

from dataclasses import dataclass, field

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

DEVICES = Table(
    "devices",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("device_key", LargeBinary(32), nullable=False),
    Column("claimed_at_s", Double, nullable=False),
)

# A wearable has one owner: this is what keeps two from claiming the same.
DEVICE_OWNERS = Table(
    "device_owners",
    METADATA,
    Column("device_id", String(16), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    info={SHARED: "the directory of devices: it says who the owner is"},
)


@dataclass(frozen=True, slots=True)
class Device:
    """A claimed wearable; `device_id` is 16 hex digits, `device_key` its 32 secret bytes."""

    owner_id: str
    device_id: str
    device_key: bytes = field(repr=False)
    claimed_at_s: float
