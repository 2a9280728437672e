"""Tells the local network where the server is: mDNS, a service `_paceline._tcp` (RFC 6763) with a TXT entry `url`."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import ifaddr
from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

SERVICE = "_paceline._tcp.local."
_HTTP, _HTTPS = 80, 443


def url_of(host: str, port: int, scheme: str = "http") -> str:
    """Return the URL of a server that listens there, by this machine's name when it listens everywhere."""
    at = _address(host)
    if at is not None and at.is_unspecified:
        host = f"{socket.gethostname().partition('.')[0]}.local"
    shown = f"[{host}]" if at is not None and at.version == 6 and not at.is_unspecified else host
    return f"{scheme}://{shown}:{port}"


@asynccontextmanager
async def announced(url: str, host: str) -> AsyncIterator[None]:
    """Announce the URL while the block runs, with the addresses of `host`, where the server listens.

    Behind a proxy on this machine (`host` is a loopback, the URL is not) the addresses are those of the machine.
    OSError when the network cannot be told; ValueError for a URL that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f"{url} is no URL like https://host[:port][/folder]")
    at = _address(host)
    only_here = at is not None and at.is_loopback and _is_loopback(parts.hostname)
    one = at is not None and not at.is_unspecified and (only_here or not at.is_loopback)
    addresses = [str(at)] if one else _machine_addresses()
    name = f"Paceline on {socket.gethostname().partition('.')[0]}"
    info = AsyncServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        parsed_addresses=addresses,
        port=parts.port or (_HTTPS if parts.scheme == "https" else _HTTP),
        properties={"url": url.rstrip("/")},
        server=f"{name.replace(' ', '-').lower()}.local.",
    )
    interfaces = addresses if one else InterfaceChoice.All
    teller = AsyncZeroconf(interfaces=interfaces, ip_version=IPVersion.V4Only)
    try:
        await teller.async_register_service(info, allow_name_change=True)
        yield
        await teller.async_unregister_service(info)
    finally:
        await teller.async_close()


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    at = _address(host)
    return host == "localhost" if at is None else at.is_loopback


def _machine_addresses() -> list[str]:
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return [address for address in found if not ip_address(address).is_loopback]
