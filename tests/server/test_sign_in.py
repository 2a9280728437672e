"""Signing in through a real provider, a process of its own; and everything by which its word can be wrong."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from aiohttp import ClientError, ClientSession, CookieJar
from paceline_server.addresses import store as addresses
from paceline_server.keys import DATABASE
from paceline_server.platform.auth import form_key_of
from server.made_database import made_database
from server.running_server import Person, RunningServer, StandingClock, log_in, make_person

WAIT_S = 180.0


@dataclass
class Home:
    """A server, its providers, and one browser."""

    server: RunningServer
    issuer: str
    browser: ClientSession

    async def at_provider(self, url: str, sub: str) -> str:
        """Sign in there and return where one is sent back to."""
        async with self.browser.post(url, data={"sub": sub}, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            return response.headers["Location"]

    async def out(self, provider: str = "mock", path: str = "/stats") -> str:
        """Begin and return where one is sent to."""
        url = f"{self.server.url}/sign-in/{provider}"
        async with self.browser.get(url, params={"next": path}, allow_redirects=False) as response:
            assert response.status == 303, await response.text()
            return response.headers["Location"]

    async def back(self, url: str) -> tuple[int, str, str]:
        """Come back; return status, where one is led then, and the page."""
        async with self.browser.get(url, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), await response.text()

    async def signed_in(self, sub: str, provider: str = "mock") -> tuple[int, str, str]:
        """Go the whole way."""
        return await self.back(await self.at_provider(await self.out(provider), sub))

    async def knows(self, sub: str, **claims: object) -> None:
        """Tell the provider who somebody is."""
        async with self.browser.put(f"{self.issuer}/users/{sub}", json=claims) as response:
            assert response.status < 300, await response.text()


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def provider(*options: str) -> tuple[asyncio.subprocess.Process, str]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *options),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(WAIT_S), ClientSession() as client:
        while True:
            try:
                async with client.get(f"{url}/.well-known/openid-configuration") as response:
                    if response.status == 200:
                        return process, url
            except ClientError:
                assert process.returncode is None
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def providers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, str]]:
    """The operator's file of providers, two of which are up, and the address of the good one."""
    (good, url), (stale, stale_url) = await asyncio.gather(provider(), provider("--token-max-age", "-300"))
    table = 'client_id = "paceline"\nclient_secret = "s"\n'
    other = url.replace("127.0.0.1", "localhost")
    file = tmp_path_factory.mktemp("providers") / "providers.toml"
    file.write_text(
        f'[mock]\nlabel = "Mock & Co"\nissuer = "{url}"\n{table}'
        f'[trusted]\nissuer = "{other}"\n{table}trust_email = true\n'
        f'[stale]\nissuer = "{stale_url}"\n{table}'
        f'[slash]\nissuer = "{url}/"\n{table}'
        f'[down]\nissuer = "http://127.0.0.1:{free_port()}"\n{table}'
    )
    file.chmod(0o600)
    yield file, url
    for process in (good, stale):
        process.terminate()
        await process.wait()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, providers: tuple[Path, str]
) -> AsyncIterator[tuple[RunningServer, str]]:
    """A server on each engine that knows the providers."""
    data, clock = tmp_path_factory.mktemp("sign-in") / "data", StandingClock()
    clock.now_s = time.time()
    with made_database(request, request.param, data) as database_url:
        server = RunningServer(data, clock, database_url)
        server.config = replace(server.config, sign_in_providers=providers[0], registration="open")
        await server.start()
        yield server, providers[1]
        await server.stop()


@pytest.fixture
async def home(served: tuple[RunningServer, str]) -> AsyncIterator[Home]:
    server, issuer = served
    server.clock.now_s = time.time()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        yield Home(server, issuer, browser)


async def who(home: Home) -> str:
    """Return whose account the browser has open."""
    async with home.browser.get(f"{home.server.url}/account", allow_redirects=False) as response:
        return await response.text() if response.status == 200 else ""


async def enter(home: Home, person: Person) -> None:
    home.browser.cookie_jar.update_cookies({"paceline_session": person.token})


async def test_somebody_new_chooses_a_name_and_comes_in_again(home: Home) -> None:
    status, location, _ = await home.signed_in("zoe@mock.example")
    assert (status, location) == (303, "/welcome")
    async with home.browser.get(f"{home.server.url}/welcome") as response:
        page = await response.text()
        assert "zoe@mock.example" in page and 'value="zoe"' in page
    make_person(home.server, "zoe")  # somebody else has the name
    for name, status in (("zoe", 409), ("zoe!", 400), ("zoe.b", 303), ("zoe.c", 303)):
        form = {"username": name}
        async with home.browser.post(f"{home.server.url}/welcome", data=form, allow_redirects=False) as response:
            assert response.status == status
            led = response.headers.get("Location")
    assert led == "/login"  # the second account was not made
    assert "zoe.b" in await who(home)
    home.browser.cookie_jar.clear()
    assert await home.signed_in("zoe@mock.example") == (303, "/stats", "")
    assert "zoe.b" in await who(home)


async def test_an_account_is_linked_by_who_is_logged_in_and_unlinked(home: Home) -> None:
    person = await log_in(home.server, make_person(home.server, "linda"))
    await enter(home, person)
    form = {"form_key": form_key_of(person.token)}
    url = f"{home.server.url}/account/sign-in"
    async with home.browser.post(f"{url}/mock", data=form) as response:
        onward = response.headers["Refresh"].partition("url=")[2]
        assert response.status == 200 and onward.startswith(home.issuer)
    assert (await home.back(await home.at_provider(onward, "linda-there")))[:2] == (303, "/account/sign-in")
    async with home.browser.get(url) as response:
        page = await response.text()
        assert "linda-there" in page and "Mock &amp; Co" in page
    home.browser.cookie_jar.clear()
    assert (await home.signed_in("linda-there"))[:2] == (303, "/stats")
    assert "linda" in await who(home)
    # Another account cannot have the same identity, and who is not logged in any more links nothing.
    other = await log_in(home.server, make_person(home.server, "linus"))
    home.browser.cookie_jar.clear()
    await enter(home, other)
    form = {"form_key": form_key_of(other.token)}
    async with home.browser.post(f"{url}/mock", data=form) as response:
        onward = response.headers["Refresh"].partition("url=")[2]
    assert (await home.back(await home.at_provider(onward, "linda-there")))[0] == 409
    async with home.browser.post(f"{url}/mock", data=form) as response:
        onward = response.headers["Refresh"].partition("url=")[2]
    await enter(home, await log_in(home.server, person))
    assert (await home.back(await home.at_provider(onward, "somebody")))[0] == 400
    async with home.browser.post(f"{url}/mock", data={}) as response:
        assert response.status == 403


async def test_a_verified_address_enters_its_account_only_where_that_is_trusted(home: Home) -> None:
    person = make_person(home.server, "mia")
    database = home.server.app[DATABASE]
    await database.write(addresses.want, person.owner_id, "mia@example.org")
    await database.write(addresses.confirm, person.owner_id, "mia@example.org")
    await home.knows("unverified", email="mia@example.org")
    await home.knows("verified", email="Mia@example.org", email_verified=True)
    assert (await home.signed_in("verified", "mock"))[:2] == (303, "/welcome")
    assert (await home.signed_in("unverified", "trusted"))[:2] == (303, "/welcome")
    assert await who(home) == ""
    assert (await home.signed_in("verified", "trusted"))[:2] == (303, "/stats")
    assert "mia" in await who(home)


async def test_a_server_that_takes_nobody_takes_nobody(home: Home, tmp_path: Path) -> None:
    closed = RunningServer(tmp_path / "data", home.server.clock)
    closed.config = replace(home.server.config, data=tmp_path / "data", database_url=None, registration="closed")
    await closed.start()
    there = replace(home, server=closed)
    status, _, page = await there.signed_in("late@mock.example")
    assert status == 403 and "no new accounts" in page and await who(there) == ""
    await closed.stop()


@pytest.mark.parametrize(("name", "told"), [("down", "no answer"), ("slash", "another issuer")])
async def test_a_provider_that_is_down_or_another_is_told(home: Home, name: str, told: str) -> None:
    status, location, page = await home.back(f"{home.server.url}/sign-in/{name}")
    assert status == 502 and told in page and not location


async def test_a_token_that_has_run_out_lets_nobody_in(home: Home) -> None:
    status, _, page = await home.signed_in("late", "stale")
    assert status == 502 and "expiry is wrong" in page and await who(home) == ""


def changed(url: str, **parameters: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | parameters)))


async def test_another_nonce_state_code_or_issuer_lets_nobody_in(home: Home) -> None:
    status, _, page = await home.back(await home.at_provider(changed(await home.out(), nonce="another"), "eve"))
    assert status == 502 and "nonce is wrong" in page
    there = await home.out()
    for change, status in (({"state": "another"}, 400), ({"iss": "https://evil.example"}, 400), ({"code": "x"}, 502)):
        assert (await home.back(changed(await home.at_provider(there, "eve"), **change)))[0] == status
        there = await home.out()
    good = await home.at_provider(there, "eve")
    home.browser.cookie_jar.clear()  # another browser
    assert (await home.back(good))[0] == 400
    late = await home.at_provider(await home.out(), "eve")
    home.server.clock.now_s += 901
    assert (await home.back(late))[0] == 400
    assert await who(home) == ""


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_nobody_is_led_elsewhere(home: Home, path: str) -> None:
    person = make_person(home.server, f"nora-{abs(hash(path))}")
    await enter(home, await log_in(home.server, person))
    there = await home.out(path=path)
    form = {"sub": f"nora {path}"}
    async with home.browser.post(there, data=form, allow_redirects=False) as response:
        status, location, _ = await home.back(response.headers["Location"])
    assert (status, location) == (303, "/welcome")
    async with home.browser.post(
        f"{home.server.url}/welcome", data={"username": f"n{abs(hash(path))}"}, allow_redirects=False
    ) as response:
        assert response.headers["Location"] == "/"
