"""API keys: made with the scopes that were chosen, shown once, with an end or without, and revocable."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from paceline_server.platform.auth import AUTHENTICATOR, form_key_of
from server.running_server import Person, RunningServer


async def make(server: RunningServer, person: Person, **body: Any) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/users/{person.owner_id}/tokens"
    fields = {"label": "Home Assistant", "scopes": ["daily:read", "activities:read"]} | body
    async with server.http.post(url, json=fields, headers=person.headers) as response:
        return response.status, await response.json()


async def test_a_key_reaches_what_its_scopes_open(one_server: RunningServer, someone: Person) -> None:
    status, made = await make(one_server, someone)
    assert (status, made["scopes"], made["expires_at"]) == (201, ["activities:read", "daily:read"], None)
    key, own = Person(someone.owner_id, made["token"]), f"/users/{someone.owner_id}"
    reached = [(await one_server.get(key, own + path))[0] for path in ("/activities", "/daily", "/profile", "/tokens")]
    assert reached == [200, 200, 403, 403]
    await one_server.app[AUTHENTICATOR].close()
    listed = (await one_server.get(someone, f"{own}/tokens"))[1]["tokens"]
    (shown,) = (token for token in listed if token["token_id"] == made["token_id"])
    assert (shown["kind"], shown["label"], shown["scopes"]) == ("api", "Home Assistant", made["scopes"])
    now = datetime.fromtimestamp(one_server.clock.now_s, UTC)
    assert shown["last_used_at"] == f"{now:%Y-%m-%dT%H:%M:%SZ}"
    assert made["token"] not in str(listed)
    url = f"/api/v1{own}/tokens/{made['token_id']}"
    async with one_server.http.delete(url, headers=someone.headers) as response:
        assert response.status == 204
    assert (await one_server.get(key, f"{own}/daily"))[0] == 401


async def test_a_key_ends_when_it_shall(one_server: RunningServer, someone: Person) -> None:
    ends = datetime.fromtimestamp(one_server.clock.now_s + 600, UTC)
    status, made = await make(one_server, someone, expires_at=ends.isoformat())
    assert status == 201 and made["expires_at"] == f"{ends:%Y-%m-%dT%H:%M:%SZ}"
    key, path = Person(someone.owner_id, made["token"]), f"/users/{someone.owner_id}/daily"
    assert (await one_server.get(key, path))[0] == 200
    one_server.clock.now_s += 600
    assert (await one_server.get(key, path))[0] == 401


async def test_the_last_use_is_kept_once_a_minute(one_server: RunningServer, someone: Person) -> None:
    key = Person(someone.owner_id, (await make(one_server, someone))[1]["token"])
    began_s, seen = one_server.clock.now_s, []
    for wait_s in (0, 59, 1, 30):
        one_server.clock.now_s += wait_s
        await one_server.get(key, f"/users/{someone.owner_id}/daily")
        await one_server.app[AUTHENTICATOR].close()
        listed = (await one_server.get(someone, f"/users/{someone.owner_id}/tokens"))[1]["tokens"]
        (used,) = (token["last_used_at"] for token in listed if token["kind"] == "api" and token["scopes"])
        seen.append(datetime.fromisoformat(used).timestamp() - int(began_s))
    assert seen == [0, 0, 60, 60]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes[0]"),
        ({"scopes": ["session"]}, "scopes[0]"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2026-01-01T00:00:00"}, "expires_at"),
        ({"owner_id": "x"}, "owner_id"),
    ],
)
async def test_what_cannot_be_is_named(
    one_server: RunningServer, someone: Person, body: dict[str, Any], field: str
) -> None:
    status, answer = await make(one_server, someone, **body)
    assert (status, answer["error"], answer["field"]) == (400, "field", field)


async def test_the_page_makes_shows_once_and_closes(one_server: RunningServer, someone: Person) -> None:
    async def post(where: str, **form: Any) -> str:
        sent = {"form_key": form_key_of(someone.token)} | form
        url = f"/account/apps/{where}"
        async with one_server.http.post(url, data=sent, headers=someone.headers) as response:
            assert response.headers["Cache-Control"] == "no-store" or response.history
            return await response.text()

    page = await post("keys", label="scale <b>", scope=["daily:write", "daily:read"], days="30")
    (token,) = re.findall(r'class="secret">([^<]+)<', page)
    assert "scale &lt;b&gt;" in page and "see your days" in page
    assert (await one_server.get(Person(someone.owner_id, token), f"/users/{someone.owner_id}/daily"))[0] == 200
    async with one_server.http.get("/account/apps", headers=someone.headers) as response:
        shown = await response.text()
    assert token not in shown and "scale &lt;b&gt;" in shown
    listed = (await one_server.get(someone, f"/users/{someone.owner_id}/tokens"))[1]["tokens"]
    (token_id,) = (each["token_id"] for each in listed if each["label"] == "scale <b>")
    assert "scale &lt;" in await post("keys", label="", scope=["daily:read"])  # still there, beside what is wrong
    assert "scale &lt;" not in await post("close", token_id=token_id)
    page = await post(
        "own", name="planner", redirect_uris="https://a.example/ \n https://b.example/", type="confidential"
    )
    assert len(re.findall(r'class="secret">', page)) == 2
    assert "javascript:x has a scheme" in await post("own", name="planner", redirect_uris="javascript:x")
    (client_id,) = set(re.findall(r'name="client_id" value="([^"]+)"', page))
    assert "a.example" not in await post("remove", client_id=client_id)
