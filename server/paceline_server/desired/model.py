"""The tables of what should be on wearables and of what they say, and their rows."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, String, Table, Text, Uuid

from paceline_server.platform.schema import METADATA

# A blob that was taken back keeps its row with no data: its version must never be given again.
DESIRED_BLOBS = Table(
    "desired_blobs",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("set_at_s", Double, nullable=False),
)

# What an owner set by hand of a wearable's settings, as JSON of the API's fields: the rest is composed of profiles and
# goals. No fields: the owner put or took back a whole blob, to which nothing is added. No row: all is composed.
WRIST_SETTINGS = Table(
    "wrist_settings",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("fields", Text),
)

DEVICE_STATUS = Table(
    "device_status",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("heard_at_s", Double, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("end_position", BigInteger, nullable=False),
    Column("confirmed_position", BigInteger, nullable=False),
    Column("battery_percent", Integer, nullable=False),
    Column("battery_millivolt", Integer, nullable=False),
    Column("recording", Integer, nullable=False),
    Column("fix", Integer, nullable=False),
    Column("user_slot", Integer, nullable=False),
    Column("firmware", String(11), nullable=False),
    Column("settings_version", BigInteger, nullable=False),
    Column("plan_version", BigInteger, nullable=False),
    Column("assistance_version", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DesiredBlob:
    """A blob that should be on a wearable; `kind` is an index of the protocol's BLOB_KINDS, empty data is none."""

    kind: int
    version: int
    data: bytes = field(repr=False)
    set_at_s: float


@dataclass(frozen=True, slots=True)
class ByHand:
    """What an owner set by hand of a wearable's settings: JSON of the API's fields, None for nothing.

    `whole`: the owner put or took back a whole blob; nothing is added to it.
    """

    text: str | None = None
    whole: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the settings, as the API takes them."""
        return json.loads(self.text) if self.text is not None else {}


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What a wearable said of itself when a gateway heard it last (docs/PROTOCOL.md, STATUS)."""

    heard_at_s: float
    epoch: int
    end_position: int
    confirmed_position: int
    battery_percent: int
    battery_millivolt: int
    recording: int
    fix: int
    user_slot: int
    firmware: str
    settings_version: int
    plan_version: int
    assistance_version: int
