"""Every page that people see: the address of each route of pages/routes.py, and states that no plain address shows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from paceline_server.pages.routes import PAGE_ROUTES

# Routes that answer with no page of their own, and why.
NO_PAGE = {
    "/account/security/authenticator.svg": "a picture",
    "/app.webmanifest": "for browsers",
    "/ca.crt": "a certificate",
    "/ca.mobileconfig": "a certificate",
    "/ca.pem": "a certificate",
    "/confirm/{link}": "leads to /confirm",
    "/recover/{link}": "leads to /recover/new",
    "/sign-in/{provider}": "leads to the provider",
    "/static/{name}": "scripts and styles",
    "/tiles/{z}/{x}/{y}": "pictures",
    "/worker.js": "for browsers",
}
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
CONSENT = {
    "response_type": "code",
    "redirect_uri": "http://127.0.0.1/callback",
    "scope": "activities:read live:read",
    "state": "s",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as the walk opens it; `path` may name what tests/web/full_site.py made, such as {activity_id}."""

    name: str
    path: str
    logged_in: bool = True
    status: int = 200
    ready: str = "main"  # a selector that is there once the page stands
    lands: str = ""  # where the path leads, if elsewhere


def _of(route: str, path: str | None = None, **more: object) -> Shown:
    return Shown(route.strip("/").replace("/", "-").replace("{", "").replace("}", "") or "home", path or route, **more)  # pyright: ignore[reportArgumentType]


# Addresses that need more than their route; a new route with a name in braces needs a line here or in full_site.py.
SPECIAL = {
    "/activities/{activity_id}": _of("/activities/{activity_id}", ready="[data-rows]"),
    "/claim": _of("/claim", "/claim?code=0011-2233-4455-6677"),
    "/device": _of("/device", "/device?user_code={user_code}"),
    "/oauth/authorize": _of("/oauth/authorize", f"/oauth/authorize?client_id={{client_id}}&{urlencode(CONSENT)}"),
    "/account/again": _of("/account/again", "/account/again?next=/account/security"),
    "/sign-in/{provider}/callback": _of("/sign-in/{provider}/callback", "/sign-in/mock/callback", status=400),
    "/account/security/authenticator": _of("/account/security/authenticator", ready="img[src$='.svg']"),
    **{path: _of(path, logged_in=False) for path in ("/confirm", "/login", "/offline", "/recover", "/register")},
    "/install": _of("/install", logged_in=False),
    "/recover/new": _of("/recover/new", "/recover/{link}", logged_in=False, lands="/recover/new"),
    "/welcome": _of("/welcome", logged_in=False),
}
# What no route shows by itself.
STATES = (
    Shown("error-404", "/activities/nothing", status=404),
    Shown("consent-refused", "/oauth/authorize?client_id=nobody", status=400),
    Shown("device-asks", "/device"),
    Shown("recover-ended", "/recover/never", logged_in=False, status=400, lands="/recover/new"),
)
ROUTES = {row.path for row in PAGE_ROUTES if row.method == "GET"}
PAGES = (*(SPECIAL.get(route, _of(route)) for route in sorted(ROUTES - NO_PAGE.keys())), *STATES)
