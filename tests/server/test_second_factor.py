"""A second factor: set up, asked for in two steps, each code once, guesses bounded, recovery codes, switched off."""

from dataclasses import replace
from typing import Any

import pyotp
import pytest
from aiohttp import ClientSession, CookieJar
from paceline_server.cli import main
from paceline_server.keys import USERS
from server.running_server import PASSWORD, Person, RunningServer


async def ask(server: RunningServer, method: str, path: str, body: Any = None, who: Person | None = None) -> Any:
    headers = who.headers if who is not None else {}
    async with server.http.request(method, f"/api/v1{path}", json=body, headers=headers) as response:
        return response.status, await response.json() if response.content_type.endswith("json") else {}


async def log_in(server: RunningServer, name: str = "ann") -> tuple[int, dict[str, Any]]:
    return await ask(server, "POST", "/auth/login", {"username": name, "password": PASSWORD})


async def session(server: RunningServer, person: Person) -> Person:
    made = await server.app[USERS].begin_session(person.owner_id)
    return Person(person.owner_id, made.token)


def code_at(secret: str, server: RunningServer, later_s: float = 0) -> str:
    return pyotp.totp.TOTP(secret).at(int(server.clock() + later_s))


async def switched_on(server: RunningServer, who: Person) -> tuple[str, list[str]]:
    path = f"/users/{who.owner_id}/second-factor"
    status, made = await ask(server, "POST", path, who=who)
    assert status == 201 and made["uri"].startswith("otpauth://totp/Paceline:ann%40127.0.0.1")
    assert (await log_in(server))[0] == 200  # not asked for before it is confirmed
    assert (await ask(server, "POST", f"{path}/confirm", {"code": "000000"}, who))[1]["error"] == "second_factor_code"
    status, told = await ask(server, "POST", f"{path}/confirm", {"code": code_at(made["secret"], server)}, who)
    assert status == 200 and len(set(told["recovery_codes"])) == 10
    assert (await ask(server, "GET", path, who=who))[1] == {"on": True, "recovery_codes_left": 10}
    assert (await ask(server, "POST", path, who=who))[1]["error"] == "second_factor_on"
    return made["secret"], told["recovery_codes"]


async def test_log_in_takes_two_steps_and_each_code_once(server: RunningServer, ann: Person) -> None:
    who = await session(server, ann)
    secret, recovery = await switched_on(server, who)
    status, asked = await log_in(server)
    assert (status, asked["error"], asked["expires_in"]) == (401, "second_factor", 300)

    async def further(code: str) -> tuple[int, dict[str, Any]]:
        return await ask(server, "POST", "/auth/second-factor", {"ticket": asked["ticket"], "code": code})

    # That which confirmed it is used up; so is each after its log-in, and what lies too far off never holds.
    assert (await further(code_at(secret, server)))[1]["error"] == "second_factor_code"
    server.clock.now_s += 30
    code = code_at(secret, server)
    status, answer = await further(f"{code[:3]} {code[3:]}")
    assert status == 200
    person = Person(ann.owner_id, answer["access_token"])
    assert (await server.get(person, f"/users/{ann.owner_id}"))[0] == 200
    assert (await further(code))[1]["error"] == "second_factor_code"
    assert (await further(code_at(secret, server, 90)))[1]["error"] == "second_factor_code"
    assert (await further(recovery[3].upper()))[0] == 200
    assert (await further(recovery[3]))[1]["error"] == "second_factor_code"
    assert (await ask(server, "GET", f"/users/{ann.owner_id}/second-factor", who=who))[1]["recovery_codes_left"] == 9


async def test_guesses_are_bounded_for_the_account_and_outlast_a_restart(server: RunningServer, ann: Person) -> None:
    secret, _ = await switched_on(server, await session(server, ann))
    server.clock.now_s += 60
    ticket = (await log_in(server))[1]["ticket"]
    for _ in range(5):
        assert (await ask(server, "POST", "/auth/second-factor", {"ticket": ticket, "code": "000000"}))[0] == 401
    await server.stop()
    await server.start()
    right = {"ticket": ticket, "code": code_at(secret, server)}
    status, answer = await ask(server, "POST", "/auth/second-factor", right)
    assert (status, answer["error"]) == (429, "too_many_attempts") and 0 < answer["retry_after_s"] <= 31
    server.clock.now_s += 31
    right["code"] = code_at(secret, server)
    assert (await ask(server, "POST", "/auth/second-factor", right))[0] == 200


async def test_a_ticket_holds_five_minutes_and_not_beyond_its_password(server: RunningServer, ann: Person) -> None:
    who = await session(server, ann)
    secret, _ = await switched_on(server, who)
    first = (await log_in(server))[1]["ticket"]
    change = {"present": PASSWORD, "password": "another long one"}
    assert (await ask(server, "POST", f"/users/{ann.owner_id}/password", change, who))[0] == 204
    server.clock.now_s += 30
    for ticket in (first, first[:-8] + "AAAAAAA=", "x", "é"):
        body = {"ticket": ticket, "code": code_at(secret, server)}
        assert (await ask(server, "POST", "/auth/second-factor", body))[1]["error"] == "ticket"
    ticket = (await ask(server, "POST", "/auth/login", {"username": "ann", "password": "another long one"}))[1][
        "ticket"
    ]
    server.clock.now_s += 301
    body = {"ticket": ticket, "code": code_at(secret, server)}
    assert (await ask(server, "POST", "/auth/second-factor", body))[1]["error"] == "ticket"


async def test_changes_need_a_recent_log_in_and_switching_off_password_and_code(
    server: RunningServer, ann: Person
) -> None:
    who = await session(server, ann)
    secret, _ = await switched_on(server, who)
    path = f"/users/{ann.owner_id}/second-factor"
    server.clock.now_s += 901
    for method, way in (("POST", ""), ("POST", "/recovery-codes")):
        assert (await ask(server, method, path + way, who=who))[1]["error"] == "log_in_again"
    assert (await ask(server, "POST", "/auth/prove", {"password": "wrong"}, who))[1]["error"] == "wrong_password"
    assert (await ask(server, "POST", "/auth/prove", {"password": PASSWORD}, who))[0] == 204
    assert len((await ask(server, "POST", f"{path}/recovery-codes", who=who))[1]["recovery_codes"]) == 10
    off = {"password": PASSWORD, "code": code_at(secret, server)}
    assert (await ask(server, "DELETE", path, off | {"password": "wrong"}, who))[1]["error"] == "wrong_password"
    assert (await ask(server, "DELETE", path, off | {"code": "1"}, who))[1]["error"] == "second_factor_code"
    assert (await ask(server, "DELETE", path, off, who))[0] == 204
    assert (await log_in(server))[0] == 200


async def test_the_secret_is_sealed_and_who_runs_the_server_can_reset_it(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    secret, codes = await switched_on(server, await session(server, ann))
    raw = pyotp.totp.TOTP(secret).byte_secret()
    files = server.kept()
    assert raw not in files and secret.encode() not in files and codes[0].encode() not in files
    await server.stop()
    assert main(["user", "ann", "--reset-second-factor", *server.place]) == 0
    assert capsys.readouterr().out == "ann logs in without a code\n"
    server.config = replace(server.config)
    await server.start()
    assert (await log_in(server))[0] == 200


async def test_the_pages_do_all_of_it_without_scripts(server: RunningServer, ann: Person) -> None:
    async with ClientSession(server.url, cookie_jar=CookieJar(unsafe=True)) as browser:

        async def page(path: str, form: dict[str, str] | None = None) -> str:
            way = browser.get(path) if form is None else browser.post(path, data=form)
            async with way as response:
                assert response.headers.get("Cache-Control"), path
                return f"{response.status} {response.url.path}\n{await response.text()}"

        def key_in(text: str) -> str:
            return text.partition('name="form_key" value="')[2].partition('"')[0]

        await page("/login", {"username": "ann", "password": PASSWORD})
        shown = await page("/account/security")
        shown = await page("/account/security/authenticator", {"form_key": key_in(shown)})
        assert "200 /account/security/authenticator" in shown
        secret = shown.partition('class="big-code key">')[2].partition("<")[0].replace(" ", "")
        assert "<svg" in await page("/account/security/authenticator.svg")
        form = {"form_key": key_in(shown), "code": "12"}
        assert "This code does not fit" in await page("/account/security/authenticator/confirm", form)
        form["code"] = code_at(secret, server)
        shown = await page("/account/security/authenticator/confirm", form)
        assert shown.count("<code>") == 10
        server.clock.now_s += 1000
        assert "/account/again" in (await page("/account/security")).partition("\n")[0]
        shown = await page("/account/again?next=/account/security")
        back = {"form_key": key_in(shown), "next": "/account/security", "password": PASSWORD}
        assert "10 recovery codes are left" in await page("/account/again", back)
        await page("/logout", {})
        shown = await page("/login", {"username": "ann", "password": PASSWORD, "next": "/account"})
        ticket = shown.partition('name="ticket" value="')[2].partition('"')[0]
        form = {"ticket": ticket, "code": "1", "next": "/account"}
        assert "does not fit" in await page("/login/code", form)
        form["code"] = code_at(secret, server)
        assert (await page("/login/code", form)).startswith("200 /account\n")
    assert ann.owner_id
