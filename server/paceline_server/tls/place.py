"""Where a server with TLS is reached: what its install page says and where plain requests are sent."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from aiohttp import web


@dataclass(slots=True)
class Place:
    """The machine's name, the `names` of the certificate, and the ports, which are known once they are open.

    `plain_port` is None where there is no plain port.
    """

    host: str
    names: Callable[[], frozenset[str]]
    secure_port: int = 443
    plain_port: int | None = None

    def secure(self, asked: str) -> str:
        """Return the URL that is safe, without a path, by the host that was asked for where the certificate has it."""
        return f"https://{_bracketed(self.trusted(asked))}:{self.secure_port}"

    def install(self, asked: str) -> str:
        """Return the URL of the page that another device can open before it trusts anything."""
        host = self.trusted(asked)
        if _is_here(host):
            host = next((one for one in sorted(self.names()) if _is_home(one)), self.host)
        if self.plain_port is None:
            return f"https://{_bracketed(host)}:{self.secure_port}/install"
        return f"http://{_bracketed(host)}:{self.plain_port}/install"

    def trusted(self, asked: str) -> str:
        """Return the host that was asked for, or the machine's own name when the certificate does not have it."""
        return asked.lower() if asked.lower() in self.names() else self.host


PLACE: web.AppKey[Place] = web.AppKey("place")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_home(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.version == 4 and address.is_private and not address.is_loopback and not address.is_link_local
