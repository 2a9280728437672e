"""A server that is found by what it announces: where requests go, whom the token is told, and when it moves."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from gateway.authority import Authority
from gateway.journal_server import TOKEN, JournalServer
from paceline_gateway.config import MDNS, Server, parse
from paceline_gateway.errors import ConfigError, UplinkError
from paceline_gateway.uplink.answers import Held
from paceline_gateway.uplink.client import UplinkClient
from paceline_gateway.uplink.whereabouts import Whereabouts

DEVICE_ID = bytes(range(8))


@dataclass(frozen=True)
class Place:
    url: str
    addresses: tuple[str, ...] = ("127.0.0.1",)


class Air:
    """Who announces what; `asked` counts how often somebody listened."""

    def __init__(self, *places: Place) -> None:
        self.places = list(places)
        self.asked = 0

    async def find(self) -> list[Place]:
        self.asked += 1
        return self.places


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    return file


async def started(server: JournalServer, name: str = "home.local") -> Place:
    port = (await server.start()).rpartition(":")[2]
    return Place(f"http://{name}:{port}")


async def test_the_announced_name_needs_no_name_server_and_a_server_that_moved_is_found_again(token_file: Path) -> None:
    first, second = JournalServer(), JournalServer()
    air = Air(await started(first))
    async with UplinkClient(Server(MDNS, token_file), air.find) as client:
        for position in range(3):
            assert await client.put(DEVICE_ID, 1, position, b"x") == Held(position + 1)
        assert air.asked == 1
        await first.stop()
        air.places = [await started(second, "elsewhere.local")]
        with pytest.raises(UplinkError, match=r"no answer from http://home\.local"):
            await client.put(DEVICE_ID, 1, 0, b"y")
        assert await client.put(DEVICE_ID, 1, 0, b"y") == Held(1)
    await second.stop()


async def test_of_several_each_is_tried(token_file: Path) -> None:
    server = JournalServer()
    air = Air(Place("http://gone.local:1"), await started(server))
    async with UplinkClient(Server(MDNS, token_file), air.find) as client:
        answers = []
        for _ in range(3):
            try:
                answers.append(await client.put(DEVICE_ID, 1, 0, b"x"))
            except UplinkError:
                continue
    assert answers == [Held(1)] * 2
    await server.stop()


async def test_the_token_is_told_only_to_whom_the_pinned_authority_vouches_for(
    tmp_path: Path, token_file: Path
) -> None:
    ours, stranger = Authority(tmp_path / "ours"), Authority(tmp_path / "stranger", "Stranger")
    plain, false, true = JournalServer(), JournalServer(), JournalServer()
    places = [await started(plain), Place(await false.start(stranger.server())), Place(await true.start(ours.server()))]
    async with UplinkClient(Server(MDNS, token_file, ours.file), Air(*places).find) as client:
        with pytest.raises(UplinkError, match="not vouched for"):
            await client.put(DEVICE_ID, 1, 0, b"x")
        assert await client.put(DEVICE_ID, 1, 0, b"x") == Held(1)
    assert plain.requests == false.requests == [] and len(true.requests) == 1
    for server in (plain, false, true):
        await server.stop()


@pytest.mark.parametrize(
    "url", ["ftp://home.local", "http://", "http://a:b@home.local", "http://home.local:x", "http://h?q"]
)
async def test_what_is_no_url_of_a_server_counts_as_nobody(token_file: Path, url: str) -> None:
    where = Whereabouts(Server(MDNS, token_file), Air(Place(url)).find)
    with pytest.raises(UplinkError, match="no server announces itself"):
        await where.url()


async def test_a_network_that_cannot_be_listened_to_is_a_reason_to_try_later(token_file: Path) -> None:
    async def find() -> list[Place]:
        raise OSError("no such device")

    with pytest.raises(UplinkError, match=r"cannot listen.*no such device"):
        await Whereabouts(Server(MDNS, token_file), find).url()


def test_mdns_without_a_pinned_authority_must_be_wanted(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    text = "[server]\nurl = 'mdns'\ntoken_file = 'token'\n"
    with pytest.raises(ConfigError, match=r"server\.url: mdns needs server\.ca_file"):
        parse(text, path)
    assert parse(text + "ca_file = 'ca.pem'", path).server == Server("mdns", tmp_path / "token", tmp_path / "ca.pem")
    assert parse(text + "allow_plain_http = true", path).server == Server("mdns", tmp_path / "token")
