"""The tables of second factors."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, LargeBinary, Table, Uuid

from paceline_server.platform.schema import METADATA

SECOND_FACTORS = Table(
    "second_factors",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("confirmed", Boolean, nullable=False),  # before, it is only being set up and not asked for
    Column("last_step", BigInteger, nullable=False),  # no code of this step of 30 s or before is taken
    Column("failures", Integer, nullable=False),  # wrong codes in a row
    Column("failed_at_s", Double, nullable=False),
)

RECOVERY_CODES = Table(
    "recovery_codes",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("code_hash", LargeBinary(32), primary_key=True),
)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A user's second factor as it is kept."""

    owner_id: str
    sealed_secret: bytes
    confirmed: bool
    last_step: int
    failures: int
    failed_at_s: float


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is told, shown only while it is set up: the key in base32, and all of it as a URI."""

    secret: str
    uri: str
