"""Where the server is: as the settings say or, with `mdns` there, as it announces itself in the local network.

Anybody may announce anything. With `server.ca_file` only an https URL counts, and what this authority did not vouch for
is never told the token; config.py lets `mdns` without it pass only when the token may travel unencrypted anyway.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from paceline_gateway.config import MDNS, Server
from paceline_gateway.errors import ConfigError, UplinkError


class Place(Protocol):
    """What is needed of an announcement; discovery.mdns.Announced is one."""

    @property
    def url(self) -> str:
        """Where the server says it is."""
        ...

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its addresses."""
        ...


Find = Callable[[], Awaitable[list[Any]]]


class Whereabouts:
    """One server's place; `find` listens for announcements (discovery.mdns.announced)."""

    def __init__(self, server: Server, find: Find | None = None) -> None:
        """Take the settings; ConfigError when they want mDNS and it is not installed."""
        self._server = server
        self._find = find or (_finder() if server.url == MDNS else None)
        self._lock = asyncio.Lock()
        self._places: list[Place] = []
        self._turn = 0
        self.resolver = _Resolver()

    async def url(self) -> str:
        """Return the base of every URL; UplinkError when no server announces itself."""
        if self._server.url != MDNS or self._find is None:
            return self._server.url
        async with self._lock:
            if not self._places:
                try:
                    found = await self._find()
                except OSError as error:
                    raise UplinkError(f"cannot listen for a server's announcement: {error}") from error
                self._places = [place for place in found if self._may_be(place)]
            if not self._places:
                raise UplinkError("no server announces itself in this network (server.url is mdns)")
            place = self._places[self._turn % len(self._places)]
            self.resolver.known = {urlsplit(place.url).hostname or "": place.addresses}
            return place.url

    def failed(self) -> None:
        """Tell that there was no answer there: it may have moved, or another one may be it."""
        self._places = []
        self._turn += 1

    def _may_be(self, place: Place) -> bool:
        try:
            parts = urlsplit(place.url)
            _ = parts.port
        except ValueError:
            return False
        secure = parts.scheme == "https" or (parts.scheme == "http" and self._server.ca_file is None)
        return secure and bool(parts.hostname) and not (parts.username or parts.query or parts.fragment)


class _Resolver(AbstractResolver):
    """Knows the addresses that came with an announcement, as no name server does; asks for the others."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, ...]] = {}
        self._other: ThreadedResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host."""
        found = self.known.get(host, ())
        if not found:
            self._other = self._other or ThreadedResolver()
            return await self._other.resolve(host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


def connector(server: Server, where: Whereabouts, ssl_context: Any) -> aiohttp.TCPConnector:
    """Return how to connect to the server there."""
    if server.url != MDNS:
        return aiohttp.TCPConnector(ssl=ssl_context)
    return aiohttp.TCPConnector(ssl=ssl_context, resolver=where.resolver, use_dns_cache=False)


def _finder() -> Find:
    try:
        from paceline_gateway.discovery.mdns import announced  # noqa: PLC0415 (zeroconf is an extra)
    except ImportError as error:
        raise ConfigError("server.url", f"mdns needs {error.name}: pip install 'paceline-gateway[mdns]'") from error
    return announced
