"""The pages' routes."""

from aiohttp import web

from paceline_server.pages.activities import show_activity, show_list
from paceline_server.pages.assets import PREFIX, serve
from paceline_server.pages.devices import show_device
from paceline_server.pages.login import log_in, log_out, show_log_in

PAGE_ROUTES: list[web.RouteDef] = [
    web.get("/", show_list),
    web.get("/activities/{activity_id}", show_activity),
    web.get("/devices/{device_id}", show_device),
    web.get("/login", show_log_in),
    web.post("/login", log_in),
    web.post("/logout", log_out),
    web.get(PREFIX + "{name}", serve),
]
