"""Every route of the server, in one table."""

from aiohttp import web

from paceline_server.activities import api as activities
from paceline_server.daily import api as daily
from paceline_server.desired import api as desired
from paceline_server.device_events import api as device_events
from paceline_server.devices import api as devices
from paceline_server.journals import api as journals
from paceline_server.live import api as live
from paceline_server.pages.routes import PAGE_ROUTES
from paceline_server.platform.web import json_response
from paceline_server.users import api as users

V1 = "/api/v1"


async def health(_request: web.Request) -> web.Response:
    """GET /healthz: the process answers."""
    return json_response({"status": "ok"})


API_ROUTES = [
    web.post(f"{V1}/auth/login", users.log_in),
    web.post(f"{V1}/auth/logout", users.log_out),
    web.get(f"{V1}/users/{{user_id}}", users.get_user),
    web.get(f"{V1}/users/{{user_id}}/activities", activities.list_activities),
    web.get(f"{V1}/users/{{user_id}}/devices", devices.list_devices),
    web.get(f"{V1}/users/{{user_id}}/daily", daily.list_days),
    web.get(f"{V1}/workouts", daily.metric_history),
    web.get(f"{V1}/activities/{{activity_id}}", activities.get_activity),
    web.get(f"{V1}/activities/{{activity_id}}/streams", activities.get_streams),
    web.get(f"{V1}/activities/{{activity_id}}/live", live.watch),
    web.delete(f"{V1}/activities/{{activity_id}}", activities.delete_activity),
    web.get(f"{V1}/devices/{{device_id}}/journal/{{epoch}}", journals.get_journal),
    web.put(f"{V1}/devices/{{device_id}}/journal/{{epoch}}", journals.put_journal),
    web.get(f"{V1}/devices/{{device_id}}/desired", desired.list_desired),
    web.get(f"{V1}/devices/{{device_id}}/desired/{{kind}}", desired.get_desired),
    web.put(f"{V1}/devices/{{device_id}}/desired/{{kind}}", desired.put_desired),
    web.delete(f"{V1}/devices/{{device_id}}/desired/{{kind}}", desired.delete_desired),
    web.put(f"{V1}/devices/{{device_id}}/settings", desired.put_settings),
    web.put(f"{V1}/devices/{{device_id}}/plan", desired.put_plan),
    web.get(f"{V1}/devices/{{device_id}}/status", desired.get_status),
    web.put(f"{V1}/devices/{{device_id}}/status", desired.put_status),
    web.get(f"{V1}/devices/{{device_id}}/events", device_events.list_events),
    web.get("/healthz", health),
]

ROUTES = [*API_ROUTES, *PAGE_ROUTES]
