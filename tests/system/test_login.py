"""A gateway logs in at a real server, both processes of their own; a person approves, also where a proxy ends TLS."""

import asyncio
import re
import ssl
import stat
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession
from gateway.authority import Authority

PASSWORD = "correct horse battery"
DEVICE_ID, OTHER_ID, BOBS_ID, THIRD_ID = (f"001122334455667{number}" for number in "0123")
WAIT_S = 180.0


@dataclass
class Home:
    """A running server with the users ann and bob, and the folder of a gateway."""

    folder: Path
    data: Path
    url: str

    @property
    def settings(self) -> Path:
        """The gateway's settings file."""
        return self.folder / "gateway.toml"

    def key(self, name: str, content: bytes = bytes(range(32))) -> Path:
        """Write a device key."""
        path = self.folder / name
        path.write_text(content.hex())
        path.chmod(0o600)
        return path


async def start(module: str, *arguments: object) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", module, *map(str, arguments))
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT)


async def done(process: asyncio.subprocess.Process) -> tuple[int, str]:
    async with asyncio.timeout(WAIT_S):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def gateway(home: Home, *arguments: object) -> tuple[int, str]:
    return await done(await start("paceline_gateway", "--config", home.settings, *arguments))


async def read_until(process: asyncio.subprocess.Process, pattern: str) -> re.Match[str]:
    """Read what the process says until it fits."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(WAIT_S):
        while (found := re.search(pattern, said)) is None:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return found


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, str]]:
    """The data folder and the address of a server."""
    folder = tmp_path_factory.mktemp("server")
    data, password = folder / "data", folder / "password"
    password.write_text(PASSWORD)
    for name in ("ann", "bob"):
        status, said = await done(
            await start("paceline_server", "setup", "--data", data, "--username", name, "--password-file", password)
        )
        assert status == 0, said
    server = await start("paceline_server", "serve", "--data", data, "--port", 0)
    try:
        yield data, (await read_until(server, r"serves (http://\S+?)/ ")).group(1)
    finally:
        server.terminate()
        await server.wait()


@pytest.fixture
def home(tmp_path: Path, served: tuple[Path, str]) -> Home:
    """The server, and an empty folder for a gateway."""
    folder = tmp_path / "gateway"
    folder.mkdir()
    return Home(folder, *served)


@asynccontextmanager
async def behind_tls(tls: ssl.SSLContext, url: str) -> AsyncIterator[str]:
    """Give the address of a proxy that ends TLS before the server, as an operator may have it."""
    port = int(url.rpartition(":")[2])

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

    proxy = await asyncio.start_server(forward, "127.0.0.1", 0, ssl=tls)
    async with proxy:
        yield f"https://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"


async def decide(home: Home, code: str, decision: str = "approve", user: str = "ann") -> None:
    """Do what a person does in a browser."""
    async with ClientSession(home.url) as client:
        form = {"username": user, "password": PASSWORD}
        async with client.post("/login", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
            cookie = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
        async with client.get("/device", params={"user_code": code}, headers=cookie) as answer:
            page = await answer.text()
            assert answer.status == 200, page
        key = re.search(r'name="form_key" value="(\w+)"', page)
        assert key is not None
        form = {"user_code": code, "decision": decision, "form_key": key.group(1)}
        async with client.post("/device", data=form, headers=cookie) as answer:
            assert answer.status == 200


async def log_in(home: Home, *arguments: object, user: str = "ann") -> tuple[int, str]:
    process = await start("paceline_gateway", "--config", home.settings, "login", "--name", "hub", *arguments)
    code = (await read_until(process, r"\n    ([A-Z]{4}-[A-Z]{4})\n")).group(1)
    await decide(home, code, user=user)
    return await done(process)


async def test_a_gateway_logs_in_claims_and_logs_out(home: Home) -> None:
    home.settings.write_text(f'[wearables.{DEVICE_ID}]\nkey_file = "{home.key("a.key")}"\nname = "Anna"\n')
    status, said = await log_in(home, home.url)
    assert status == 0, said
    assert f"Logged in at {home.url} as ann." in said
    assert "Anna: its journals belong to this account." in said
    token = home.folder / "server.token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    bearer = {"Authorization": f"Bearer {token.read_text().split()[0]}"}
    desired = f"{home.url}/api/v1/devices/{DEVICE_ID}/desired"
    async with ClientSession() as client, client.get(desired, headers=bearer) as answer:
        assert answer.status == 200

    status, said = await gateway(home, "add", OTHER_ID, home.key("b.key"), "--name", "Ben")
    assert (status, said) == (0, f"{home.settings}: 2 wearables\n")

    status, said = await gateway(home, "logout")
    assert (status, said) == (0, "Logged out.\n")
    assert not token.exists()
    async with ClientSession() as client, client.get(desired, headers=bearer) as answer:
        assert answer.status == 401


async def test_a_strangers_wearable_is_neither_added_nor_taken(home: Home) -> None:
    status, said = await done(
        await start(
            "paceline_server", "claim", "--data", home.data, "--username", "bob", "--device-id", BOBS_ID,
            "--key-file", home.key("bobs.key"),
        )
    )  # fmt: skip
    assert status == 0, said
    process = await start("paceline_gateway", "--config", home.settings, "login", home.url)
    code = (await read_until(process, r"\n    ([A-Z]{4}-[A-Z]{4})\n")).group(1)
    await decide(home, code, "refuse")
    status, said = await done(process)
    assert status == 1 and "a person refused this gateway; nothing was changed" in said
    assert not home.settings.exists() and not (home.folder / "server.token").exists()

    status, said = await log_in(home, home.url)
    assert status == 0, said
    before = home.settings.read_text()
    for key in (home.key("bobs.key"), home.key("guessed.key", bytes(32))):
        status, said = await gateway(home, "add", BOBS_ID, key)
        assert status == 1 and "was not added: on the server it belongs to another account" in said
    assert home.settings.read_text() == before
    status, said = await gateway(home, "run")
    assert status == 1 and "there is none yet" in said


async def test_a_private_authority_is_pinned_once_a_person_has_compared_it(home: Home, tmp_path: Path) -> None:
    ours, theirs = Authority(tmp_path / "ours"), Authority(tmp_path / "theirs")
    (home.data / "ca.pem").write_bytes(ours.file.read_bytes())
    async with behind_tls(ours.server(), home.url) as url:
        status, said = await gateway(home, "login", url)
        assert status == 1
        found = re.search(r"SHA-256 fingerprint: (\S+)", said)
        assert found is not None and "give it with --fingerprint" in said
        status, said = await gateway(home, "login", url, "--fingerprint", "AA" * 32)
        assert status == 1 and "somebody may stand between" in said
        assert not home.settings.exists()
        status, said = await log_in(home, url, "--fingerprint", found.group(1))
        assert status == 0, said
        settings = tomllib.loads(home.settings.read_text())["server"]
        assert settings == {"url": url, "token_file": "server.token", "ca_file": "server-ca.pem"}
        assert (home.folder / "server-ca.pem").read_bytes() == ours.file.read_bytes()
        status, said = await gateway(home, "add", THIRD_ID, home.key("b.key"))
        assert status == 0, said
    # Whoever stands between with another authority gets nothing, also with what he shows at /ca.pem.
    async with behind_tls(theirs.server(), home.url) as url:
        status, said = await gateway(home, "login", url, "--ca-file", ours.file)
        assert status == 1 and "not vouched for" in said
        status, said = await gateway(home, "login", url, "--fingerprint", found.group(1))
        assert status == 1 and "not vouched for" in said
