"""The built scripts and styles: hashed names from the manifest, served for ever."""

import json
import re
from functools import cache
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).resolve().parent.parent / "static"
DIST = FOLDER / "dist"
PREFIX = "/static/"
_FOR_EVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_COMPRESSED = {".gz", ".br"}
_HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")  # esbuild's names, chunks of scripts as well as entries


class AssetError(Exception):
    """The scripts and styles are not built; says how to build them."""


@cache
def manifest() -> dict[str, str]:
    """Return the built file of each entry; AssetError when nothing is built."""
    path = DIST / "manifest.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise AssetError(f"{path} is absent: `make web` builds it") from None


def address(entry: str) -> str:
    """Return the address of an entry of the build, such as "site.css"."""
    return f"{PREFIX}{manifest()[entry]}"


def built(entry: str) -> bool:
    """Tell whether the build made an entry that not every build makes."""
    return entry in manifest()


@cache
def _served() -> dict[str, Path]:
    files = [*DIST.iterdir(), *FOLDER.iterdir()] if DIST.is_dir() else [*FOLDER.iterdir()]
    return {
        path.name: path
        for path in files
        if path.is_file() and path.suffix not in _COMPRESSED and not path.name.startswith((".", "manifest"))
    }


async def serve_worker(_request: web.Request) -> web.FileResponse:
    """GET /worker.js: the service worker, which is for the whole site where it lies at its root."""
    policy = "default-src 'none'; connect-src 'self'"  # it asks for pages, and keeps them
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy, "Content-Type": "text/javascript"}
    return web.FileResponse(DIST / manifest()["worker.js"], headers=headers)


async def serve(request: web.Request) -> web.FileResponse:
    """GET /static/{name}: a file of the build, compressed as the browser asks (aiohttp takes the sibling)."""
    path = _served().get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": _FOR_EVER if _HASHED.search(path.name) else _A_DAY})
