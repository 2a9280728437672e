"""The page by which phones and browsers come to trust this server's own authority, and the files that they install."""

import asyncio
from typing import TYPE_CHECKING

import segno
from aiohttp import web

from paceline_server.keys import CONFIG
from paceline_server.pages.render import render
from paceline_server.tls.place import PLACE

if TYPE_CHECKING:
    from paceline_server.tls.offer import Offer

DER, PROFILE = "application/x-x509-ca-cert", "application/x-apple-aspen-config"


async def show_install(request: web.Request) -> web.Response:
    """GET /install: what to install, how on which device, what to compare, and whether it is trusted by now."""
    offer = await _offer(request)
    place = request.app.get(PLACE)
    host = request.url.host or ""
    secure = place.secure(host) if place is not None else str(request.url.origin())
    here = place.install(host) if place is not None else f"{secure}/install"
    response = render(
        "install.html",
        username=None,
        offer=offer,
        until=f"{offer.until:%-d %B %Y}",
        secure=secure,
        here=here,
        code=segno.make(here, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff"),
    )
    # The picture that shows only when the certificate is trusted comes from the safe port.
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' data: {secure}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    return response


async def show_certificate(request: web.Request) -> web.Response:
    """GET /ca.crt: the authority as DER, which Android, Windows and browsers take."""
    return _file((await _offer(request)).der, DER, "paceline-ca.crt")


async def show_profile(request: web.Request) -> web.Response:
    """GET /ca.mobileconfig: the authority as a profile, which iPhones, iPads and Macs take."""
    return _file((await _offer(request)).profile(), PROFILE, "paceline-ca.mobileconfig")


async def _offer(request: web.Request) -> "Offer":
    from paceline_server.tls.offer import read_offer  # noqa: PLC0415 (only where there is an authority)

    offer = await asyncio.to_thread(read_offer, request.app[CONFIG].data)
    if offer is None:
        raise web.HTTPNotFound
    return offer


def _file(body: bytes, content_type: str, name: str) -> web.Response:
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=content_type, headers=headers)
