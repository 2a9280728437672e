"""What a request for consent must look like (RFC 6749, 4.1.1; RFC 7636, 4.3); pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from paceline_server.apps.model import LONGEST_URI, App
from paceline_server.apps.redirects import is_registered
from paceline_server.authorizations.model import Asked, Unfit
from paceline_server.errors import InvalidError
from paceline_server.platform.policy import Scope

GRANTABLE = frozenset(Scope) - {Scope.GATEWAY, Scope.ADMIN}
LONGEST_STATE = 500
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_UNKNOWN = ("request", "request_uri", "registration")


def checked(given: Mapping[str, str], app: App | None) -> Asked | Unfit:
    """Return what is asked for, or what to tell the app.

    InvalidError, for the person to see, when it is not known where the app may be told anything (4.1.2.1).
    """
    if app is None:
        raise InvalidError("client", "The app that sent you here is not known on this server.")
    redirect_uri, state = given.get("redirect_uri", ""), given.get("state", "")
    if len(redirect_uri) > LONGEST_URI or not is_registered(redirect_uri, app.redirect_uris):
        raise InvalidError("redirect_uri", f"{app.name} has not registered the address that it wants you sent back to.")
    if trouble := _trouble(given):
        return Unfit(redirect_uri, state if len(state) <= LONGEST_STATE else "", *trouble)
    scopes = frozenset(Scope(name) for name in given["scope"].split())
    return Asked(app, redirect_uri, scopes, state, given["code_challenge"])


def _trouble(given: Mapping[str, str]) -> tuple[str, str] | None:
    if given.get("response_type") != "code":
        return "unsupported_response_type", "The only response_type is code."
    if strange := [name for name in _UNKNOWN if name in given]:
        return f"{strange[0]}_not_supported", f"{strange[0]} is not taken here."
    if given.get("response_mode", "query") != "query":
        return "invalid_request", "The only response_mode is query."
    if len(given.get("state", "")) > LONGEST_STATE:
        return "invalid_request", f"state has at most {LONGEST_STATE} characters."
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        return "invalid_request", "A code_challenge by code_challenge_method S256 is needed (RFC 7636)."
    wanted = given.get("scope", "").split()
    if not wanted or not GRANTABLE.issuperset(wanted):
        return "invalid_scope", f"scope is one or more of {' '.join(sorted(GRANTABLE))}."
    return None


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """Return the redirect URI with parameters added to its query."""
    present = {name: value for name, value in parameters.items() if value}
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(present)}"
