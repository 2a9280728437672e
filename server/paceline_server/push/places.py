"""Where messages may be sent: push services that the operator names, at public addresses.

An endpoint comes from whoever is logged in. So that nobody can have the server ask machines of its own network, it
must be of a known host, by https at its usual port, and every address that the name has is looked at when it is asked.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from paceline_server.errors import UsageError
from paceline_server.push.model import LONGEST_ENDPOINT

USUAL = "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com"
"""The services of Chromium, Firefox, Edge and Safari."""
_HOST = re.compile(r"[0-9a-z][0-9a-z.-]*")


@dataclass(frozen=True, slots=True)
class Places:
    """Hosts and `*.hosts` that are public, and whole origins, as http://127.0.0.1:9000, that may be anywhere."""

    hosts: frozenset[str]
    origins: frozenset[str]

    def allow(self, endpoint: str) -> bool:
        """Say whether a message may be sent to this endpoint, as far as its name tells."""
        try:
            parts = urlsplit(endpoint)
            port, host = parts.port, parts.hostname or ""
        except ValueError:
            return False
        if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
            return False
        if parts.username is not None or parts.password is not None or "\\" in endpoint:
            return False
        if f"{parts.scheme}://{parts.netloc}" in self.origins:
            return True
        return parts.scheme == "https" and port in (None, 443) and self._is_known(host)

    def is_own(self, endpoint: str) -> bool:
        """Say whether the operator named this very origin, wherever it is."""
        parts = urlsplit(endpoint)
        return f"{parts.scheme}://{parts.netloc}" in self.origins

    def _is_known(self, host: str) -> bool:
        parents = {f"*.{host.split('.', number)[-1]}" for number in range(1, host.count(".") + 1)}
        return host in self.hosts or not parents.isdisjoint(self.hosts)


def places_of(setting: str) -> Places:
    """Read the setting `push_services`; UsageError for what is neither a host nor an origin."""
    named = [part.strip().rstrip("/") for part in setting.split(",") if part.strip()]
    for one in named:
        parts = urlsplit(one if "://" in one else f"https://{one.removeprefix('*.')}")
        if not _HOST.fullmatch(parts.hostname or "") or parts.path or parts.scheme not in ("http", "https"):
            raise UsageError(f"push_services: {one} is neither a host nor an origin like https://push.example.org")
    return Places(
        frozenset(one.lower() for one in named if "://" not in one), frozenset(one for one in named if "://" in one)
    )


class PublicAddresses(AbstractResolver):
    """Resolves names, and leaves out every address that is not of the public network."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a host; OSError when it has none."""
        found = public_only(await aiohttp.ThreadedResolver().resolve(host, port, family))
        if not found:
            raise OSError(f"{host} has no public address")
        return found

    async def close(self) -> None:
        """Nothing is held."""


def public_only(found: Sequence[ResolveResult]) -> list[ResolveResult]:
    """Return the addresses that are of the public network."""
    return [one for one in found if _is_public(one["host"])]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)
