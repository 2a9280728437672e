"""Asking a provider: the one place where the server waits for another's answer, as a person waits for just that.

Bounded in time and size, by https alone (or on this machine), never led elsewhere by a redirect.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

import aiohttp

from paceline_server.sign_in.id_token import UnknownKeyError, checked_claims
from paceline_server.sign_in.model import Claims, Provider, ProviderError
from paceline_server.sign_in.providers import may_be_asked

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
LARGEST_ANSWER = 256 << 10
KEPT_S = 3600.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderClient:
    """Knows one provider's endpoints and keys for an hour; keys are asked for anew when none fits."""

    def __init__(self, provider: Provider, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._clock = clock
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    async def authorization_endpoint(self) -> str:
        """Return where people are sent to; ProviderError when the provider cannot be asked."""
        return (await self._metadata())["authorization_endpoint"]

    async def claims(self, code: str, verifier: str, redirect_uri: str, nonce: str) -> Claims:
        """Return who has signed in there with this code (Core 1.0, 3.1.3); ProviderError when that is not shown."""
        metadata = await self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        answer = await self._ask("POST", metadata["token_endpoint"], form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("it gave no ID token")
        for fresh in (False, True):
            keys = await self._kept_or_asked(metadata["jwks_uri"], fresh=fresh)
            try:
                return checked_claims(token, keys, self.provider, nonce, self._clock())
            except UnknownKeyError:
                if fresh:
                    raise
        raise AssertionError

    async def _metadata(self) -> Mapping[str, Any]:
        issuer = self.provider.issuer
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = await self._kept_or_asked(url)
        if metadata.get("issuer") != issuer:
            raise ProviderError("it says that it is another issuer")
        for name in _ENDPOINTS:
            if not isinstance(metadata.get(name), str) or not may_be_asked(metadata[name]):
                raise ProviderError(f"it has no {name} that may be asked")
        return metadata

    async def _kept_or_asked(self, url: str, *, fresh: bool = False) -> Mapping[str, Any]:
        until_s, kept = self._kept.get(url, (0.0, {}))
        if fresh or until_s <= self._clock():
            kept = await self._ask("GET", url)
            self._kept[url] = (self._clock() + KEPT_S, kept)
        return kept

    async def _ask(self, method: str, url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        headers = {"Accept": "application/json"}
        if form is not None:
            named = (quote_plus(self.provider.client_id), quote_plus(self.provider.client_secret))
            headers |= {"Authorization": f"Basic {base64.b64encode(':'.join(named).encode()).decode()}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.request(method, url, data=form, headers=headers, allow_redirects=False) as response,
            ):
                body = await _at_most(response.content, LARGEST_ANSWER + 1)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ProviderError(f"no answer ({type(error).__name__})") from error
        if status != 200 or len(body) > LARGEST_ANSWER:
            raise ProviderError(f"it answered {status}" if status != 200 else "its answer is too large")
        try:
            table = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ProviderError("its answer is no JSON") from error
        if not isinstance(table, dict):
            raise ProviderError("its answer is no JSON object")
        return table


async def _at_most(stream: aiohttp.StreamReader, most: int) -> bytes:
    parts = bytearray()
    while len(parts) < most and (part := await stream.read(most - len(parts))):
        parts += part
    return bytes(parts)
