"""Requests about the gateway's own log-in: the device grant, claims, giving the token back, the server's authority."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

import aiohttp

from paceline_gateway.config import Server, Tokens
from paceline_gateway.errors import UplinkError
from paceline_gateway.uplink.client import (
    LONGEST_ANSWER,
    TIMEOUT,
    UNAUTHORIZED,
    read_at_most,
    unanswered,
    vouched_by,
)
from paceline_gateway.uplink.renewal import CLIENT_ID, renew
from paceline_gateway.uplink.whereabouts import Whereabouts, connector

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"
# OpenSSL's X509_V_ERR_*: the chain does not end at an authority that is known here. Others (another host, run out)
# no pin can mend.
_NOT_KNOWN = frozenset({18, 19, 20, 21})


@dataclass(frozen=True)
class Reply:
    """Status and JSON object of an answer, {} when it is none."""

    status: int
    table: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return a field that is a short printable text, else ""."""
        value = self.table.get(name)
        return value if isinstance(value, str) and len(value) <= 1000 and value.isprintable() else ""

    def number(self, name: str, default: float) -> float:
        """Return a field that is a number of seconds from 1 to 3600, else the default."""
        value = self.table.get(name)
        return float(value) if isinstance(value, int | float) and 1 <= value <= 3600 else default


class UnknownAuthorityError(UplinkError):
    """The server's certificate is signed by an authority that nobody here knows: it may be one to pin."""


class AccountClient:
    """An HTTP client for one server; use with `async with`. UplinkError for what gets no answer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._where = Whereabouts(server)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "AccountClient":
        way = connector(self._server, self._where, vouched_by(self._server))
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), connector=way)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def begin(self, client_name: str) -> Reply:
        """Ask for a device code (RFC 8628, 3.1)."""
        form = {"client_id": CLIENT_ID, "scope": "gateway", "client_name": client_name}
        return await self._ask("oauth/device_authorization", form=form)

    async def poll(self, device_code: str) -> Reply:
        """Ask whether a person has decided (3.4)."""
        form = {"client_id": CLIENT_ID, "grant_type": GRANT_TYPE, "device_code": device_code}
        return await self._ask("oauth/token", form=form)

    async def claim(self, device_id: bytes, device_key: bytes) -> Reply:
        """Make a wearable the user's; with a new token when the server takes the old one no more."""
        table = {"device_id": device_id.hex(), "device_key": device_key.hex()}
        token = self._server.token()
        reply = await self._ask("devices", token, table)
        if reply.status == UNAUTHORIZED and await self._renewed(token):
            reply = await self._ask("devices", self._server.token(), table)
        return reply

    async def give_back(self, tokens: Tokens) -> Reply:
        """Let the tokens hold no more (RFC 7009, or the end of a session for one that is never renewed)."""
        if tokens.refresh is None:
            return await self._ask("auth/logout", tokens.access)
        return await self._ask("oauth/revoke", form={"token": tokens.refresh, "client_id": CLIENT_ID})

    async def greet(self) -> None:
        """Send any request, without a token: is the certificate good?"""
        await self._ask("auth/logout")

    async def _renewed(self, spent: str) -> bool:
        if self._session is None:
            raise RuntimeError("use the client with `async with`")
        base = await self._where.url()
        try:
            return await renew(self._session, self._server, base, spent)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unanswered(self._server, base, error) from error

    async def _ask(
        self,
        path: str,
        token: str | None = None,
        table: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        if self._session is None:
            raise RuntimeError("use the client with `async with`")
        base = await self._where.url()
        url = f"{base}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = self._session.post(url, json=table, data=form, headers=headers, allow_redirects=False)
        try:
            async with request as response:
                return Reply(response.status, _table(await read_at_most(response.content, LONGEST_ANSWER)))
        except aiohttp.ClientConnectorCertificateError as error:
            certificate = error.certificate_error
            told = unanswered(self._server, base, error)
            if isinstance(certificate, ssl.SSLCertVerificationError) and certificate.verify_code in _NOT_KNOWN:
                raise UnknownAuthorityError(told.problem) from error
            raise told from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unanswered(self._server, base, error) from error


async def offered_authority(url: str) -> bytes:
    """Return what a server says its authority is, as PEM; whoever answers is believed, so a person must compare it.

    UplinkError when it offers none.
    """
    insecure = aiohttp.TCPConnector(ssl=False)  # nothing secret is sent
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar(), connector=insecure) as session,
            session.get(f"{url}/ca.pem", allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise UplinkError(f"{url}/ca.pem: the server offers no authority of its own ({response.status})")
            return await read_at_most(response.content, LONGEST_ANSWER)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UplinkError(f"no answer from {url}/ca.pem: {str(error) or type(error).__name__}") from error


def _table(body: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
