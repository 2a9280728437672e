"""What of the database is in an archive: tables that come again on another server, those only told, what is secret.

A new table of owners comes again, unless it is named here or has a secret column.
"""

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)
from sqlalchemy.types import TypeEngine

import paceline_server
from paceline_server.platform.schema import METADATA, SHARED

SECRET = {
    "users": {"password_hash"},
    "tokens": {"token_hash", "authorization_hash"},
    "authorizations": {"authorization_hash", "refresh_hash", "previous_hash"},
    "authorization_codes": {"code_hash", "authorization_hash"},
    "apps": {"secret_hash"},
    "outside_identities": {"identity_hash"},
    "devices": {"device_key"},
    "idempotency_keys": {"answer"},
    "letters": {"sealed"},
    "push_subscriptions": {"sealed"},
    "links": {"link_hash"},
    "second_factors": {"sealed_secret"},
    "recovery_codes": {"code_hash"},
}
DEVICES, JOURNAL_KEY = "devices", "journal_key"
"""A wearable's key stays here; what its journals are checked with, and nothing else can be done with, goes along."""

TOLD = {
    "email_addresses": "another server has not seen that the address is the user's",
    "passkeys": "made for the name of one server",
    "households": "others' word, who live on the other server or not at all",
    "household_members": "as households",
    "memberships": "as households",
    "worn_slots": "as households",
    "activity_sums": "made anew of the activities",
    "archives": "which archive was read here",
}
"""Tables without secrets that are told and do not come again, and why not."""


ID, YES_OR_NO, WHOLE, REAL, BYTES, TEXT, VALUE = "id", "yes or no", "whole", "real", "bytes", "text", "JSON"
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (JSON, VALUE),
    (Uuid, ID),
    (Boolean, YES_OR_NO),
    (LargeBinary, BYTES),
    (Double, REAL),
    (Integer, WHOLE),
    (String, TEXT),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a row in an archive; `most` is the length of a text, or the bits of a whole number.

    `given`: the database knows what to put where there is nothing.
    """

    name: str
    kind: str
    nullable: bool
    given: bool = False
    most: int | None = None


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table in an archive: its columns but for the owner and what is secret."""

    name: str
    fields: tuple[Field, ...]


def table_of(name: str) -> Table:
    """Return the table itself."""
    return METADATA.tables[name]


def taken() -> list[KeptTable]:
    """Return the tables whose rows come again, by name."""
    return [_kept(table) for table in _owned() if _comes_again(table)]


def told() -> list[KeptTable]:
    """Return the tables that are only told, by name; one that is all secret is not."""
    found = (_kept(table) for table in _owned() if not _comes_again(table))
    return [table for table in found if table.fields]


def _comes_again(table: Table) -> bool:
    return table.name == DEVICES or not {table.name} & (TOLD.keys() | SECRET.keys())


def _owned() -> list[Table]:
    _all_models()
    found = (table for table in METADATA.sorted_tables if SHARED not in table.info)
    return sorted(found, key=lambda table: table.name)


@cache
def _all_models() -> None:
    """Have every domain's model.py add its tables: the process apart has imported no others."""
    for domain in pkgutil.iter_modules(paceline_server.__path__, f"{paceline_server.__name__}."):
        if domain.ispkg and find_spec(f"{domain.name}.model") is not None:
            import_module(f"{domain.name}.model")


def _kept(table: Table) -> KeptTable:
    left_out = SECRET.get(table.name, set()) | {"owner_id"}
    return KeptTable(table.name, tuple(_field(column) for column in table.c if column.name not in left_out))


def _field(column: Column[Any]) -> Field:
    kind = next(kind for made, kind in _KINDS if isinstance(column.type, made))
    most = getattr(column.type, "length", None)
    if kind == WHOLE:
        most = 63 if isinstance(column.type, BigInteger) else 31
    given = column.server_default is not None
    return Field(str(column.name), kind, bool(column.nullable), given, most)
