"""HTTP of second factors."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct

from paceline_server.keys import SECOND_FACTORS, USERS
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives
from paceline_server.platform.recent import require_recent

Code = Annotated[str, Meta(min_length=1, max_length=40, description="Of an authenticator app, or a recovery code.")]


class SecondFactorShown(Struct):
    """Whether log-in asks for a code, and how many recovery codes are left."""

    on: bool
    recovery_codes_left: int


class EnrolmentShown(Struct):
    """What an authenticator app is to be told: the secret in base32, or all of it as an `otpauth:` URI."""

    secret: str
    uri: str


class GivenCode(Struct, forbid_unknown_fields=True):
    """A code."""

    code: Code


class RecoveryCodes(Struct):
    """Codes for when the authenticator is lost, each for one time; shown only now."""

    recovery_codes: list[str]


class SwitchedOff(Struct, forbid_unknown_fields=True):
    """What proves that it is the user who switches off."""

    password: Annotated[str, Meta(min_length=1, max_length=1000)]
    code: Code


@gives(200, SecondFactorShown)
async def get_second_factor(request: web.Request) -> SecondFactorShown:
    """Whether a second factor is on."""
    owner_id, factors = (await require(request)).owner_id, request.app[SECOND_FACTORS]
    return SecondFactorShown(await factors.is_on(owner_id), await factors.codes_left(owner_id))


@gives(201, EnrolmentShown, refuses=(409,))
async def begin(request: web.Request) -> EnrolmentShown:
    """Set a second factor up: TOTP (RFC 6238), 6 digits, 30 s, SHA-1.

    It is asked for once a code was confirmed. After a recent log-in; 409 `second_factor_on`.
    """
    owner_id = (await require_recent(request)).owner_id
    user = await request.app[USERS].get(owner_id)
    made = await request.app[SECOND_FACTORS].begin(owner_id, user.username, request.host)
    return EnrolmentShown(made.secret, made.uri)


@gives(200, RecoveryCodes, refuses=(409,))
async def confirm(request: web.Request, body: GivenCode) -> RecoveryCodes:
    """Switch the second factor on with a code that the app shows. After a recent log-in."""
    owner_id = (await require_recent(request)).owner_id
    return RecoveryCodes(await request.app[SECOND_FACTORS].confirm(owner_id, body.code))


@gives(200, RecoveryCodes, refuses=(409,))
async def renew_codes(request: web.Request) -> RecoveryCodes:
    """Have new recovery codes in place of the old. After a recent log-in."""
    return RecoveryCodes(await request.app[SECOND_FACTORS].renew_codes((await require_recent(request)).owner_id))


@gives(204, refuses=(401, 429))
async def switch_off(request: web.Request, body: SwitchedOff) -> web.Response:
    """Switch the second factor off, by password and code."""
    owner_id = (await require(request)).owner_id
    await request.app[USERS].confirm(owner_id, body.password, request.remote or "")
    await request.app[SECOND_FACTORS].switch_off(owner_id, body.code)
    return web.Response(status=204)
