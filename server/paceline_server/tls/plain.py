"""What a server with TLS answers on its plain port: the install page and its files; all else is sent to the safe port.

No Strict-Transport-Security anywhere: it would hold for every port of the host, this one too, and whoever changes the
authority would lock browsers out of the page that helps.
"""

from collections.abc import Callable

from aiohttp import web

from paceline_server.errors import ForbiddenError
from paceline_server.keys import CLOCK, CONFIG
from paceline_server.operations.api import health
from paceline_server.pages.assets import PREFIX, serve
from paceline_server.pages.authority import show_authority
from paceline_server.pages.error_pages import error_page
from paceline_server.pages.install import show_certificate, show_install, show_profile
from paceline_server.platform.answers import ERROR_PAGE
from paceline_server.platform.gate import OPEN, Row
from paceline_server.platform.web import edge
from paceline_server.tls.place import PLACE, Place

_SHOWN = {
    "/install": show_install,
    "/ca.pem": show_authority,
    "/ca.crt": show_certificate,
    "/ca.mobileconfig": show_profile,
    "/healthz": health,
    PREFIX + "{name}": serve,
}


def make_plain_app(main: web.Application, place: Place, random_bytes: Callable[[int], bytes]) -> web.Application:
    """Make the application of the plain port, beside the one of the safe port."""
    app = web.Application(middlewares=[edge(main[CLOCK], random_bytes)], client_max_size=1)
    app[CONFIG] = main[CONFIG]
    app[PLACE] = place
    app[ERROR_PAGE] = error_page
    app.on_response_prepare.extend(main.on_response_prepare)  # security headers
    app.add_routes(
        [
            *[Row("GET", path, handler, OPEN).route() for path, handler in _SHOWN.items()],
            web.route("*", "/{path:.*}", _send_on),
        ]
    )
    return app


async def _send_on(request: web.Request) -> web.StreamResponse:
    secure = request.app[PLACE].secure(request.url.host or "")
    if request.method not in ("GET", "HEAD") or request.path.startswith("/api/"):
        # What was sent has travelled in clear already; a redirect would teach programs to go on so.
        raise ForbiddenError("plain", f"This port is not encrypted. Use {secure}, and a new token or password.")
    if request.path == "/":
        return web.Response(status=307, headers={"Location": "/install", "Cache-Control": "no-store"})
    location = secure + request.rel_url.raw_path_qs
    return web.Response(status=307, headers={"Location": location, "Cache-Control": "no-store"})
