"""Where this server is, as those who ask see it."""

from aiohttp import web

from paceline_server.keys import CONFIG


def origin_of(request: web.Request) -> str:
    """Return scheme, host and port of this server, without a slash behind."""
    config = request.app[CONFIG]
    if config.public_url is not None:
        return config.public_url.rstrip("/")
    return f"{'https' if config.secure_cookies else request.scheme}://{request.host}"
