"""What the API of log-ins takes and gives."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from paceline_server.passkeys.shapes import Credential
from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.openapi.parameters import Utc, Uuid

Ticket = Annotated[str, Meta(min_length=1, max_length=400)]


class GivenPassword(Struct, forbid_unknown_fields=True):
    """User name and password."""

    username: Annotated[str, Meta(min_length=1, max_length=1000, examples=["ann"])]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class GivenCode(Struct, forbid_unknown_fields=True):
    """The ticket of a log-in that asked for a second factor, and a code of the authenticator or a recovery code."""

    ticket: Ticket
    code: Annotated[str, Meta(min_length=1, max_length=40, examples=["492039"])]


class Proof(Struct, forbid_unknown_fields=True):
    """The password, or a passkey's ticket and answer."""

    password: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    ticket: Annotated[str, Meta(max_length=100)] | None = None
    credential: Credential | None = None


class Session(Struct):
    """A session that has begun; `expires_in` are seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user_id: Uuid


class TokenShown(Struct):
    """What opens the account; `token_id` names it and opens nothing. `scopes` null: all that its kind may."""

    token_id: str
    kind: Literal["session", "api", "gateway", "app"]
    scopes: list[str] | None
    label: str
    created_at: Utc
    last_used_at: Utc | None
    expires_at: Utc | None
    this_one: bool


class TokensShown(PageShown):
    """The tokens that hold, the newest first."""

    tokens: list[TokenShown]


class UserShown(Struct):
    """An account."""

    id: Uuid
    username: str
    created_at: Utc
    settings: dict[str, Any]
