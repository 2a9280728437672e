"""The devices' tables, and a device."""

from dataclasses import dataclass, field

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid, text

from paceline_server.platform.schema import METADATA, SHARED

DEVICES = Table(
    "devices",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    Column("device_key", LargeBinary, nullable=False),  # sealed (devices/sealed.py)
    Column("claimed_at_s", Double, nullable=False),
    Column("name", String(40), nullable=False, server_default=text("''")),
    Column("revoked_at_s", Double),  # stolen: nothing of it is taken any more, and nobody else can claim it
    Column("released_at_s", Double),  # passed on: what it had recorded stays, and is still read with its key
)

# A wearable has one owner: this is what keeps two from claiming the same.
DEVICE_OWNERS = Table(
    "device_owners",
    METADATA,
    Column("device_id", String(16), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    info={SHARED: "the directory of devices: it says who the owner is"},
)


# Released to whoever reads the code on its screen: its key stays in the row of who had it before.
OFFERED_DEVICES = Table(
    "offered_devices",
    METADATA,
    Column("device_id", String(16), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    info={SHARED: "a directory: it says who passes a device on"},
)

# Claimed by a program that kept keys in plain form, and not sealed yet.
UNSEALED_DEVICES = Table(
    "unsealed_devices",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("device_id", String(16), primary_key=True),
    info={SHARED: "a queue of work that the next start does"},
)


OFFER_LASTS_S = 7 * 86_400.0  # a code that somebody saw months ago claims nothing


@dataclass(frozen=True, slots=True)
class Device:
    """A wearable that was claimed.

    `device_id` is 16 hex digits, `sealed_key` 32 secret bytes that devices/sealed.py opens. One that was released is
    another's by now, or nobody's.
    """

    owner_id: str
    device_id: str
    sealed_key: bytes = field(repr=False)
    claimed_at_s: float
    name: str = ""
    revoked_at_s: float | None = None
    released_at_s: float | None = None

    @property
    def offer_ends_s(self) -> float:
        """Until when one that was passed on may be claimed by its code."""
        return (self.released_at_s or 0.0) + OFFER_LASTS_S
