"""Every route of the table, asked by programs of every scope."""

import pytest
from paceline_server.platform.policy import Action, Scope
from paceline_server.routes import ROWS
from server.running_server import RunningServer
from server.test_policy_routes import Walk, name_of

# What a program may that was given one scope: written out here, so that a slip in the routes' table is seen.
REACHED: dict[str, set[str]] = {
    "activities:read": {
        "GET /api/v1/users/{user_id}/activities",
        "GET /api/v1/users/{user_id}/activities/deleted",
        "GET /api/v1/users/{user_id}/stats",
        "GET /api/v1/users/{user_id}/progress",
        "GET /api/v1/users/{user_id}/recommendations",
        "GET /api/v1/users/{user_id}/achievements",
        "GET /api/v1/users/{user_id}/year",
        "GET /api/v1/activities/{activity_id}",
        "GET /api/v1/activities/{activity_id}/streams",
        "GET /api/v1/activities/{activity_id}/recordings",
        "GET /api/v1/activities/{activity_id}/file/{format}",
        "GET /api/v1/users/{user_id}/usual-gear",
        "GET /api/v1/activities/{activity_id}/original",
        "GET /api/v1/imports",
        "GET /api/v1/imports/{batch_id}",
        "GET /api/v1/users/{user_id}/goals",
        "GET /api/v1/goals/{goal_id}",
        "GET /api/v1/goals/{goal_id}/periods",
        "GET /api/v1/users/{user_id}/gear",
        "GET /api/v1/gear/{gear_id}",
        "GET /api/v1/activities/{activity_id}/gear",
        "GET /api/v1/activities/{activity_id}/feedback",
    },
    "activities:write": {
        "POST /api/v1/activities",
        "POST /api/v1/activities/start",
        "POST /api/v1/activities/{activity_id}/points",
        "POST /api/v1/activities/{activity_id}/finish",
        "POST /api/v1/activities/{activity_id}/restore",
        "POST /api/v1/imports",
        "PUT /api/v1/files/{file_name}",
        "POST /api/v1/imports/{batch_id}/confirm",
        "POST /api/v1/imports/{batch_id}/undo",
        "PATCH /api/v1/activities/{activity_id}",
        "PATCH /api/v1/activities/{activity_id}/recordings",
        "DELETE /api/v1/activities/{activity_id}",
        "POST /api/v1/goals",
        "PATCH /api/v1/goals/{goal_id}",
        "DELETE /api/v1/goals/{goal_id}",
        "PUT /api/v1/users/{user_id}/usual-gear",
        "POST /api/v1/gear",
        "POST /api/v1/gear/choices",
        "PATCH /api/v1/gear/{gear_id}",
        "DELETE /api/v1/gear/{gear_id}",
    },
    "live:read": {"GET /api/v1/activities/{activity_id}/live"},
    "daily:read": {
        "GET /api/v1/users/{user_id}/daily",
        "GET /api/v1/users/{user_id}/daily-rules",
        "GET /api/v1/workouts",
        "GET /api/v1/users/{user_id}/health",
        "GET /api/v1/users/{user_id}/meals",
        "GET /api/v1/meals/{meal_id}",
    },
    "daily:write": {
        "PUT /api/v1/users/{user_id}/daily/{day}/{metric}",
        "PUT /api/v1/users/{user_id}/daily-rules",
        "POST /api/v1/workouts",
        "POST /api/v1/meals",
        "PATCH /api/v1/meals/{meal_id}",
        "DELETE /api/v1/meals/{meal_id}",
    },
    "profile:read": {
        "GET /api/v1/users/{user_id}",
        "GET /api/v1/users/{user_id}/profile",
        "GET /api/v1/users/{user_id}/body",
        "GET /api/v1/users/{user_id}/body/{metric}/{day}",
    },
    "profile:write": {
        "PATCH /api/v1/users/{user_id}/profile",
        "PUT /api/v1/users/{user_id}/body/{metric}/{day}",
        "DELETE /api/v1/users/{user_id}/body/{metric}/{day}",
    },
    "devices:read": {
        "GET /api/v1/users/{user_id}/devices",
        "GET /api/v1/devices/{device_id}",
        "GET /api/v1/devices/{device_id}/journals",
        "GET /api/v1/households",
        "GET /api/v1/devices/{device_id}/slots",
        "GET /api/v1/devices/{device_id}/desired",
        "GET /api/v1/devices/{device_id}/desired/{kind}",
        "GET /api/v1/devices/{device_id}/status",
        "GET /api/v1/devices/{device_id}/events",
    },
    "devices:write": {
        "POST /api/v1/devices",
        "PATCH /api/v1/devices/{device_id}",
        "PUT /api/v1/households",
        "POST /api/v1/households/invitations",
        "POST /api/v1/households/join",
        "DELETE /api/v1/households/{host_id}/members/{member_id}",
        "PUT /api/v1/households/slots/{device_id}/{slot}",
        "PUT /api/v1/devices/{device_id}/slots/{slot}",
        "DELETE /api/v1/devices/{device_id}",
        "PUT /api/v1/devices/{device_id}/desired/{kind}",
        "DELETE /api/v1/devices/{device_id}/desired/{kind}",
        "PUT /api/v1/devices/{device_id}/settings",
        "PUT /api/v1/devices/{device_id}/plan",
    },
    "notices:read": {
        "GET /api/v1/users/{user_id}/notifications",
        "GET /api/v1/users/{user_id}/notification-rules",
        "GET /api/v1/users/{user_id}/push-subscriptions",
    },
    "notices:write": {
        "POST /api/v1/users/{user_id}/notifications/read",
        "PUT /api/v1/users/{user_id}/notification-rules",
        "POST /api/v1/users/{user_id}/push-subscriptions",
        "DELETE /api/v1/push-subscriptions/{subscription_id}",
        "DELETE /api/v1/notifications/{notification_id}",
    },
    "gateway": {
        "POST /api/v1/links",
        "POST /api/v1/links/answers",
        "POST /api/v1/devices",
        "GET /api/v1/devices/{device_id}/journal/{epoch}",
        "PUT /api/v1/devices/{device_id}/journal/{epoch}",
        "GET /api/v1/devices/{device_id}/desired",
        "GET /api/v1/devices/{device_id}/desired/{kind}",
        "PUT /api/v1/devices/{device_id}/status",
    },
    "admin": {"GET /api/v1/admin/events/dead", "POST /api/v1/admin/events/dead", "POST /api/v1/invitations"},
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_scope_opens_its_routes_and_no_others(server: RunningServer) -> None:
    walk = Walk(server)
    await walk.fill()
    assert REACHED.keys() == set(Scope)
    closed = {Action.READ, Action.WRITE, Action.CARRY, Action.CLAIM, Action.ACCOUNT, Action.OPERATE}
    wrong: list[str] = []
    for row in (row for row in ROWS if row.rule.action in closed):
        for scope in Scope:
            reached, name = name_of(row) in REACHED[scope], name_of(row)
            if reached and row.method == "DELETE":  # a thing can be deleted once; the other scopes are refused
                continue
            person = walk.root if scope is Scope.ADMIN else walk.ann
            status, text = await walk.ask(row, person, "app", frozenset({scope}))
            refused = (status == 403 and '"scope"' in text) or "Not from here" in text
            if refused is reached or status >= 500:
                wrong.append(f"{name} answers {scope} {status}: {text[:80]}")
    walk.database.close()
    assert wrong == []


def test_every_route_of_the_api_names_the_scope_of_programs() -> None:
    open_to_programs = {Action.READ, Action.WRITE, Action.CARRY, Action.CLAIM, Action.OPERATE}
    of_programs = [row for row in ROWS if row.path.startswith("/api/") and row.rule.action in open_to_programs]
    assert [name_of(row) for row in of_programs if not row.rule.scopes] == []
