"""Making an account: open, by invitation, closed; what is refused changes nothing."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from paceline_server.cli import main
from paceline_server.keys import ADDRESSES
from paceline_server.registration.service import INVITATION_LIFETIME_S
from server.running_server import PASSWORD, Person, RunningServer, make_person

Opened = Callable[[str], Awaitable[RunningServer]]
CLEO = {"username": "Cleo", "email": "cleo@example.org", "password": PASSWORD}


@pytest.fixture
def opened(server: RunningServer) -> Opened:
    """Give the server with registration of a mode."""

    async def restart(mode: str) -> RunningServer:
        await server.stop()
        server.config = replace(server.config, registration=mode)
        await server.start()
        return server

    return restart


async def post(server: RunningServer, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    async with server.http.post(f"/api/v1/{path}", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_open_to_all(opened: Opened) -> None:
    server = await opened("open")
    status, made = await post(server, "users", CLEO)
    assert (status, made["username"]) == (201, "cleo")
    status, session = await post(server, "auth/login", {"username": "cleo", "password": PASSWORD})
    assert (status, session["user_id"]) == (200, made["id"])
    person = Person(made["id"], session["access_token"])
    # The address counts once its link was opened.
    assert (await server.get(person, f"/users/{made['id']}/profile"))[1]["email"] is None
    assert (await server.app[ADDRESSES].get(made["id"])).waiting == "cleo@example.org"
    # Who comes first over the network is no admin: that is who has the machine.
    async with server.http.post("/api/v1/invitations", headers=person.headers) as response:
        assert response.status == 404
    status, answer = await post(server, "users", CLEO | {"username": "CLEO"})
    assert (status, answer["error"]) == (409, "username_taken")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"username": "../x"}, "username"),
        ({"username": ""}, "field"),
        ({"email": "cleo"}, "email"),
        ({"email": 1}, "field"),
        ({"password": "short"}, "password"),
    ],
)
async def test_what_cannot_be_an_account_is_refused(opened: Opened, change: dict[str, Any], error: str) -> None:
    server = await opened("open")
    status, answer = await post(server, "users", CLEO | change)
    assert (status, answer["error"]) == (400, error)
    assert (await post(server, "users", CLEO))[0] == 201


async def test_by_invitation_once_and_in_time(opened: Opened) -> None:
    server = await opened("invite")
    admin, ann = make_person(server, "root"), make_person(server, "ann")
    assert (await post(server, "invitations", None, **ann.headers))[0] == 404
    codes = []
    for _ in range(2):
        status, made = await post(server, "invitations", None, **admin.headers)
        assert status == 201
        codes.append(made["invitation"])
    for wrong in (None, "", codes[0][:-1]):
        status, answer = await post(server, "users", CLEO | {"invitation": wrong})
        assert (status, answer["error"]) == (403, "invitation")
    # A name that is taken costs no invitation.
    assert (await post(server, "users", CLEO | {"username": "ann", "invitation": codes[0]}))[0] == 409
    assert (await post(server, "users", CLEO | {"invitation": codes[0]}))[0] == 201
    assert (await post(server, "users", CLEO | {"username": "dan", "invitation": codes[0]}))[0] == 403
    server.clock.now_s += INVITATION_LIFETIME_S
    assert (await post(server, "users", CLEO | {"username": "dan", "invitation": codes[1]}))[0] == 403


async def test_closed_to_all(server: RunningServer) -> None:
    status, answer = await post(server, "users", CLEO)
    assert (status, answer["error"]) == (403, "registration_closed")
    async with server.http.get("/register") as response:
        assert "takes no new accounts" in await response.text()
    async with server.http.get("/login") as response:
        assert "/register" not in await response.text()


async def test_accounts_of_one_address_are_limited(opened: Opened) -> None:
    server = await opened("open")
    answers = [(await post(server, "users", CLEO | {"username": f"u{number}"}))[0] for number in range(11)]
    assert answers == [201] * 10 + [429]


async def test_the_page_makes_the_account_and_logs_in(opened: Opened) -> None:
    server = await opened("open")
    async with server.http.post("/register", data=CLEO | {"password": "short"}, allow_redirects=False) as response:
        page = await response.text()
        assert response.status == 400 and "10 to 1000 characters" in page and 'value="Cleo"' in page
        assert "short" not in page
    other = {"Origin": "https://elsewhere.example"}
    async with server.http.post("/register", data=CLEO, headers=other, allow_redirects=False) as response:
        assert response.status == 403
    clock = {"Cookie": "time_zone=Europe/Lisbon"}
    async with server.http.post("/register", data=CLEO, headers=clock, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/")
        cookie = {"Cookie": response.headers["Set-Cookie"].partition(";")[0]}
    async with server.http.get("/", headers=cookie) as response:
        assert response.status == 200 and "cleo" in await response.text()
    # The new account's days go by the clock of the browser that made it, until another is chosen.
    async with server.http.get("/account", headers=cookie) as response:
        page = await response.text()
        assert "<option selected>Europe/Lisbon</option>" in page
    (key, *_) = re.findall(r'name="form_key" value="([^"]+)"', page)
    chosen = {"form_key": key, "time_zone": "Asia/Tokyo"}
    async with server.http.post("/account/profile", data=chosen, headers=cookie) as response:
        assert "<option selected>Asia/Tokyo</option>" in await response.text()
    async with server.http.get("/notifications/settings", headers=cookie) as response:
        assert "By the clock of Asia/Tokyo" in await response.text()


async def test_the_operator_invites(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    server = await opened("invite")
    server.clock.now_s = 2e9
    assert main(["invite", *server.place, "--registration", "invite"]) == 0
    found = re.search(r"within a week\): (\S+)", capsys.readouterr().out)
    assert found is not None
    server.clock.now_s = 1.76e9
    assert (await post(server, "users", CLEO | {"invitation": found.group(1)}))[0] == 201
