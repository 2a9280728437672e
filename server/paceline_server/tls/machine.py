"""Under which names and addresses this machine is reached in its network."""

import socket
from ipaddress import ip_address

import ifaddr


def machine_names(own_names: tuple[str, ...]) -> frozenset[str]:
    """Return the machine's names, its mDNS names, its addresses now, this machine itself, and `own_names`."""
    host = host_name()
    named = {"localhost", host, f"{host}.local", f"paceline-on-{host}.local"} if host else {"localhost"}
    return frozenset({*named, *own_names, *machine_addresses()})


def host_name() -> str:
    """Return the machine's name without a domain, in small letters; empty when a certificate cannot hold it."""
    found = socket.gethostname().partition(".")[0].lower()
    return found if found.replace("-", "").isalnum() and found.isascii() else ""


def machine_addresses() -> frozenset[str]:
    """Return all addresses of the machine, but those that mean something on one of its wires only."""
    found = [
        ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    return frozenset(str(one) for one in found if one.version == 4 or not one.is_link_local)
