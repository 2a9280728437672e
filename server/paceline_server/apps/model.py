"""The tables of apps, and one of them."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, LargeBinary, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

LONGEST_NAME = 60
LONGEST_URI = 500
MOST_URIS = 10

APPS = Table(
    "apps",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("client_id", Uuid(as_uuid=False), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("redirect_uris", String(MOST_URIS * (LONGEST_URI + 1)), nullable=False),  # a line each
    Column("secret_hash", LargeBinary(32)),  # null: a public client, which can keep none
    Column("created_at_s", Double, nullable=False),
)

# Whoever is sent to the consent page comes with the client's id alone.
APP_OWNERS = Table(
    "app_owners",
    METADATA,
    Column("client_id", Uuid(as_uuid=False), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False, index=True),
    info={SHARED: "the directory of apps: it says who has registered one"},
)


@dataclass(frozen=True, slots=True)
class App:
    """A client of RFC 6749, 2; `owner_id` is who registered it, `secret_hash` None for a public one."""

    owner_id: str
    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    secret_hash: bytes | None
    created_at_s: float

    @property
    def confidential(self) -> bool:
        """Tell whether it can keep a secret (RFC 6749, 2.1)."""
        return self.secret_hash is not None
