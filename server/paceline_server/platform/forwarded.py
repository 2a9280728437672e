"""Who really asks: behind proxies that are trusted, what they say; of IPv6 the network, as one host has all of it."""

import ipaddress
from collections.abc import Sequence

from aiohttp import web

from paceline_server.errors import UsageError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_HOPS = 20
OWN_BITS = 64  # of an IPv6 address: what a customer gets at least (RFC 6177)


def networks(text: str | None) -> tuple[Network, ...]:
    """Return the networks of the setting `trusted_proxies`: addresses or networks with commas between."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in (text or "").split(",") if part.strip())
    except ValueError as error:
        raise UsageError(f"trusted_proxies holds what is no address or network: {error}") from error


def as_sent(request: web.Request, trusted: Sequence[Network]) -> web.Request:
    """Return the request with the address and the scheme of the one who sent it."""
    peer = _address(request.remote or "")
    if peer is None:
        return request
    sender, scheme = peer, request.scheme
    if _among(peer, trusted):
        sender = _sender(peer, request.headers.getall("X-Forwarded-For", []), trusted)
        # The last proxy's word: those before it could have been written by anybody.
        told = ",".join(request.headers.getall("X-Forwarded-Proto", [])).split(",")[-1].strip().lower()
        scheme = told if told in {"http", "https"} else scheme
    remote = str(widened(sender))
    if remote == request.remote and scheme == request.scheme:
        return request
    return request.clone(remote=remote, scheme=scheme)


def widened(address: Address) -> Address:
    """Return the address by which a sender is counted: of IPv6 the first of its /64, of a mapped one the IPv4."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.is_loopback or address.is_link_local:
        return ipaddress.IPv6Address(int(address))
    return ipaddress.IPv6Address(int(address) >> OWN_BITS << OWN_BITS)


def _sender(peer: Address, fields: Sequence[str], trusted: Sequence[Network]) -> Address:
    """Return the last address on the way here that is not of a trusted proxy."""
    sender = peer
    for part in reversed(",".join(fields).split(",")[-MOST_HOPS:]):
        found = _address(part.strip())
        if found is None:
            return sender
        sender = found
        if not _among(found, trusted):
            return sender
    return sender


def _among(address: Address, trusted: Sequence[Network]) -> bool:
    plain = widened(address) if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in trusted if network.version == plain.version)


def _address(text: str) -> Address | None:
    try:
        # Some proxies write the port, too: 192.0.2.1:4711, [2001:db8::1]:4711.
        if text.startswith("["):
            text = text[1:].partition("]")[0]
        elif text.count(":") == 1:
            text = text.partition(":")[0]
        return ipaddress.ip_address(text)
    except ValueError:
        return None
