"""E-mail addresses that are confirmed, forgotten passwords, changed passwords: by letters that a real server takes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession, CookieJar
from argon2 import PasswordHasher
from paceline_server.cli import main
from paceline_server.errors import InvalidError
from paceline_server.keys import ADDRESSES, DATABASE, SECOND_FACTORS, USERS
from paceline_server.platform.passwords import Passwords, checked_password
from paceline_server.users import store as users
from server.post_office import PostOffice, link_in
from server.running_server import PASSWORD, Person, RunningServer, make_person
from server.test_second_factor import ask, code_at, session, switched_on

TO, NEW = "Ann@example.org", "a longer pass phrase"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    office = PostOffice()
    office.open()
    yield office
    office.close()


@pytest.fixture
async def mailing(server: RunningServer, office: PostOffice) -> AsyncIterator[RunningServer]:
    """The server, with that mail server set up."""
    await server.stop()
    mail = {"smtp_url": office.url, "mail_from": "run@example.org", "public_url": server.url}
    server.config = replace(server.config, **mail)
    await server.start()
    yield server
    await server.stop()  # while the mail server is there: a letter may be on its way


def end_of(link: str) -> str:
    return link.rpartition("/")[2]


async def confirmed(server: RunningServer, office: PostOffice, who: Person, to: str = TO) -> None:
    """Have an address count; the letter is taken out of the box."""
    await server.app[ADDRESSES].want(who.owner_id, to)
    await server.app[ADDRESSES].confirm(end_of(link_in(await office.letter())), "")
    await server.settled()
    office.letters.clear()


async def log_in(server: RunningServer, password: str) -> int:
    return (await ask(server, "POST", "/auth/login", {"username": "ann", "password": password}))[0]


async def test_an_address_counts_once_it_is_confirmed_and_the_old_one_is_told(
    mailing: RunningServer, office: PostOffice
) -> None:
    ann, bob = make_person(mailing, "ann"), make_person(mailing, "bob")
    who, path = await session(mailing, ann), f"/users/{ann.owner_id}/email"
    assert (await ask(mailing, "PUT", path, {"email": TO}, who))[1] == {"email": None, "waiting": TO}
    first = end_of(link_in(await office.letter()))
    assert (await ask(mailing, "PUT", path, {"email": TO}, who))[0] == 202
    second = end_of(link_in(await office.letter(2)))
    for link in (first, second[:-1] + "x", "x"):  # the later letter ends the one before
        assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": link}))[1]["error"] == "link"
    assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": second}))[0] == 204
    assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": second}))[1]["error"] == "link"
    assert (await ask(mailing, "GET", path, who=who))[1] == {"email": TO, "waiting": None}
    assert (await ask(mailing, "PUT", path, {"email": "new@example.org"}, who))[1]["email"] == TO
    third = end_of(link_in(await office.letter(3)))
    assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": third}))[0] == 204
    told = await office.letter(4)
    assert told["To"] == TO and "new@example.org" in told.get_content()
    # Nobody else gets an address that counts, in whatever case.
    await mailing.app[ADDRESSES].want(bob.owner_id, "NEW@example.org")
    fourth = end_of(link_in(await office.letter(5)))
    assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": fourth}))[1]["error"] == "email_taken"
    mailing.clock.now_s += 901
    assert (await ask(mailing, "PUT", path, {"email": TO}, who))[1]["error"] == "log_in_again"
    assert (await ask(mailing, "DELETE", path, who=who))[1]["error"] == "log_in_again"


async def test_a_link_of_a_day_ago_confirms_nothing(mailing: RunningServer, office: PostOffice) -> None:
    ann = make_person(mailing, "ann")
    await mailing.app[ADDRESSES].want(ann.owner_id, TO)
    link = end_of(link_in(await office.letter()))
    mailing.clock.now_s += 86401
    assert (await ask(mailing, "POST", "/auth/confirm-email", {"link": link}))[1]["error"] == "link"


async def test_a_forgotten_password_is_replaced_once_by_its_link(mailing: RunningServer, office: PostOffice) -> None:
    ann = make_person(mailing, "ann")
    await confirmed(mailing, office, ann)
    open_one = await session(mailing, ann)
    for account in ("ann@EXAMPLE.org", "nobody@example.org", "eve", "x" * 254):
        assert await ask(mailing, "POST", "/auth/recover", {"account": account}) == (202, {})
    link = end_of(link_in(await office.letter()))
    await mailing.settled()
    assert len(office.letters) == 1
    for password in ("short", "ann", "password123", "aaaaaaaaaaaa"):
        body = {"link": link, "password": password}
        assert (await ask(mailing, "POST", "/auth/new-password", body))[1]["error"] == "password"
    assert (await ask(mailing, "POST", "/auth/new-password", {"link": link, "password": NEW}))[0] == 204
    again = {"link": link, "password": "yet another one"}
    assert (await ask(mailing, "POST", "/auth/new-password", again))[1]["error"] == "link"
    assert (await log_in(mailing, PASSWORD), await log_in(mailing, NEW)) == (401, 200)
    assert (await mailing.get(open_one, f"/users/{ann.owner_id}"))[0] == 401  # sessions end
    assert (await mailing.get(ann, f"/users/{ann.owner_id}"))[0] == 200  # programs stay
    assert (await office.letter(2))["Subject"] == "Your password was changed"


async def test_links_end_after_an_hour_and_three_hold_at_a_time(mailing: RunningServer, office: PostOffice) -> None:
    ann = make_person(mailing, "ann")
    await confirmed(mailing, office, ann)
    for _ in range(5):
        assert (await ask(mailing, "POST", "/auth/recover", {"account": "ann"}))[0] == 202
        await mailing.settled()
    assert len(office.letters) == 3
    mailing.clock.now_s += 3601
    body = {"link": end_of(link_in(office.letters[0])), "password": NEW}
    assert (await ask(mailing, "POST", "/auth/new-password", body))[1]["error"] == "link"
    assert await log_in(mailing, PASSWORD) == 200


async def test_the_second_factor_is_still_asked_for_and_programs_close_if_wished(
    mailing: RunningServer, office: PostOffice
) -> None:
    ann = make_person(mailing, "ann")
    await confirmed(mailing, office, ann)
    secret, _ = await switched_on(mailing, await session(mailing, ann))
    await mailing.settled()
    office.letters.clear()
    assert (await ask(mailing, "POST", "/auth/recover", {"account": "ann"}))[0] == 202
    link = end_of(link_in(await office.letter()))
    mailing.clock.now_s += 30
    body = {"link": link, "password": NEW, "close_programs": True}
    for code in ("", "000000"):
        status, answer = await ask(mailing, "POST", "/auth/new-password", body | {"code": code})
        assert (status, answer["error"]) == (401, "second_factor_code")
    body["code"] = code_at(secret, mailing)
    assert (await ask(mailing, "POST", "/auth/new-password", body))[0] == 204
    assert (await mailing.get(ann, f"/users/{ann.owner_id}"))[0] == 401
    assert await mailing.app[SECOND_FACTORS].is_on(ann.owner_id)


async def test_the_pages_work_without_scripts_and_no_address_shows_the_link(
    mailing: RunningServer, office: PostOffice
) -> None:
    ann = make_person(mailing, "ann")
    await mailing.app[ADDRESSES].want(ann.owner_id, TO)
    link = link_in(await office.letter())
    async with ClientSession(mailing.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(link) as response:
            assert response.url.path == "/confirm" and "Confirm" in await response.text()
        assert (await mailing.app[ADDRESSES].get(ann.owner_id)).email is None  # opened by a program, perhaps
        async with browser.post("/confirm") as response:
            assert "counts from now on" in await response.text()
        async with browser.post("/confirm") as response:
            assert response.status == 400
        async with browser.post("/recover", data={"account": "ann"}) as response:
            assert "On its way" in await response.text()
        link = link_in(await office.letter(2))
        async with browser.get(link, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/recover/new")
            assert response.headers["Referrer-Policy"] == "no-referrer"
        async with browser.get("/recover/new") as response:
            assert "For ann." in await response.text()
        async with browser.post("/recover/new", data={"password": "short"}) as response:
            assert response.status == 400 and "10 to 1000" in await response.text()
        elsewhere = {"Origin": "https://elsewhere.example"}
        async with browser.post("/recover/new", data={"password": NEW}, headers=elsewhere) as response:
            assert response.status == 403
        async with browser.post("/recover/new", data={"password": NEW}) as response:
            assert response.url.path == "/login"
        async with browser.get("/recover/new") as response:
            assert response.status == 400 and "This link has ended" in await response.text()
    assert await log_in(mailing, NEW) == 200


async def test_a_password_is_changed_by_who_knows_it(server: RunningServer, ann: Person) -> None:
    who, other = await session(server, ann), await session(server, ann)
    path = f"/users/{ann.owner_id}/password"
    for body, error in (
        ({"present": "wrong", "password": NEW}, "wrong_password"),
        ({"present": PASSWORD, "password": "short"}, "password"),
        ({"present": PASSWORD, "password": "qwertyuiop"}, "password"),
    ):
        assert (await ask(server, "POST", path, body, who))[1]["error"] == error
    assert (await ask(server, "POST", path, {"present": PASSWORD, "password": NEW}, ann))[1]["error"] == "scope"
    assert (await ask(server, "POST", path, {"present": PASSWORD, "password": NEW}, who))[0] == 204
    for person, status in ((who, 200), (other, 401), (ann, 200)):
        assert (await server.get(person, f"/users/{ann.owner_id}"))[0] == status
    assert (await log_in(server, PASSWORD), await log_in(server, NEW)) == (401, 200)


@pytest.mark.parametrize(
    "password",
    ["1234567890", "Password123", "abcabcabcabc", "qwertyuiopas", "Berta", "berta2024!!", "paceline123", "9876543210"],
)
def test_the_worst_passwords_are_refused(password: str) -> None:

    with pytest.raises(InvalidError):
        checked_password(password, "berta")
    assert checked_password("correct horse battery", "berta") and checked_password("grün ist der Wald", "b")


async def test_a_hash_of_another_cost_is_made_anew_at_the_next_log_in(server: RunningServer, ann: Person) -> None:
    async def kept() -> str | None:
        return await server.app[DATABASE].read(users.password_hash_of, ann.owner_id)

    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    await server.app[DATABASE].write(users.set_password_hash, ann.owner_id, dearer.hash(PASSWORD))
    assert "m=16,t=2" in (await kept() or "")
    assert await log_in(server, "wrong") == 401 and "m=16,t=2" in (await kept() or "")
    assert await log_in(server, PASSWORD) == 200 and "m=8,t=1" in (await kept() or "")
    assert await log_in(server, PASSWORD) == 200
    dearer.close()


async def test_the_same_password_in_other_code_points_fits(server: RunningServer, ann: Person) -> None:
    server.app[USERS].create("zoe", "cafe\N{COMBINING ACUTE ACCENT} au lait")
    body = {"username": "zoe", "password": "caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait"}
    assert (await ask(server, "POST", "/auth/login", body))[0] == 200 and ann.owner_id


async def test_who_runs_the_server_prints_a_link(
    server: RunningServer, ann: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await server.stop()
    assert main(["user", "Ann", "--recover", *server.place]) == 0
    link = capsys.readouterr().out.rpartition("/recover/")[2].strip()
    assert main(["user", "eve", "--recover", *server.place]) == 1
    await server.start()
    assert (await ask(server, "POST", "/auth/new-password", {"link": link, "password": NEW}))[0] == 204
    server.clock.now_s += 1
    assert await log_in(server, NEW) == 200 and ann.owner_id
