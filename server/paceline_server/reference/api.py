"""HTTP of the API's description."""

import asyncio

from aiohttp import web

from paceline_server.keys import POOL, REFERENCE
from paceline_server.platform.etags import not_modified
from paceline_server.platform.openapi.contract import Raw, gives


@gives(200, Raw("application/json", "An OpenAPI 3.1 document."), tagged=True)
async def get_document(request: web.Request) -> web.Response:
    """Read this document: every call of the API, what it takes and what it gives.

    The page `/api` is made of it.
    """
    reference = request.app[REFERENCE]
    # The first time it is made, which takes longer than other requests should wait.
    await asyncio.get_running_loop().run_in_executor(request.app[POOL], reference.make)
    headers = {"ETag": f'"{reference.tag}"', "Cache-Control": "public, no-cache"}
    if not_modified(request, reference.tag):
        return web.Response(status=304, headers=headers)
    return web.Response(body=reference.body, content_type="application/json", headers=headers)
