"""HTTP of registrations."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct

from paceline_server.keys import REGISTRATION
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.parameters import Utc, Uuid

_Text = Annotated[str, Meta(max_length=1000)]


class NewUser(Struct, forbid_unknown_fields=True):
    """An account to be made; `invitation` where the server asks for one."""

    username: Annotated[str, Meta(min_length=1, max_length=1000, examples=["ann"])]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    email: _Text | None = None
    invitation: _Text | None = None


class MadeUser(Struct):
    """An account that was made."""

    id: Uuid
    username: str


class MadeInvitation(Struct):
    """A code for one account."""

    invitation: str
    expires_at: Utc


@gives(201, MadeUser, refuses=(403, 409, 429))
async def register(request: web.Request, body: NewUser) -> MadeUser:
    """Make an account.

    What the setting `registration` says: `open`, `invite` (403 `invitation` without one that holds), `closed` (403
    `registration_closed`). A link is sent to the address, which counts once it is opened. 400 `username`, `email`,
    `password`; 409 `username_taken`. Ten an hour from one address.
    """
    user = await request.app[REGISTRATION].register(
        body.username, body.email or "", body.password, body.invitation or "", request.remote or ""
    )
    return MadeUser(user.owner_id, user.username)


@gives(201, MadeInvitation)
async def invite(request: web.Request) -> MadeInvitation:
    """Make an invitation for one account within a week; only by an admin."""
    invitation = await request.app[REGISTRATION].invite((await require(request)).owner_id)
    return MadeInvitation(invitation.code, utc_text(invitation.expires_at_s))
