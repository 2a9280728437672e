"""Rules of signing in through providers."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from paceline_server.addresses import store as addresses
from paceline_server.errors import ForbiddenError, InvalidError, NotFoundError
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.rate_limits.shared import SharedLimit
from paceline_server.platform.rate_limits.table import SIGN_IN
from paceline_server.platform.sealing import Sealer
from paceline_server.registration.service import RegistrationService
from paceline_server.sign_in import store, way
from paceline_server.sign_in.model import Claims, Linked, Provider
from paceline_server.sign_in.provider_client import ProviderClient
from paceline_server.sign_in.way import LIFETIME_S, Newcomer, Way
from paceline_server.users.model import LogIn, User
from paceline_server.users.service import UserService


class SignInService:
    """Leads people to providers and knows who comes back; what is on its way lies sealed in the browser."""

    def __init__(
        self,
        database: Database,
        users: UserService,
        registration: RegistrationService,
        sealer: Sealer,
        providers: Mapping[str, Provider],
        clock: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self.providers = providers
        self._database = database
        self._users = users
        self._registration = registration
        self._sealer = sealer
        self._clients = {name: ProviderClient(provider, clock) for name, provider in providers.items()}
        self._clock = clock
        self._random_bytes = random_bytes
        self._begun = SharedLimit(database, SIGN_IN, clock)

    async def begin(
        self, name: str, redirect_uri: str, next_path: str, address: str, link_to: str = ""
    ) -> tuple[str, str]:
        """Return where to send the person, and what the browser carries meanwhile (Core 1.0, 3.1.2; RFC 7636).

        NotFoundError for a provider that is none, ProviderError for one that does not answer, TooManyError.
        """
        client = self._client(name)
        await self._begun.take(address)
        endpoint = await client.authorization_endpoint()
        state, nonce, verifier = self._drawn(), self._drawn(), self._drawn()
        until_s = self._clock() + LIFETIME_S
        carried = Way(name, state, nonce, verifier, next_path, link_to, until_s)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": client.provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        url = f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"
        return url, way.sealed(self._sealer, carried)

    async def returned(self, name: str, cookie: str, told: Mapping[str, str], redirect_uri: str) -> tuple[Way, Claims]:
        """Return who has come back, and on which way; InvalidError for what this browser did not begin here."""
        carried = way.opened(self._sealer, cookie, Way, self._clock())
        state = told.get("state", "")
        if carried is None or carried.provider != name or not hmac.compare_digest(carried.state, state):
            raise InvalidError("sign_in", "This sign-in was not begun in this browser, or took too long; begin anew.")
        client = self._client(name)
        if told.get("iss", client.provider.issuer) != client.provider.issuer:  # RFC 9207
            raise InvalidError("sign_in", "Another provider has answered; begin anew.")
        if not told.get("code"):
            raise InvalidError("sign_in", f"{client.provider.label} did not let you in.")
        return carried, await client.claims(told["code"], carried.verifier, redirect_uri, carried.nonce)

    async def link(self, owner_id: str, claims: Claims) -> None:
        """Let an identity open an account; ConflictError when it opens another."""
        await self._database.write(store.link, owner_id, claims, self._clock())

    async def log_in(self, name: str, claims: Claims, label: str) -> LogIn | None:
        """Begin a session of whom the identity belongs to; None when it is nobody's yet.

        A verified address of a provider whose addresses are trusted links the account that has confirmed it.
        UnauthenticatedError `second_factor` where one is asked for.
        """
        owner_id = await self._database.read(store.owner_of, claims)
        if owner_id is None and claims.email is not None and self.providers[name].trust_email:
            owner_id = await self._database.read(addresses.owner_of, claims.email)
            if owner_id is not None:
                await self.link(owner_id, claims)
        return await self._users.begin_or_ask(owner_id, label) if owner_id is not None else None

    def newcomer(self, name: str, claims: Claims, next_path: str) -> str:
        """Return what the browser of somebody without an account carries while a name is chosen.

        ForbiddenError when this server takes no new accounts.
        """
        self._registration.refuse_when_closed()
        email = claims.email if self.providers[name].trust_email else None
        until_s = self._clock() + LIFETIME_S
        carried = Newcomer(claims.issuer, claims.subject, claims.label, email, next_path, until_s)
        return way.sealed(self._sealer, carried)

    def carried(self, cookie: str) -> Newcomer:
        """Return who is to choose a name; ForbiddenError when nobody is (any more)."""
        found = way.opened(self._sealer, cookie, Newcomer, self._clock())
        if found is None:
            raise ForbiddenError("sign_in", "This took too long; sign in anew.")
        return found

    async def register(self, newcomer: Newcomer, username: str, invitation: str, address: str) -> User:
        """Make the account of a newcomer, which the identity opens and no password; errors as registration's."""
        claims = Claims(newcomer.issuer, newcomer.subject, newcomer.label, newcomer.email)

        def linked(connection: Connection, user: User) -> None:
            store.link(connection, user.owner_id, claims, self._clock())
            if claims.email is not None and addresses.owner_of(connection, claims.email) is None:
                addresses.confirm(connection, user.owner_id, claims.email)

        return await self._registration.register_without_password(username, invitation, address, linked)

    async def linked(self, owner_id: str) -> list[Linked]:
        """Return what opens an account from outside."""
        return await self._database.read(store.list_for, owner_id)

    async def unlink(self, owner_id: str, identity_id: str) -> None:
        """Let an identity open an account no more; NotFoundError when it does not."""
        if not await self._database.write(store.unlink, owner_id, identity_id):
            raise NotFoundError("not_found", "There is no such sign-in.")

    def _client(self, name: str) -> ProviderClient:
        if name not in self._clients:
            raise NotFoundError("not_found", "There is no such provider.")
        return self._clients[name]

    def _drawn(self) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(32)).rstrip(b"=").decode()
