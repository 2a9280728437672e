"""Every route of the table, asked by everybody: what it answers to whom."""

import hashlib
from dataclasses import replace
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
from paceline_server.push import store as push
from paceline_server.push.model import Subscription
from paceline_server.routes import ROWS
from paceline_server.tls.authority import load_or_make
from server.journal_builder import DEVICE_ID, DEVICE_KEY, EPOCH, workout
from server.route_examples import APP, EXAMPLES, GOAL, SETTINGS, SHOES
from server.running_server import NOW_S, Person, RunningServer, make_person

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
        async with self.server.http.post(
            "/api/v1/meals", json={"energy_kcal": 1}, headers=self.ann.headers
        ) as response:
            meal = await response.json()
        self.database.write_now(notices.tell, self.ann.owner_id, Tale(GEAR, "x", "Worn", "Worn out."), NOW_S)
        notice = self.database.read_now(notices.page, self.ann.owner_id, Page(1))[0]  # an import's may be there, too
        self.database.write_now(push.add, Subscription(self.ann.owner_id, "0" * 32, "phone", b"x", NOW_S))
        self.names = {
            "link": "x",
            "passkey_id": passkeys.id_of(passkey).hex(),
            "user_id": self.ann.owner_id,
            "activity_id": activity["activity_id"],
            "goal_id": goal["goal_id"],
            "batch_id": batch["batch_id"],
            "file_name": "run.fit",
            "gear_id": shoes["gear_id"],
            "notification_id": notice.notice_id,
            "subscription_id": "0" * 32,
            "meal_id": meal["meal_id"],
            "device_id": DEVICE_ID,
            "host_id": self.ann.owner_id,
            "member_id": self.carol.owner_id,
            "slot": "1",
            "epoch": str(EPOCH),
            "kind": "settings",
            **dict.fromkeys("zxy", "0"),  # the one tile of the whole earth
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
