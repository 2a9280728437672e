"""Where an app may have a person sent back to: exactly there. Pure."""

import re
from urllib.parse import urlsplit

from paceline_server.apps.model import LONGEST_URI, MOST_URIS
from paceline_server.errors import InvalidError, told

_LOOPBACK = ("127.0.0.1", "::1")
_PORT = re.compile(r"^http://(127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?(?=/|\?|$)")
_TEXT = re.compile(r"[!-~]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


def checked_redirects(uris: list[str]) -> tuple[str, ...]:
    """Return what an app registers; InvalidError says which cannot be one, and why."""
    if not 0 < len(uris) <= MOST_URIS:
        raise InvalidError("field", f"redirect_uris must be 1 to {MOST_URIS} addresses.", field="redirect_uris")
    for index, uri in enumerate(uris):
        if trouble := _trouble(uri):
            raise InvalidError("field", f"The address {uri[:80]} {trouble}.", field=f"redirect_uris[{index}]")
    return tuple(dict.fromkeys(uris))


def is_registered(uri: str, registered: tuple[str, ...]) -> bool:
    """Tell whether a request's redirect URI is one of the app's: the same text, but any port of loopback (8252, 7.3).

    Two addresses that only mean the same do not match (RFC 9700, 2.1).
    """
    if uri in registered:
        return True
    open_port = _without_port(uri)
    return open_port is not None and not _trouble(uri) and open_port in map(_without_port, registered)


def origin_for_policy(uri: str) -> str:
    """Return what a content security policy must allow a form to lead to, so that a browser follows the redirect."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def _trouble(uri: str) -> str:
    if not _TEXT.fullmatch(uri) or len(uri) > LONGEST_URI or any(mark in uri for mark in "\"'<>\\^`{|};,"):
        return told(f"is no address of at most {LONGEST_URI} plain characters")
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return told("is no address")
    if parts.fragment or "#" in uri:
        return told("has a fragment")  # RFC 6749, 3.1.2
    if "@" in parts.netloc:
        return told("names a user")
    if parts.scheme == "https":
        return "" if host else told("names no host")
    if parts.scheme == "http":
        return "" if host in _LOOPBACK else told("is plain http, which only http://127.0.0.1 and http://[::1] may be")
    # RFC 8252, 7.1: a scheme of one's own is a domain name backwards, so that no javascript:, data: or file: is one.
    return (
        "" if _SCHEME.fullmatch(parts.scheme) else told("has a scheme that is neither https nor like com.example.app")
    )


def _without_port(uri: str) -> str | None:
    return _PORT.sub(r"http://\1", uri) if _PORT.match(uri) else None
