"""From settings to what the ports need: the keeper of the context, and the place."""

import re
from collections.abc import Callable

from paceline_server.config import Config
from paceline_server.errors import UsageError
from paceline_server.tls.authority import fingerprint, load_or_make
from paceline_server.tls.keeper import FILE, GivenSource, OwnSource, TlsKeeper
from paceline_server.tls.machine import host_name, machine_names
from paceline_server.tls.place import Place

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


def own_names(config: Config) -> tuple[str, ...]:
    """Return the names of `tls_names`; UsageError for what is no name."""
    names = tuple(name.strip().lower() for name in (config.tls_names or "").split(",") if name.strip())
    for name in names:
        if not _NAME.fullmatch(name):
            raise UsageError(f"tls_names: {name} is no name of a machine")
    return names


def make_keeper(config: Config, clock: Callable[[], float]) -> tuple[TlsKeeper, str]:
    """Return the keeper of the certificate, and the own authority's fingerprint ("" with a given certificate); blocks.

    UsageError says which setting or file cannot be used.
    """
    if config.tls_certificate is not None and config.tls_key is not None:
        return TlsKeeper(GivenSource(config.tls_certificate, config.tls_key), clock), ""
    if config.tls_certificate is not None or config.tls_key is not None:
        raise UsageError("tls_certificate and tls_key belong together: give both, or neither")
    names, host = own_names(config), host_name()
    vouched = (*names, host) if host else names
    authority = load_or_make(config.data, f"Paceline of {host or 'this house'}", vouched, clock())
    source = OwnSource(authority, config.data / FILE, lambda: machine_names(names))
    return TlsKeeper(source, clock), fingerprint(authority.certificate)


def make_place(keeper: TlsKeeper) -> Place:
    """Return the place, its ports not yet known."""
    named = sorted(name for name in keeper.names if name != "localhost" and not name[:1].isdigit() and ":" not in name)
    host = host_name()
    best = f"{host}.local" if f"{host}.local" in keeper.names else (named or ["localhost"])[0]
    return Place(best.replace("*", "www"), lambda: keeper.names)
