"""The tables of e-mail addresses."""

from dataclasses import dataclass

from sqlalchemy import Column, String, Table, Uuid

from paceline_server.platform.schema import METADATA, SHARED

EMAIL_ADDRESSES = Table(
    "email_addresses",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("email", String(254)),
    Column("waiting", String(254)),
)

# Finds who asks for a new password, and keeps two accounts from sharing an address.
EMAIL_DIRECTORY = Table(
    "email_directory",
    METADATA,
    Column("email", String(254), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    info={SHARED: "the directory of confirmed addresses: it says who the owner is"},
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """A user's addresses: `email` was confirmed and counts, `waiting` has a letter on its way."""

    email: str | None = None
    waiting: str | None = None
