"""HTTP of the accounts: log in, in one step or two, and out."""

from aiohttp import web

from paceline_server.errors import InvalidError
from paceline_server.keys import CONFIG, PASSKEYS, USERS
from paceline_server.passkeys.ceremonies import place_of
from paceline_server.passkeys.shapes import plain
from paceline_server.platform.answers import json_response, utc_text
from paceline_server.platform.auth import AUTHENTICATOR, require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.openapi.pages import PageQuery
from paceline_server.platform.paging import asked, cut, page_response
from paceline_server.platform.tokens import Identity, Token, token_id_of
from paceline_server.users.model import LogIn
from paceline_server.users.shapes import GivenCode, GivenPassword, Proof, Session, TokensShown, UserShown


@gives(200, Session, refuses=(401, 429))
async def log_in(request: web.Request, body: GivenPassword) -> Session:
    """Begin a session.

    Ten attempts a minute per user name and address, 30 per address. 401 `wrong_log_in`; 401 `second_factor` with
    `ticket` and `expires_in` where the account has a second factor: go on with POST /auth/second-factor.
    """
    return session_of(
        request, await request.app[USERS].log_in(body.username, body.password, request.remote or "", _agent(request))
    )


@gives(200, Session, refuses=(401, 429))
async def log_in_further(request: web.Request, body: GivenCode) -> Session:
    """Begin the session of a ticket with a code.

    A code is taken once. 401 `ticket` when it took longer than five minutes, 401 `second_factor_code`; after five wrong
    codes in a row 429, with a wait that doubles.
    """
    return session_of(
        request,
        await request.app[USERS].log_in_further(body.ticket, body.code, request.remote or "", _agent(request)),
    )


@gives(204, refuses=(429,))
async def prove(request: web.Request, body: Proof) -> web.Response:
    """Give the password or a passkey anew, for what needs a log-in within a quarter of an hour.

    `password`, or `ticket` and `credential` as in POST /auth/passkey. 403 `wrong_password`, 401 `passkey`.
    """
    identity, address = await require(request), request.remote or ""
    if body.password is not None:
        await request.app[USERS].prove(identity, body.password, address)
    elif body.ticket is not None and body.credential is not None:
        place = place_of(request.app[CONFIG], request)
        await request.app[PASSKEYS].prove(identity, body.ticket, plain(body.credential), place, address)
    else:
        raise InvalidError("field", "Give password, or ticket and credential.", field="password")
    return web.Response(status=204)


@gives(204)
async def log_out(request: web.Request) -> web.Response:
    """End the session, or give the token back, that this is sent with."""
    await request.app[USERS].log_out(await require(request))
    response = web.Response(status=204)
    request.app[AUTHENTICATOR].forget(response)
    return response


@gives(204)
async def log_out_everywhere(request: web.Request) -> web.Response:
    """End all sessions of the user, also the one that this is sent with; API tokens and gateways stay."""
    await request.app[USERS].log_out_everywhere((await require(request)).owner_id)
    return web.Response(status=204)


@gives(200, TokensShown)
async def list_tokens(request: web.Request, query: PageQuery) -> web.Response:
    """What opens the account now, the newest first; never the tokens themselves."""
    identity, page = await require(request), asked(request, query)
    tokens = cut(await request.app[USERS].tokens(identity.owner_id), _key, page)
    return page_response(request, page, "tokens", tokens, lambda one: _token(one, identity), _key)


@gives(204)
async def revoke_token(request: web.Request) -> web.Response:
    """Let what has this token in no more."""
    await request.app[USERS].revoke((await require(request)).owner_id, request.match_info["token_id"])
    return web.Response(status=204)


@gives(200, UserShown)
async def get_user(request: web.Request) -> web.Response:
    """One's own account."""
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    return json_response(
        {"id": user.owner_id, "username": user.username, "created_at": utc_text(user.created_at_s), "settings": {}}
    )


def session_of(request: web.Request, log_in: LogIn) -> Session:
    """Return a session as it is told to its client."""
    return Session(log_in.token, "Bearer", int(request.app[CONFIG].session_lifetime_s), log_in.owner_id)


def _agent(request: web.Request) -> str:
    return request.headers.get("User-Agent", "")


def _key(token: Token) -> tuple[float, str]:
    return -token.created_at_s, token.token_id


def _token(token: Token, identity: Identity) -> dict[str, object]:
    return {
        "token_id": token.token_id,
        "kind": token.kind,
        "scopes": sorted(token.scopes) if token.scopes is not None else None,
        "label": token.label,
        "created_at": utc_text(token.created_at_s),
        "last_used_at": utc_text(token.used_at_s) if token.used_at_s is not None else None,
        "expires_at": utc_text(token.expires_at_s) if token.expires_at_s is not None else None,
        "this_one": token.token_id == token_id_of(identity.token_hash),
    }
