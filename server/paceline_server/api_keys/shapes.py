"""What the API of the keys takes and gives."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from paceline_server.platform.openapi.parameters import Utc
from paceline_server.platform.policy import Scope

LONGEST_LABEL = 100
TokenId = Annotated[str, Meta(pattern="^[0-9a-f]{16}$", examples=["9f86d081884c7d65"])]


class NewKey(Struct, forbid_unknown_fields=True):
    """A key to be made; without `expires_at` it holds until it is revoked."""

    label: Annotated[str, Meta(min_length=1, max_length=LONGEST_LABEL, examples=["Home Assistant"])]
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=len(Scope))]
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class KeyMade(Struct):
    """A key that was just made; it is told only now."""

    token: str
    token_id: TokenId
    label: str
    scopes: list[Scope]
    expires_at: Utc | None
