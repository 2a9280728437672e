"""Where this server is, as those who ask see it."""

from aiohttp import web

from paceline_server.keys import CONFIG


def origin_of(request: web.Request) -> str:
    """Return scheme, host and port of this server, without a slash behind."""
    scheme = "https" if request.app[CONFIG].secure_cookies else request.scheme
    return f"{scheme}://{request.host}"
