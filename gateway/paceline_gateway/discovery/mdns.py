"""Servers that announce `_paceline._tcp` (RFC 6763): the TXT entry `url` is where one is, its addresses come along."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from zeroconf import InterfaceChoice, IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

SERVICE = "_paceline._tcp.local."
LISTEN_S = 3.0
MOST_SERVERS = 8
_LONGEST_URL = 255


@dataclass(frozen=True)
class Announced:
    """A server as it says itself: anybody may say so, what is believed is for the caller to decide."""

    url: str
    addresses: tuple[str, ...]


async def announced(listen_s: float = LISTEN_S, interfaces: Sequence[str] | None = None) -> list[Announced]:
    """Return who announces itself within that time, by name; OSError when the network cannot be listened to.

    It returns a moment after the first one was heard; `interfaces` are addresses of this machine, by default all.
    """
    names: set[str] = set()
    heard = asyncio.Event()

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Added and len(names) < MOST_SERVERS:
            names.add(name)
            heard.set()

    everywhere = InterfaceChoice.All if interfaces is None else list(interfaces)
    listener = AsyncZeroconf(interfaces=everywhere, ip_version=IPVersion.V4Only)
    try:
        browser = AsyncServiceBrowser(listener.zeroconf, SERVICE, handlers=[changed])
        try:
            async with asyncio.timeout(listen_s):
                await heard.wait()
                await asyncio.sleep(listen_s / 10)
        except TimeoutError:
            pass
        await browser.async_cancel()
        found = [await _announced(listener.zeroconf, name, listen_s) for name in sorted(names)]
    finally:
        await listener.async_close()
    return [one for one in found if one is not None]


async def _announced(zeroconf: Zeroconf, name: str, listen_s: float) -> Announced | None:
    info = AsyncServiceInfo(SERVICE, name)
    if not await info.async_request(zeroconf, listen_s * 1000):
        return None
    url = (info.properties.get(b"url") or b"").decode("ascii", "replace")
    if not url or len(url) > _LONGEST_URL or not all("!" <= character <= "~" for character in url):
        return None
    return Announced(url.rstrip("/"), tuple(info.parsed_addresses()))
