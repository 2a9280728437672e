"""A server announces itself, a gateway in another process finds it: over real multicast on this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from paceline_gateway.config import MDNS, Server
from paceline_gateway.discovery.mdns import announced
from paceline_gateway.uplink.client import UplinkClient
from paceline_server.announcement import url_of
from paceline_tools.line.children import Child
from paceline_tools.line.settings import SERVER

LIMIT_S = 60


@asynccontextmanager
async def serving(folder: Path, *mdns: str) -> AsyncIterator[tuple[Child, str]]:
    log = folder / "log"
    command = [*SERVER, "serve", "--data", str(folder / "data"), "--port", "0", *mdns]
    child = await Child.start("server", command, log)
    try:
        async with asyncio.timeout(LIMIT_S):
            while not (said := log.read_text()).count("serves "):  # noqa: ASYNC110 (another process's file)
                await asyncio.sleep(0.1)
        yield child, said.partition("serves ")[2].partition("/ ")[0]
    finally:
        await child.stop()


async def places() -> list[str]:
    for _ in range(20):
        if found := await announced(listen_s=1, interfaces=["127.0.0.1"]):
            return [place.url for place in found]
    return []


async def test_a_gateway_finds_the_server_that_announces_itself(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("pl_none")
    token.chmod(0o600)
    async with serving(tmp_path, "--mdns") as (child, url):
        assert await places() == [url]
        async with UplinkClient(Server(MDNS, token)) as client:  # listens on every interface
            assert (await client.probe(bytes(8))).status == 401
        await child.stop()
    assert await announced(listen_s=1, interfaces=["127.0.0.1"]) == [], "it says when it goes"


async def test_behind_a_proxy_the_url_that_is_told_is_announced(tmp_path: Path) -> None:
    async with serving(tmp_path, "--mdns", "https://127.0.0.1:8443/paceline/"):
        assert await places() == ["https://127.0.0.1:8443/paceline"]


async def test_a_url_that_is_none_is_refused(tmp_path: Path) -> None:
    command = [*SERVER, "serve", "--data", str(tmp_path / "data"), "--port", "0", "--mdns", "somewhere"]
    child = await Child.start("server", command, tmp_path / "log")
    async with asyncio.timeout(LIMIT_S):
        error = await child.ended()
    assert "(status 1)" in str(error) and "--mdns: somewhere is no URL" in str(error)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("192.0.2.9", "http://192.0.2.9:80"),
        ("::1", "http://[::1]:80"),
        ("home", "http://home:80"),
        ("0.0.0.0", f"http://{socket.gethostname().partition('.')[0]}.local:80"),
        ("::", f"http://{socket.gethostname().partition('.')[0]}.local:80"),
    ],
)
def test_where_a_server_is_by_where_it_listens(host: str, url: str) -> None:
    assert url_of(host, 80) == url
