"""The pages' routes, each with its rule."""

from paceline_server.pages.activities import show_activity, show_list
from paceline_server.pages.assets import PREFIX, serve
from paceline_server.pages.devices import show_device
from paceline_server.pages.login import log_in, log_out, show_log_in
from paceline_server.platform.gate import OPEN, READ, Row

PAGE_ROUTES: list[Row] = [
    Row("GET", "/", show_list, READ),
    Row("GET", "/activities/{activity_id}", show_activity, READ),
    Row("GET", "/devices/{device_id}", show_device, READ),
    Row("GET", "/login", show_log_in, OPEN),
    Row("POST", "/login", log_in, OPEN),
    Row("POST", "/logout", log_out, OPEN),
    Row("GET", PREFIX + "{name}", serve, OPEN),
]
