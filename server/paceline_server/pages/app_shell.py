"""What makes the pages an app: the manifest that a home screen reads, and the page that is shown without a network."""

from aiohttp import web

from paceline_server.pages.assets import address
from paceline_server.pages.render import render
from paceline_server.platform.answers import json_response

PAPER = "#f4f2ec"  # tokens.css; a manifest knows one scheme


async def show_manifest(_request: web.Request) -> web.Response:
    """GET /app.webmanifest (https://www.w3.org/TR/appmanifest/)."""
    sizes = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
    icons = [
        {"src": address(name), "sizes": size, "type": "image/png", "purpose": purpose}
        for name, size, purpose in (*sizes, ("icon-maskable-512.png", "512x512", "maskable"))
    ]
    told = {
        "id": "/",
        "name": "Paceline",
        "short_name": "Paceline",
        "description": "Workouts recorded on your wrist or phone, kept on your own server.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["fitness", "health", "sports"],
        "shortcuts": [{"name": "Record a workout", "url": "/record"}, {"name": "Sync a wearable", "url": "/sync"}],
        "icons": [*icons, {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    response = json_response(told)
    response.content_type = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


async def show_offline(_request: web.Request) -> web.Response:
    """GET /offline: the same for everybody, kept by every browser that has the service worker."""
    return render("offline.html", username=None)
