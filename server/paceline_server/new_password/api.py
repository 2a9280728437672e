"""HTTP of new passwords."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta, Struct

from paceline_server.addresses.api import LinkEnd
from paceline_server.keys import NEW_PASSWORDS
from paceline_server.platform.auth import require
from paceline_server.platform.openapi.contract import gives

Password = Annotated[str, Meta(min_length=1, max_length=1000)]
Code = Annotated[str, Meta(max_length=40, description="Of an authenticator app, or a recovery code.")]


class ChangedPassword(Struct, forbid_unknown_fields=True):
    """A new password by who knows the present one; `close_programs` ends API tokens, gateways and apps, too."""

    present: Password
    password: Password
    close_programs: bool = False


class AskedRecovery(Struct, forbid_unknown_fields=True):
    """Whose password was forgotten: a user name, or a confirmed e-mail address."""

    account: Annotated[str, Meta(min_length=1, max_length=254, examples=["ann"])]


class ChosenPassword(Struct, forbid_unknown_fields=True):
    """A new password by the link of a letter, with a code where the account has a second factor."""

    link: LinkEnd
    password: Password
    code: Code = ""
    close_programs: bool = False


@gives(204, refuses=(429,))
async def change_password(request: web.Request, body: ChangedPassword) -> web.Response:
    """Change one's password.

    All other sessions end, and a letter tells of it. 403 `wrong_password`, 400 `password`.
    """
    await request.app[NEW_PASSWORDS].change(
        await require(request), body.present, body.password, request.remote or "", close_programs=body.close_programs
    )
    return web.Response(status=204)


@gives(202, refuses=(429,))
async def ask(request: web.Request, body: AskedRecovery) -> web.Response:
    """Have a link to choose a new password sent.

    The answer is the same, and takes as long, whether or not there is such an account. Ten an hour from one address;
    of one account three links hold at a time, each for an hour.
    """
    await request.app[NEW_PASSWORDS].ask(body.account, request.remote or "")
    return web.Response(status=202)


@gives(204, refuses=(401, 404, 429))
async def choose(request: web.Request, body: ChosenPassword) -> web.Response:
    """Choose a new password by the link of a letter.

    All sessions end. 400 `link` or `password`; 401 `second_factor_code` where a code is missing or does not fit.
    """
    await request.app[NEW_PASSWORDS].choose(
        body.link, body.password, body.code, request.remote or "", close_programs=body.close_programs
    )
    return web.Response(status=204)
