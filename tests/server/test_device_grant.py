"""The device grant, by RFC 8628: the way of a gateway that is let in, and every error on it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from paceline_server.grants.service import CLIENT_ID, CODE_LENGTH, GRANT_TYPE, LETTERS, LIFETIME_S
from paceline_server.platform.auth import form_key_of
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import PASSWORD, Person, RunningServer

BEGIN = {"client_id": CLIENT_ID, "scope": "gateway", "client_name": "hub in the hall"}


async def post(server: RunningServer, path: str, form: Any) -> tuple[int, dict[str, Any]]:
    async with server.http.post(f"/api/v1/oauth/{path}", data=form) as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


async def begin(server: RunningServer) -> dict[str, Any]:
    status, begun = await post(server, "device_authorization", BEGIN)
    assert status == 200
    return begun


async def poll(server: RunningServer, begun: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    form = {"grant_type": GRANT_TYPE, "device_code": begun["device_code"], "client_id": CLIENT_ID}
    return await post(server, "token", form)


async def log_in(server: RunningServer, name: str) -> Person:
    async with server.http.post("/api/v1/auth/login", json={"username": name, "password": PASSWORD}) as response:
        answer = await response.json()
        return Person(answer["user_id"], answer["access_token"])


async def decide(server: RunningServer, person: Person, code: str, decision: str = "approve") -> tuple[int, str]:
    form = {"user_code": code, "decision": decision, "form_key": form_key_of(person.token)}
    async with server.http.post("/device", data=form, headers=person.headers) as response:
        return response.status, await response.text()


async def test_a_gateway_is_let_in_by_a_person_and_gets_one_token(server: RunningServer, ann: Person) -> None:
    begun = await begin(server)
    assert (begun["expires_in"], begun["interval"]) == (LIFETIME_S, 5)
    assert begun["verification_uri"] == f"{server.url}/device"
    complete = urlsplit(begun["verification_uri_complete"])
    assert parse_qs(complete.query) == {"user_code": [begun["user_code"]]}
    assert re.fullmatch(rf"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", begun["user_code"])
    assert (await poll(server, begun))[1]["error"] == "authorization_pending"

    person = await log_in(server, "ann")
    async with server.http.get(f"/device?{complete.query}", headers=person.headers) as response:
        page = await response.text()
        assert response.status == 200
        assert "hub in the hall" in page and "127.0.0.1" in page and begun["user_code"] in page
    status, page = await decide(server, person, begun["user_code"])
    assert status == 200 and "Connected" in page
    server.clock.now_s += 5
    status, answer = await poll(server, begun)
    assert status == 200
    assert answer | {"access_token": "", "refresh_token": ""} == {
        "access_token": "",
        "refresh_token": "",
        "token_type": "Bearer",
        "scope": "gateway",
        "expires_in": 86_400,
        "user_id": ann.owner_id,
        "username": "ann",
    }
    server.clock.now_s += 5
    status, again = await poll(server, begun)
    assert (status, again["error"]) == (400, "invalid_grant")

    gateway = Person(ann.owner_id, answer["access_token"])
    assert (await server.put(gateway, workout()[0].data, 0))[0] == 200
    assert (await server.get(gateway, f"/devices/{DEVICE_ID}/journal/{EPOCH}"))[0] == 200
    for path in (f"/users/{ann.owner_id}", f"/users/{ann.owner_id}/activities", "/workouts?metric=steps"):
        status, refusal = await server.get(gateway, path)
        assert (status, refusal["error"]) == (403, "scope")


async def test_the_owner_sees_the_gateway_and_takes_it_back(server: RunningServer, ann: Person, bob: Person) -> None:
    begun, person = await begin(server), await log_in(server, "ann")
    await decide(server, person, begun["user_code"])
    gateway = Person(ann.owner_id, (await poll(server, begun))[1]["access_token"])
    path = f"/users/{ann.owner_id}/tokens"
    listed = (await server.get(person, path))[1]["tokens"]
    assert {token["kind"]: token["label"] for token in listed}["gateway"] == "hub in the hall"
    assert [token["kind"] for token in listed if token["this_one"]] == ["session"]
    (token_id,) = (token["token_id"] for token in listed if token["kind"] == "gateway")
    other = await log_in(server, "bob")
    for who, status in ((other, 404), (gateway, 403), (ann, 403), (person, 204), (person, 404)):
        async with server.http.delete(f"/api/v1{path}/{token_id}", headers=who.headers) as response:
            assert response.status == status
    assert (await server.put(gateway, b"", 0))[0] == 401
    assert bob.owner_id


async def test_who_was_logged_in_anywhere_is_out_and_gateways_stay(server: RunningServer, ann: Person) -> None:
    begun, first, second = await begin(server), await log_in(server, "ann"), await log_in(server, "ann")
    await decide(server, first, begun["user_code"])
    gateway = Person(ann.owner_id, (await poll(server, begun))[1]["access_token"])
    own = f"/users/{ann.owner_id}"
    async with server.http.post(f"/api/v1{own}/logout-everywhere", headers=first.headers) as response:
        assert response.status == 204
    assert [(await server.get(who, own))[0] for who in (first, second, ann)] == [401, 401, 200]
    assert (await server.put(gateway, b"", 0))[0] == 200


async def test_a_refused_gateway_gets_nothing(server: RunningServer, ann: Person) -> None:
    begun, person = await begin(server), await log_in(server, "ann")
    status, page = await decide(server, person, begun["user_code"], "refuse")
    assert status == 200 and "Refused" in page
    for _ in range(2):
        status, answer = await poll(server, begun)
        assert (status, answer["error"]) == (400, "access_denied")
    assert (await decide(server, person, begun["user_code"]))[0] == 400
    assert ann.owner_id


async def test_nobody_in_time(server: RunningServer, ann: Person) -> None:
    begun, person = await begin(server), await log_in(server, "ann")
    server.clock.now_s += LIFETIME_S
    assert (await decide(server, person, begun["user_code"]))[0] == 400
    status, answer = await poll(server, begun)
    assert (status, answer["error"]) == (400, "expired_token")
    server.clock.now_s += 3601
    await begin(server)  # clears up
    assert (await poll(server, begun))[1]["error"] == "invalid_grant"
    assert ann.owner_id


async def test_polling_too_fast_slows_down_for_good(server: RunningServer) -> None:
    begun = await begin(server)
    errors = [(await poll(server, begun))[1]["error"]]
    for wait_s in (4, 9, 15, 15, 14):  # 5, then 10, then 15 s apart
        server.clock.now_s += wait_s
        errors.append((await poll(server, begun))[1]["error"])
    pending, slow = "authorization_pending", "slow_down"
    assert errors == [pending, slow, slow, pending, pending, slow]


@pytest.mark.parametrize(
    ("path", "form", "status", "error"),
    [
        ("device_authorization", {"scope": "gateway"}, 400, "invalid_request"),
        ("device_authorization", {"client_id": "else"}, 401, "invalid_client"),
        ("device_authorization", {"client_id": CLIENT_ID, "scope": "api"}, 400, "invalid_scope"),
        ("device_authorization", [("client_id", CLIENT_ID), ("client_id", CLIENT_ID)], 400, "invalid_request"),
        ("device_authorization", b"{}", 400, "invalid_request"),
        ("token", {"client_id": CLIENT_ID, "grant_type": GRANT_TYPE}, 400, "invalid_request"),
        (
            "token",
            {"client_id": "x", "grant_type": "password", "device_code": "x"},
            400,
            "unsupported_grant_type",
        ),
        ("token", {"client_id": "else", "grant_type": GRANT_TYPE, "device_code": "x"}, 401, "invalid_client"),
        ("token", {"client_id": CLIENT_ID, "grant_type": GRANT_TYPE, "device_code": "x"}, 400, "invalid_grant"),
    ],
)
async def test_each_error_has_its_word(server: RunningServer, path: str, form: Any, status: int, error: str) -> None:
    got, answer = await post(server, path, form)
    assert (got, answer["error"]) == (status, error)
    assert answer["error_description"]


async def test_codes_can_be_asked_for_and_guessed_at_only_so_often(server: RunningServer, ann: Person) -> None:
    begun = [await begin(server) for _ in range(10)]
    assert len({one["user_code"] for one in begun}) == 10
    assert (await post(server, "device_authorization", BEGIN))[0] == 429
    person = await log_in(server, "ann")
    tries = [(await decide(server, person, "B" * CODE_LENGTH))[0] for _ in range(11)]
    assert tries == [400] * 10 + [429]
    assert ann.owner_id


async def test_only_the_form_of_ones_own_page_lets_a_gateway_in(server: RunningServer, ann: Person) -> None:
    begun, person = await begin(server), await log_in(server, "ann")
    key = form_key_of(person.token)
    form = {"user_code": begun["user_code"], "decision": "approve"}
    for sent, headers in (
        (form, {}),
        (form | {"form_key": form_key_of(ann.token)}, {}),
        (form | {"form_key": key}, {"Origin": "https://elsewhere.example"}),
    ):
        cookie = {"Cookie": f"paceline_session={person.token}"} | headers
        async with server.http.post("/device", data=sent, headers=cookie) as response:
            assert response.status == 403
    async with server.http.post("/device", data=form | {"form_key": key}) as response:
        assert response.url.path == "/login"
    assert (await poll(server, begun))[1]["error"] == "authorization_pending"


async def test_neither_device_codes_nor_tokens_are_kept(server: RunningServer, ann: Person) -> None:
    begun, person = await begin(server), await log_in(server, "ann")
    kept = server.kept()
    assert begun["device_code"].encode() not in kept
    await decide(server, person, begun["user_code"].lower().replace("-", " "))
    token = (await poll(server, begun))[1]["access_token"]
    kept = server.kept()
    assert token.split(".")[1].encode() not in kept
    assert ann.owner_id
