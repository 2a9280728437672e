"""The tables of passkeys and of the challenges that they sign."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

PASSKEYS = Table(
    "passkeys",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("credential_hash", LargeBinary(32), primary_key=True),  # SHA-256 of the id, which may be long
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("rp_id", String(253), nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("used_at_s", Double),
)

# What a browser is asked to sign: taken once, by whoever holds the ticket that names it.
PASSKEY_CHALLENGES = Table(
    "passkey_challenges",
    METADATA,
    Column("ticket_hash", LargeBinary(32), primary_key=True),
    Column("challenge", LargeBinary(32), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("about", LargeBinary(32)),  # the session that asked, where there is one
    Column("expires_at_s", Double, nullable=False),
    Index("passkey_challenges_by_expiry", "expires_at_s"),
    info={SHARED: "for people who are not logged in yet"},
)

REGISTER, LOG_IN = "register", "log in"  # purposes of challenges


@dataclass(frozen=True, slots=True)
class Passkey:
    """A registered passkey; `rp_id` is the host name that it was made for, and works at."""

    owner_id: str
    credential: bytes
    public_key: bytes
    rp_id: str
    sign_count: int
    name: str
    created_at_s: float
    used_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is to be signed, for whom, and for what."""

    ticket_hash: bytes
    challenge: bytes
    purpose: str
    about: bytes | None
    expires_at_s: float
