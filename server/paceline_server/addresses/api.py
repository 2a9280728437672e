"""HTTP of the e-mail addresses."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct, structs

from paceline_server.keys import ADDRESSES
from paceline_server.platform.auth import require
from paceline_server.platform.etags import if_match, tag_of, tagged_response
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.recent import require_recent

LinkEnd = Annotated[str, Meta(min_length=1, max_length=100, description="What the letter's link ends with.")]


class EmailShown(Struct):
    """The address that counts, and one that waits for its link to be opened."""

    email: str | None
    waiting: str | None


class NewEmail(Struct, forbid_unknown_fields=True):
    """An address to be confirmed."""

    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["ann@example.org"])]


class ConfirmedEmail(Struct, forbid_unknown_fields=True):
    """A link that was opened."""

    link: LinkEnd


@gives(200, EmailShown, tagged=True)
async def get_email(request: web.Request) -> web.Response:
    """One's e-mail address."""
    return await _shown(request, (await require(request)).owner_id)


@gives(202, EmailShown, refuses=(429,), tagged=True)
async def put_email(request: web.Request, body: NewEmail) -> web.Response:
    """Have another e-mail address.

    A link is sent to it, and it counts once that is opened; the one before is told then. After a recent log-in; five
    an hour.
    """
    identity = await require_recent(request)
    await request.app[ADDRESSES].want(identity.owner_id, body.email, if_match(request))
    return await _shown(request, identity.owner_id, 202)


@gives(204, refuses=(412,))
async def delete_email(request: web.Request) -> web.Response:
    """Have no e-mail address. After a recent log-in."""
    await request.app[ADDRESSES].drop((await require_recent(request)).owner_id, if_match(request))
    return web.Response(status=204)


@gives(204, refuses=(409, 429))
async def confirm_email(request: web.Request, body: ConfirmedEmail) -> web.Response:
    """Have the e-mail address of a letter's link count."""
    await request.app[ADDRESSES].confirm(body.link, request.remote or "")
    return web.Response(status=204)


async def _shown(request: web.Request, owner_id: str, status: int = 200) -> web.Response:
    addresses = await request.app[ADDRESSES].get(owner_id)
    shown = EmailShown(addresses.email, addresses.waiting)
    return tagged_response(request, structs.asdict(shown), tag_of(addresses), status)
