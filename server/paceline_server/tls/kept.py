"""Where an application that answers by HTTPS carries its certificate's keeper; who does not loads none of it."""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from paceline_server.tls.keeper import TlsKeeper

KEEPER: web.AppKey["TlsKeeper"] = web.AppKey("tls_keeper")
