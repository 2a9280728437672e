"""Every route of the table, asked by everybody: what it answers to whom."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from paceline_server.keys import APPS, DEVICES, HOUSEHOLDS
from paceline_server.notifications import store as notices
from paceline_server.notifications.model import GEAR, Tale
from paceline_server.passkeys import store as passkeys
from paceline_server.passkeys.model import Passkey
from paceline_server.platform.auth import form_key_of
from paceline_server.platform.database import Database
from paceline_server.platform.gate import Row
from paceline_server.platform.paging import Page
from paceline_server.platform.policy import Action, Kind, Scope
from paceline_server.platform.tokens import add_token, new_token
from paceline_server.routes import ROWS
from paceline_server.tls.authority import load_or_make
from server.journal_builder import DEVICE_ID, DEVICE_KEY, EPOCH, workout
from server.running_server import NOW_S, PASSWORD, Person, RunningServer, make_person

STATUS = {"epoch": 0, "end": 0, "confirmed": 0, "battery_percent": 0, "battery_millivolt": 0, "recording": 0} | {
    "fix": 0,
    "user": 0,
    "settings_version": 0,
    "plan_version": 0,
    "assistance_version": 0,
    "firmware": "0.1.0",
}
LOG_IN = {"username": "bob", "password": PASSWORD}
SENT = {"type": "running", "start_time": "2025-04-12T14:30:00Z"}
APP: dict[str, Any] = {"name": "planner", "redirect_uris": ["https://a.example/"]}
SETTINGS = {"users": [{"slot": 0}]}
GOAL = {"goal_type": "weekly_distance", "target_value": 20000}
SHOES = {"kind": "shoes", "name": "Blue shoes"}
NO_ID = "0199c000-0000-7000-8000-000000000000"
DAY_VALUE = {"source": "scale", "value": 61.5, "time": "2025-05-04T06:00:00Z"}


@dataclass(frozen=True)
class Example:
    """A request of a route that would do something to Ann, if `anns`; else the route is about who asks."""

    path: str = ""
    anns: bool = True
    send: dict[str, Any] = field(default_factory=dict)
    form: bool = False  # of a page: it needs the key that the log-in's pages carry


# What to fill into a path (users and activities are known when the test runs), and what to send.
EXAMPLES: dict[str, Example] = {
    "POST /api/v1/auth/login": Example(anns=False, send={"json": LOG_IN}),
    "POST /api/v1/auth/second-factor": Example(anns=False, send={"json": {}}),
    "POST /api/v1/auth/passkey/begin": Example(anns=False),
    "POST /api/v1/auth/passkey": Example(anns=False, send={"json": {}}),
    "POST /api/v1/auth/prove": Example(anns=False, send={"json": {"password": PASSWORD}}),
    "POST /api/v1/auth/recover": Example(anns=False, send={"json": {"account": "nobody"}}),
    "POST /api/v1/auth/new-password": Example(anns=False, send={"json": {}}),
    "POST /api/v1/auth/confirm-email": Example(anns=False, send={"json": {}}),
    "POST /api/v1/auth/logout": Example(anns=False),
    "POST /api/v1/oauth/device_authorization": Example(anns=False),
    "POST /api/v1/oauth/token": Example(anns=False, send={"data": {"client_id": "x"}}),
    "POST /api/v1/oauth/revoke": Example(anns=False, send={"data": {"client_id": "x"}}),
    "GET /.well-known/oauth-authorization-server": Example(anns=False),
    "GET /api/v1/users/{user_id}/apps": Example(),
    "POST /api/v1/users/{user_id}/apps": Example(send={"json": APP}),
    "DELETE /api/v1/users/{user_id}/apps/{client_id}": Example(),
    "POST /api/v1/users/{user_id}/tokens": Example(send={"json": {"label": "x", "scopes": ["daily:read"]}}),
    "POST /api/v1/users": Example(anns=False, send={"json": {}}),
    "POST /api/v1/invitations": Example(anns=False),
    "GET /api/v1/users/{user_id}/tokens": Example(),
    "DELETE /api/v1/users/{user_id}/tokens/{token_id}": Example(),
    "POST /api/v1/users/{user_id}/logout-everywhere": Example(),
    "POST /api/v1/users/{user_id}/password": Example(send={"json": {}}),
    "GET /api/v1/users/{user_id}/email": Example(),
    "PUT /api/v1/users/{user_id}/email": Example(send={"json": {"email": "ann@example.org"}}),
    "DELETE /api/v1/users/{user_id}/email": Example(),
    "GET /api/v1/users/{user_id}/second-factor": Example(),
    "POST /api/v1/users/{user_id}/second-factor": Example(),
    "POST /api/v1/users/{user_id}/second-factor/confirm": Example(send={"json": {"code": "x"}}),
    "POST /api/v1/users/{user_id}/second-factor/recovery-codes": Example(),
    "DELETE /api/v1/users/{user_id}/second-factor": Example(send={"json": {}}),
    "GET /api/v1/users/{user_id}/passkeys": Example(),
    "POST /api/v1/users/{user_id}/passkeys/begin": Example(),
    "POST /api/v1/users/{user_id}/passkeys": Example(send={"json": {}}),
    "PATCH /api/v1/users/{user_id}/passkeys/{passkey_id}": Example(send={"json": {}}),
    "DELETE /api/v1/users/{user_id}/passkeys/{passkey_id}": Example(),
    "GET /api/v1/users/{user_id}": Example(),
    "GET /api/v1/users/{user_id}/export": Example(),
    "DELETE /api/v1/users/{user_id}": Example(send={"json": {}}),
    "GET /api/v1/users/{user_id}/profile": Example(),
    "PATCH /api/v1/users/{user_id}/profile": Example(send={"json": {"sex": "female"}}),
    "GET /api/v1/users/{user_id}/body": Example(),
    "GET /api/v1/users/{user_id}/body/{metric}/{day}": Example(),
    "PUT /api/v1/users/{user_id}/body/{metric}/{day}": Example(send={"json": {"value": 61.5}}),
    "DELETE /api/v1/users/{user_id}/body/{metric}/{day}": Example(),
    "GET /api/v1/users/{user_id}/activities": Example(),
    "GET /api/v1/users/{user_id}/devices": Example(),
    "GET /api/v1/users/{user_id}/daily": Example(),
    "PUT /api/v1/users/{user_id}/daily/{day}/{metric}": Example(send={"json": DAY_VALUE}),
    "GET /api/v1/users/{user_id}/daily-rules": Example(),
    "PUT /api/v1/users/{user_id}/daily-rules": Example(send={"json": {"sources": ["phone"]}}),
    "GET /api/v1/users/{user_id}/stats": Example(),
    "GET /api/v1/users/{user_id}/progress": Example(),
    "GET /api/v1/users/{user_id}/recommendations": Example(),
    "GET /api/v1/users/{user_id}/goals": Example(),
    "POST /api/v1/goals": Example(anns=False, send={"json": GOAL}),
    "GET /api/v1/goals/{goal_id}": Example(),
    "GET /api/v1/goals/{goal_id}/periods": Example(),
    "PATCH /api/v1/goals/{goal_id}": Example(send={"json": {"title": "More"}}),
    "DELETE /api/v1/goals/{goal_id}": Example(),
    "GET /api/v1/users/{user_id}/gear": Example(),
    "GET /api/v1/users/{user_id}/usual-gear": Example(),
    "PUT /api/v1/users/{user_id}/usual-gear": Example(send={"json": {"usual": []}}),
    "POST /api/v1/gear": Example(anns=False, send={"json": SHOES}),
    "POST /api/v1/gear/choices": Example(anns=False, send={"json": {"activity_ids": [NO_ID], "gear_ids": None}}),
    "GET /api/v1/gear/{gear_id}": Example(),
    "PATCH /api/v1/gear/{gear_id}": Example(send={"json": {"name": "Red shoes"}}),
    "DELETE /api/v1/gear/{gear_id}": Example(),
    "GET /api/v1/activities/{activity_id}/gear": Example(),
    "GET /api/v1/users/{user_id}/notifications": Example(),
    "POST /api/v1/users/{user_id}/notifications/read": Example(send={"json": {}}),
    "DELETE /api/v1/notifications/{notification_id}": Example(),
    "GET /api/v1/workouts": Example("?metric=steps", anns=False),
    "POST /api/v1/workouts": Example(anns=False, send={"json": {"source": "phone"}}),
    "GET /api/v1/activities/{activity_id}": Example(),
    "GET /api/v1/activities/{activity_id}/streams": Example(),
    "GET /api/v1/activities/{activity_id}/file/{format}": Example(),
    "GET /api/v1/activities/{activity_id}/original": Example(),
    "POST /api/v1/imports": Example(anns=False, send={"data": b"no recording"}),
    "GET /api/v1/imports": Example(anns=False),
    "GET /api/v1/imports/{batch_id}": Example(),
    "POST /api/v1/imports/{batch_id}/confirm": Example(send={"json": {}}),
    "POST /api/v1/imports/{batch_id}/undo": Example(),
    "GET /api/v1/activities/{activity_id}/live": Example(),
    "POST /api/v1/activities": Example(anns=False, send={"json": SENT | {"duration": 60}}),
    "POST /api/v1/activities/start": Example(anns=False, send={"json": SENT}),
    "POST /api/v1/activities/{activity_id}/points": Example(send={"json": {"from": 0, "data_points": [{"time": 0}]}}),
    "POST /api/v1/activities/{activity_id}/finish": Example(send={"json": {}}),
    "PATCH /api/v1/activities/{activity_id}": Example(send={"json": {"title": "x"}}),
    "POST /api/v1/activities/{activity_id}/restore": Example(),
    "GET /api/v1/users/{user_id}/activities/deleted": Example(),
    "DELETE /api/v1/activities/{activity_id}": Example(),
    "POST /api/v1/devices": Example(anns=False, send={"json": {"device_id": "0" * 16, "device_key": "00" * 32}}),
    "GET /api/v1/households": Example(anns=False),
    "PUT /api/v1/households": Example(anns=False, send={"json": {"name": "Home"}}),
    "POST /api/v1/households/invitations": Example(anns=False),
    "POST /api/v1/households/join": Example(anns=False, send={"json": {}}),
    "DELETE /api/v1/households/{host_id}/members/{member_id}": Example(),
    "PUT /api/v1/households/slots/{device_id}/{slot}": Example(anns=False, send={"json": {}}),
    "GET /api/v1/devices/{device_id}/slots": Example(),
    "PUT /api/v1/devices/{device_id}/slots/{slot}": Example(send={"json": {"user_id": None}}),
    "GET /api/v1/devices/{device_id}": Example(),
    "PATCH /api/v1/devices/{device_id}": Example(send={"json": {"name": "Bike"}}),
    "DELETE /api/v1/devices/{device_id}": Example(),
    "GET /api/v1/devices/{device_id}/journals": Example(),
    "GET /api/v1/devices/{device_id}/journal/{epoch}": Example(),
    "PUT /api/v1/devices/{device_id}/journal/{epoch}": Example("?position=0", send={"data": b""}),
    "GET /api/v1/devices/{device_id}/desired": Example(),
    "GET /api/v1/devices/{device_id}/desired/{kind}": Example(),
    "PUT /api/v1/devices/{device_id}/desired/{kind}": Example(send={"data": b"x"}),
    "DELETE /api/v1/devices/{device_id}/desired/{kind}": Example(),
    "PUT /api/v1/devices/{device_id}/settings": Example(send={"json": SETTINGS}),
    "PUT /api/v1/devices/{device_id}/plan": Example(send={"json": {"plans": []}}),
    "GET /api/v1/devices/{device_id}/status": Example(),
    "PUT /api/v1/devices/{device_id}/status": Example(send={"json": STATUS}),
    "GET /api/v1/devices/{device_id}/events": Example(),
    "GET /api/v1/admin/events/dead": Example(anns=False),
    "POST /api/v1/admin/events/dead": Example(anns=False, send={"json": {}}),
    "GET /api/v1/openapi.json": Example(anns=False),
    "GET /healthz": Example(anns=False),
    "GET /readyz": Example(anns=False),
    "GET /metrics": Example(anns=False),
    "GET /": Example(anns=False),
    "GET /activities/{activity_id}": Example(),
    "POST /activities/{activity_id}/edit": Example(form=True),
    "POST /activities/{activity_id}/delete": Example(form=True),
    "POST /activities/{activity_id}/restore": Example(form=True),
    "GET /deleted": Example(anns=False),
    "GET /stats": Example(anns=False),
    "GET /training": Example(anns=False),
    "GET /goals": Example(anns=False),
    "POST /goals": Example(anns=False, form=True),
    "POST /goals/{goal_id}": Example(form=True),
    "GET /gear": Example(anns=False),
    "POST /gear": Example(anns=False, form=True),
    "POST /gear/{gear_id}": Example(form=True),
    "GET /notifications": Example(anns=False),
    "POST /notifications": Example(anns=False, form=True),
    "GET /devices": Example(anns=False),
    "POST /devices": Example(anns=False, form=True),
    "GET /devices/{device_id}": Example(),
    "POST /devices/{device_id}": Example(form=True),
    "GET /device": Example(anns=False),
    "POST /device": Example(anns=False, form=True),
    "GET /oauth/authorize": Example(anns=False),
    "POST /oauth/authorize": Example(anns=False, form=True),
    "GET /account": Example(anns=False),
    "GET /account/apps": Example(anns=False),
    "POST /account/apps/keys": Example(anns=False, form=True),
    "POST /account/apps/own": Example(anns=False, form=True),
    "POST /account/apps/close": Example(anns=False, form=True),
    "POST /account/apps/remove": Example(anns=False, form=True),
    "POST /account/profile": Example(anns=False, form=True),
    "POST /account/body": Example(anns=False, form=True),
    "GET /account/leave": Example(anns=False),
    "POST /account/leave": Example(anns=False, form=True),
    "POST /account/revoke": Example(anns=False, form=True),
    "POST /account/logout-everywhere": Example(anns=False, form=True),
    "GET /account/security": Example(anns=False),
    "POST /account/security/email": Example(anns=False, form=True),
    "POST /account/security/password": Example(anns=False, form=True),
    "POST /account/security/passkeys": Example(anns=False, form=True),
    "POST /account/security/passkeys/remove": Example(anns=False, form=True),
    "GET /account/security/authenticator": Example(anns=False),
    "GET /account/security/authenticator.svg": Example(anns=False),
    "POST /account/security/authenticator": Example(anns=False, form=True),
    "POST /account/security/authenticator/confirm": Example(anns=False, form=True),
    "POST /account/security/authenticator/off": Example(anns=False, form=True),
    "POST /account/security/recovery-codes": Example(anns=False, form=True),
    "GET /account/again": Example(anns=False),
    "POST /account/again": Example(anns=False, form=True),
    "POST /login/code": Example(anns=False, send={"data": {}}),
    "POST /login/passkey": Example(anns=False, send={"data": {}}),
    "GET /recover": Example(anns=False),
    "POST /recover": Example(anns=False, send={"data": {}}),
    "GET /recover/new": Example(anns=False),
    "POST /recover/new": Example(anns=False, send={"data": {}}),
    "GET /recover/{link}": Example(anns=False),
    "GET /confirm": Example(anns=False),
    "POST /confirm": Example(anns=False, send={"data": {}}),
    "GET /confirm/{link}": Example(anns=False),
    "GET /account/sign-in": Example(anns=False),
    "POST /account/sign-in/{provider}": Example(anns=False, form=True),
    "POST /account/unlink": Example(anns=False, form=True),
    "GET /sign-in/{provider}": Example(anns=False),
    "GET /sign-in/{provider}/callback": Example(anns=False),
    "GET /welcome": Example(anns=False),
    "POST /welcome": Example(anns=False),
    "GET /login": Example(anns=False),
    "POST /login": Example(anns=False, send={"data": LOG_IN}),
    "GET /register": Example(anns=False),
    "POST /register": Example(anns=False, send={"data": {"username": "!", "password": "p"}}),
    "POST /logout": Example(anns=False),
    "GET /install": Example(anns=False),
    "GET /ca.pem": Example(anns=False),
    "GET /api": Example(anns=False),
    "GET /ca.crt": Example(anns=False),
    "GET /ca.mobileconfig": Example(anns=False),
    "GET /static/{name}": Example(anns=False),
}
OWNERS = {  # action → which of Ann's log-ins may
    Action.READ: {"session", "api"},
    Action.WRITE: {"session", "api"},
    Action.CARRY: {"session", "api", "gateway"},
    Action.CLAIM: {"session", "api", "gateway"},
    Action.LEAVE: {"session", "api", "gateway"},
    Action.ACCOUNT: {"session"},
}


def name_of(row: Row) -> str:
    return f"{row.method} {row.path}"


def test_every_route_has_an_example_and_stands_in_the_table(server: RunningServer) -> None:
    assert {name_of(row) for row in ROWS} == EXAMPLES.keys()
    served = {
        f"{route.method} {route.resource.canonical}"
        for route in server.app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert served == EXAMPLES.keys()


async def reopen(server: RunningServer) -> None:
    """Let everybody make an account, as otherwise nobody may."""
    await server.stop()
    server.config = replace(server.config, registration="open")
    await server.start()


class Walk:
    """Asks with tokens of every reach."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.root = make_person(server, "root")  # the first one is the admin
        self.ann = make_person(server, "ann")
        self.bob = make_person(server, "bob")
        self.carol = make_person(server, "carol")
        self.database = Database(server.config.url)
        server.app[DEVICES].claim(self.ann.owner_id, DEVICE_ID, DEVICE_KEY)
        self._counter = 0

    async def join(self) -> None:
        """Let Carol into Ann's household."""
        await self.server.app[HOUSEHOLDS].make(self.ann.owner_id, "Home")
        code, _ = await self.server.app[HOUSEHOLDS].invite(self.ann.owner_id)
        await self.server.app[HOUSEHOLDS].join(self.carol.owner_id, code)

    async def fill(self) -> None:
        """Give Ann a workout and settings for her wearable."""
        await self.join()
        assert (await self.server.put(self.ann, workout()[0].data, 0))[0] == 200
        url = f"/api/v1/devices/{DEVICE_ID}/settings"
        async with self.server.http.put(url, json=SETTINGS, headers=self.ann.headers) as response:
            assert response.status == 200
        load_or_make(self.server.data, "Paceline", (), NOW_S)
        (activity,) = await self.server.activities(self.ann)
        async with self.server.http.post("/api/v1/goals", json=GOAL, headers=self.ann.headers) as response:
            goal = await response.json()
        async with self.server.http.post("/api/v1/gear", json=SHOES, headers=self.ann.headers) as response:
            shoes = await response.json()
        async with self.server.http.post("/api/v1/imports", data=b"none", headers=self.ann.headers) as response:
            batch = await response.json()
        app, _ = await self.server.app[APPS].register(self.ann.owner_id, "planner", APP["redirect_uris"], "public")
        passkey = Passkey(self.ann.owner_id, b"id", b"key", "127.0.0.1", 0, "phone", NOW_S)
        self.database.write_now(passkeys.add, passkey, 1)
        self.database.write_now(notices.tell, self.ann.owner_id, Tale(GEAR, "x", "Worn", "Worn out."), NOW_S)
        (notice,) = self.database.read_now(notices.page, self.ann.owner_id, Page(1))
        self.names = {
            "link": "x",
            "passkey_id": passkeys.id_of(passkey).hex(),
            "user_id": self.ann.owner_id,
            "activity_id": activity["activity_id"],
            "goal_id": goal["goal_id"],
            "batch_id": batch["batch_id"],
            "gear_id": shoes["gear_id"],
            "notification_id": notice.notice_id,
            "device_id": DEVICE_ID,
            "host_id": self.ann.owner_id,
            "member_id": self.carol.owner_id,
            "slot": "1",
            "epoch": str(EPOCH),
            "kind": "settings",
            "format": "fit",
            "name": "icon.svg",
            "metric": "weight_kg",
            "day": "2025-05-04",
            "client_id": app.client_id,
            "provider": "nobody",
            "token_id": hashlib.sha256(self.ann.token.encode()).hexdigest()[:16],
        }

    def token(self, person: Person, kind: str, scopes: frozenset[Scope] | None = None) -> str:
        """Make a fresh token, as routes may take it back."""
        self._counter += 1
        token = new_token(person.owner_id, self._counter.to_bytes)
        given = {"label": "walk", "now_s": NOW_S, "expires_at_s": None, "scopes": scopes}
        self.database.write_now(add_token, token, Kind(kind), **given)
        return token

    async def ask(
        self, row: Row, person: Person | None, kind: str, scopes: frozenset[Scope] | None = None
    ) -> tuple[int, str]:
        """Return status and text of the answer."""
        example = EXAMPLES[name_of(row)]
        token = self.token(person, kind, scopes) if person is not None else ""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        send: dict[str, Any] = example.send | ({"data": {"form_key": form_key_of(token)}} if example.form else {})
        url = row.path.format(**self.names) + example.path
        async with self.server.http.request(
            row.method, url, headers=headers, allow_redirects=False, **send
        ) as response:
            closed = person is None and row.rule.action is not Action.OPEN
            sent_to_log_in = closed and response.status == 303 and response.headers["Location"].startswith("/login")
            return (401 if sent_to_log_in else response.status), (await response.read()).decode("utf-8", "replace")


def may(row: Row, who: str, kind: str) -> bool:
    """Tell, without the policy, whether the route does for the caller what it is for."""
    action, anns = row.rule.action, EXAMPLES[name_of(row)].anns
    if action is Action.OPEN:
        return True
    if action is Action.OPERATE:
        return who == "admin" and kind != "gateway"
    return kind in OWNERS[action] and (who == "Ann" or (who != "nobody" and not anns))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_route_lets_in_whom_its_rule_names_and_nobody_else(server: RunningServer) -> None:
    await reopen(server)
    walk = Walk(server)
    await walk.fill()
    secrets = (walk.ann.owner_id, walk.names["activity_id"], DEVICE_ID)
    people: dict[str, Person | None] = {"nobody": None, "Bob": walk.bob, "admin": walk.root, "Ann": walk.ann}
    wrong: list[str] = []
    for row in sorted(ROWS, key=lambda row: row.method == "DELETE"):
        for who, person in people.items():
            # The session comes last, as a thing can be deleted once.
            for kind in ("gateway", "api", "session") if person is not None else ("none",):
                allowed = may(row, who, kind)
                if allowed and row.method == "DELETE" and kind != "session":
                    continue
                status, text = await walk.ask(row, person, kind)
                refused = status == 401 if person is None else status in {403, 404}
                if allowed == (status in {401, 403, 404}) or (not allowed and not refused):
                    wrong.append(f"{name_of(row)} answers {who} by {kind} {status}: {text[:80]}")
                if who != "Ann" and row.rule.action is not Action.OPEN and any(secret in text for secret in secrets):
                    wrong.append(f"{name_of(row)} tells {who} of Ann")
    walk.database.close()
    assert wrong == []
