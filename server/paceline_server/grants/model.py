"""The table of grants that are asked for, and one of them."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Double, Index, LargeBinary, String, Table, UniqueConstraint, Uuid

from paceline_server.platform.schema import METADATA, SHARED

DEVICE_GRANTS = Table(
    "device_grants",
    METADATA,
    Column("device_code_hash", LargeBinary(32), primary_key=True),
    Column("user_code", String(8), nullable=False),
    Column("client_name", String(60), nullable=False),
    Column("address", String(64), nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("expires_at_s", Double, nullable=False),
    Column("interval_s", Double, nullable=False),
    Column("polled_at_s", Double),
    Column("denied", Boolean, nullable=False),
    Column("approved_by", Uuid(as_uuid=False)),
    UniqueConstraint("user_code", name="device_grants_user_code_key"),
    Index("device_grants_by_expiry", "expires_at_s"),
    info={SHARED: "asked for before anybody is known; a grant becomes somebody's token when it is approved"},
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a gateway asks for; `user_code` is 8 letters, `approved_by` the user whose token it gets."""

    user_code: str
    client_name: str
    address: str
    created_at_s: float
    expires_at_s: float
    interval_s: float
    polled_at_s: float | None
    denied: bool
    approved_by: str | None

    @property
    def open(self) -> bool:
        """Tell whether nobody has decided yet."""
        return not self.denied and self.approved_by is None


@dataclass(frozen=True, slots=True)
class Begun:
    """What the gateway gets to begin with; the device code is kept nowhere else."""

    device_code: str
    user_code: str
    expires_in_s: int
    interval_s: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that gets no token (yet): `error` is a word of RFC 6749, 5.2 or RFC 8628, 3.5."""

    error: str
    description: str
