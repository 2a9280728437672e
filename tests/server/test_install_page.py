"""The way onto phones: what the plain port answers, the files that platforms take, and where it sends all else."""

import plistlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from cryptography import x509
from paceline_server.app import make_runner
from paceline_server.tls.authority import Authority, fingerprint, load_or_make
from paceline_server.tls.place import PLACE, Place
from paceline_server.tls.plain import make_plain_app
from server.running_server import NOW_S, RunningServer, StandingClock

NAMES = frozenset({"127.0.0.1", "localhost", "hub.local", "192.168.178.20", "172.17.0.1"})


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    """A server."""
    running = RunningServer(tmp_path_factory.mktemp("install") / "data", StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def authority(served: RunningServer) -> Authority:
    """Its authority."""
    return load_or_make(served.data, "Paceline of hub", ("hub",), NOW_S)


@pytest.fixture(scope="module")
async def plain(served: RunningServer) -> AsyncIterator[ClientSession]:
    """Its plain port; that of TLS is said to be 8443."""
    place = Place("hub.local", lambda: NAMES, 8443, 8081)
    runner = make_runner(make_plain_app(served.app, place, bytes))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    timeout = ClientTimeout(total=20)
    async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}", timeout=timeout) as http:
        yield http
    await runner.cleanup()


async def test_the_page_says_what_to_compare_and_where_to_go(plain: ClientSession, authority: Authority) -> None:
    async with plain.get("/install") as response:
        text = await response.text()
        policy = response.headers["Content-Security-Policy"]
    mark = fingerprint(authority.certificate)
    assert "<br>".join(mark[at : at + 23] for at in (0, 24, 48, 72)) in text
    assert 'src="https://127.0.0.1:8443/static/icon.svg"' in text
    assert "img-src 'self' data: https://127.0.0.1:8443;" in policy and "default-src 'self'" in policy
    # Another phone cannot come to 127.0.0.1.
    assert "<code>http://172.17.0.1:8081/install</code>" in text or "<code>http://192.168.178.20:8081/install" in text
    async with plain.get("/install", headers={"Host": "hub.local:8081"}) as response:
        assert "https://hub.local:8443/" in (text := await response.text())
        assert "<code>http://hub.local:8081/install</code>" in text
    async with plain.get("/install", headers={"Host": "evil.example"}) as response:
        assert "evil.example" not in await response.text()


async def test_every_platform_gets_the_same_certificate_in_its_form(plain: ClientSession, authority: Authority) -> None:
    async with plain.get("/ca.crt") as response:
        assert response.content_type == "application/x-x509-ca-cert"
        assert x509.load_der_x509_certificate(await response.read()) == authority.certificate
    async with plain.get("/ca.pem") as response:
        assert await response.read() == authority.pem
    async with plain.get("/ca.mobileconfig") as response:
        assert response.content_type == "application/x-apple-aspen-config"
        profile = plistlib.loads(await response.read())
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert ssl.DER_cert_to_PEM_cert(payload["PayloadContent"]).encode() == authority.pem
    assert profile["PayloadUUID"] != payload["PayloadUUID"]
    assert fingerprint(authority.certificate) in profile["PayloadDescription"]


async def test_all_else_is_sent_to_the_safe_port_and_secrets_are_refused(plain: ClientSession) -> None:
    for path, host, to in (
        ("/", "hub.local", "/install"),
        ("/login?x=1", "hub.local", "https://hub.local:8443/login?x=1"),
        ("/login", "evil.example", "https://hub.local:8443/login"),
    ):
        async with plain.get(path, headers={"Host": host}, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (307, to)
    async with plain.post("/login", data={"username": "ann", "password": "secret"}) as response:
        assert response.status in (403, 413) and "Set-Cookie" not in response.headers
    async with plain.get("/api/v1/workouts", headers={"Authorization": "Bearer x"}) as response:
        said = await response.json()
        assert (response.status, said["error"]) == (403, "plain") and "https://" in said["detail"]
    async with plain.get("/healthz") as response:
        assert await response.json() == {"status": "ok"}


async def test_the_safe_port_shows_the_page_too_and_nothing_is_offered_without_an_authority(
    served: RunningServer, authority: Authority, tmp_path: Path
) -> None:
    async with served.http.get("/install") as response:
        assert response.status == 200 and authority.certificate.subject.rfc4514_string()[3:] in await response.text()
    (served.data / "ca.pem").rename(tmp_path / "away")
    for path in ("/install", "/ca.crt", "/ca.pem", "/ca.mobileconfig"):
        async with served.http.get(path) as response:
            assert response.status == 404
    (tmp_path / "away").rename(served.data / "ca.pem")
    assert PLACE not in served.app
