"""HTTP of passkeys."""

from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, Struct

from paceline_server.keys import CONFIG, PASSKEYS, USERS
from paceline_server.passkeys import store
from paceline_server.passkeys.ceremonies import place_of
from paceline_server.passkeys.model import Passkey
from paceline_server.passkeys.shapes import Credential, plain
from paceline_server.platform.answers import utc_text
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.parameters import Utc
from paceline_server.platform.recent import require_recent
from paceline_server.users.api import session_of
from paceline_server.users.shapes import Session

Ticket = Annotated[str, Meta(min_length=1, max_length=100)]
Name = Annotated[str, Meta(max_length=60, examples=["phone"])]


class Asked(Struct):
    """What the browser is to be asked (`publicKey`, bytes as base64url), and the ticket to answer with."""

    ticket: str
    options: dict[str, Any]


class Answered(Struct, forbid_unknown_fields=True):
    """A browser's answer: PublicKeyCredential.toJSON()."""

    ticket: Ticket
    credential: Credential


class NewPasskey(Struct, forbid_unknown_fields=True):
    """A passkey that a browser has made."""

    ticket: Ticket
    credential: Credential
    name: Name = ""


class PasskeyName(Struct, forbid_unknown_fields=True):
    """What a passkey is called."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]


class PasskeyShown(Struct):
    """A passkey; it works at the host name `works_at`."""

    passkey_id: str
    name: str
    works_at: str
    created_at: Utc
    last_used_at: Utc | None


class PasskeysShown(Struct):
    """The passkeys, the oldest first."""

    passkeys: list[PasskeyShown]


@gives(200, Asked, refuses=(429,))
async def begin_log_in(request: web.Request) -> Asked:
    """Begin a log-in with a passkey (WebAuthn Level 2); for navigator.credentials.get."""
    place = place_of(request.app[CONFIG], request)
    return Asked(*await request.app[PASSKEYS].begin_log_in(place, request.remote or ""))


@gives(200, Session, refuses=(401, 429))
async def log_in(request: web.Request, body: Answered) -> Session:
    """Begin a session with a passkey, which is both factors at once. 401 `passkey`."""
    place, address = place_of(request.app[CONFIG], request), request.remote or ""
    owner_id = await request.app[PASSKEYS].identify(body.ticket, plain(body.credential), place, address)
    agent = request.headers.get("User-Agent", "")
    return session_of(request, await request.app[USERS].begin_session(owner_id, agent))


@gives(200, PasskeysShown)
async def list_passkeys(request: web.Request) -> PasskeysShown:
    """One's passkeys."""
    found = await request.app[PASSKEYS].list_for((await require(request)).owner_id)
    return PasskeysShown([_shown(passkey) for passkey in found])


@gives(200, Asked)
async def begin_registration(request: web.Request) -> Asked:
    """Begin to add a passkey; for navigator.credentials.create. After a recent log-in."""
    identity = await require_recent(request)
    user = await request.app[USERS].get(identity.owner_id)
    place = place_of(request.app[CONFIG], request)
    return Asked(*await request.app[PASSKEYS].begin_registration(identity, user.username, place))


@gives(201, PasskeyShown, refuses=(409,))
async def post_passkey(request: web.Request, body: NewPasskey) -> PasskeyShown:
    """Add a passkey, twenty at most. After a recent log-in; 400 `passkey`."""
    identity = await require_recent(request)
    place = place_of(request.app[CONFIG], request)
    made = await request.app[PASSKEYS].register(identity, body.ticket, plain(body.credential), body.name, place)
    return _shown(made)


@gives(204)
async def patch_passkey(request: web.Request, body: PasskeyName) -> web.Response:
    """Call a passkey something else."""
    owner_id = (await require(request)).owner_id
    await request.app[PASSKEYS].rename(owner_id, bytes.fromhex(request.match_info["passkey_id"]), body.name)
    return web.Response(status=204)


@gives(204)
async def delete_passkey(request: web.Request) -> web.Response:
    """Let a passkey log in no more. After a recent log-in."""
    owner_id = (await require_recent(request)).owner_id
    await request.app[PASSKEYS].remove(owner_id, bytes.fromhex(request.match_info["passkey_id"]))
    return web.Response(status=204)


def _shown(passkey: Passkey) -> PasskeyShown:
    return PasskeyShown(
        store.id_of(passkey).hex(),
        passkey.name,
        passkey.rp_id,
        utc_text(passkey.created_at_s),
        utc_text(passkey.used_at_s) if passkey.used_at_s is not None else None,
    )
