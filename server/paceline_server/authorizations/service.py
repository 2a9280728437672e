"""Rules of letting apps in, by the sections of RFC 6749 where no other is named."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

from paceline_server.apps.model import App
from paceline_server.apps.service import AppService, secret_fits
from paceline_server.authorizations import store
from paceline_server.authorizations.asking import checked
from paceline_server.authorizations.model import Asked, Unfit
from paceline_server.grants.model import Refused
from paceline_server.grants.service import CLIENT_ID as GATEWAY
from paceline_server.platform import authorizations
from paceline_server.platform.authorizations import Issued, claim_of
from paceline_server.platform.database import Database
from paceline_server.platform.policy import Scope
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import CLIENT_SECRET, CONSENT, TOKENS
from paceline_server.platform.tokens import Token, identity_of, list_authorizations

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1
_WRONG_CLIENT = Refused("invalid_client", "This client is not known, or its secret is wrong.")
_NO_CODE = Refused("invalid_grant", "This code does not hold for this client, address and code_verifier.")
_NO_REFRESH = Refused("invalid_grant", "This refresh token does not hold; ask the person anew.")


class AuthorizationService:
    """Shows what an app asks for, keeps consent, and gives tokens to the client that it was given to."""

    def __init__(
        self,
        database: Database,
        apps: AppService,
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._apps = apps
        self._clock = clock
        self._random_bytes = random_bytes
        self._consents = SharedLimit(database, CONSENT, clock)
        self._asked = SharedLimit(database, TOKENS, clock)
        self._wrong = SharedLimit(database, CLIENT_SECRET, clock)

    async def look(self, given: Mapping[str, str]) -> Asked | Unfit:
        """Return what an app asks a person for (4.1.1), or what the app is to be told.

        InvalidError, for the person, when the app or the address is not known.
        """
        return checked(given, await self._apps.find(given.get("client_id", "")))

    async def agree(self, owner_id: str, asked: Asked) -> str:
        """Keep that a person agrees and return the code for the app (4.1.2)."""
        await self._consents.take(owner_id)
        return await self._database.write(store.add, owner_id, asked, self._clock(), self._random_bytes)

    async def let_in(self, owner_id: str) -> list[Token]:
        """Return what an owner has let in, also what an old copy of its refresh token has ended since."""
        return await self._database.read(list_authorizations, owner_id)

    async def client(self, client_id: str, secret: str | None, address: str) -> App | str | Refused:
        """Return the client that asks for tokens: an app, or the id of our own gateways, which have no secret (2.3).

        TooManyError over the limits, which count requests, and wrong secrets, of an address.
        """
        await self._asked.take(address)
        if client_id == GATEWAY and secret is None:
            return GATEWAY
        app = await self._apps.find(client_id)
        if app is not None and (secret_fits(app, secret) if secret is not None else not app.confidential):
            return app
        await self._wrong.take(address)
        return _WRONG_CLIENT

    async def redeem(self, client: App | str, form: Mapping[str, str]) -> Issued | Refused:
        """Return the tokens of a code, once (4.1.3; RFC 7636, 4.6)."""
        claim = identity_of(form["code"])
        if isinstance(client, str) or claim is None or not _VERIFIER.fullmatch(form["code_verifier"]):
            return _NO_CODE
        bound_to = (form["redirect_uri"], _challenge(form["code_verifier"]))
        named = (client.client_id, client.name)
        issued = await self._database.write(store.redeem, claim, named, bound_to, self._clock(), self._random_bytes)
        return issued or _NO_CODE

    async def renew(self, client: App | str, form: Mapping[str, str]) -> Issued | Refused:
        """Return new tokens for a refresh token, which they replace (6; RFC 9700, 4.14.2)."""
        claim = claim_of(form["refresh_token"])
        if claim is None:
            return _NO_REFRESH
        narrowed = frozenset(form["scope"].split()) if form.get("scope") else None
        if narrowed is not None and not narrowed <= frozenset(Scope):
            return Refused("invalid_scope", "There is no such scope.")
        scopes = frozenset(Scope(name) for name in narrowed) if narrowed is not None else None
        client_id = client if isinstance(client, str) else client.client_id
        try:
            issued = await self._database.write(
                authorizations.renew, claim, client_id, scopes, self._clock(), self._random_bytes
            )
        except ValueError:
            return Refused("invalid_scope", "More is asked for than was agreed to.")
        return issued or _NO_REFRESH

    async def revoke(self, client: App | str, token: str) -> None:
        """End what the token belongs to, if it is this client's (RFC 7009, 2.1)."""
        client_id = client if isinstance(client, str) else client.client_id
        await self._database.write(store.revoke, token, client_id, self._clock())


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
