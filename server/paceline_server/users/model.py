"""The users' table, and a user."""

from dataclasses import dataclass

from sqlalchemy import Column, Double, String, Table, Uuid

from paceline_server.platform.policy import Role
from paceline_server.platform.schema import METADATA, SHARED

USERS = Table(
    "users",
    METADATA,
    Column("owner_id", Uuid(as_uuid=False), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("created_at_s", Double, nullable=False),
    Column("role", String(16), nullable=False, server_default=Role.USER.value),
)

# What keeps two from taking the same name, and finds who logs in.
USERNAMES = Table(
    "usernames",
    METADATA,
    Column("username", String(64), primary_key=True),
    Column("owner_id", Uuid(as_uuid=False), nullable=False),
    info={SHARED: "the directory of names: it says who the owner is"},
)


@dataclass(frozen=True, slots=True)
class User:
    """An account; `owner_id` is what all that belongs to it is kept under."""

    owner_id: str
    username: str
    created_at_s: float
    role: Role = Role.USER


@dataclass(frozen=True, slots=True)
class LogIn:
    """A session that has just begun: the token goes to the client and is kept nowhere."""

    owner_id: str
    token: str
    expires_at_s: float
