"""A hub's tokens and the real server: unattended for months it is never locked out, and a stolen copy ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from paceline_gateway.config import Server, Tokens
from paceline_gateway.errors import UplinkError
from paceline_gateway.uplink.account_client import AccountClient
from paceline_gateway.uplink.client import UplinkClient
from paceline_server.grants.service import GRANT_TYPE
from paceline_server.keys import DEVICES, GRANTS
from paceline_server.platform.auth import AUTHENTICATOR
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.running_server import Person, RunningServer, StandingClock, log_in, make_person

DAY_S = 86_400
DEVICE = bytes.fromhex(DEVICE_ID)


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("server"), StandingClock())
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
def ann(server: RunningServer) -> Person:
    person = make_person(server, "ann")
    server.app[DEVICES].claim(person.owner_id, DEVICE_ID, DEVICE_KEY)
    return person


@pytest.fixture
async def hub(server: RunningServer, ann: Person, tmp_path: Path) -> Server:
    """The settings of a hub that ann has just let in."""
    server.clock.now_s += 3600
    place = Server(server.url, tmp_path / "server.token")
    async with AccountClient(place) as client:
        begun = await client.begin("hub in the hall")
        await server.app[GRANTS].decide(ann.owner_id, begun.text("user_code"), approve=True)
        reply = await client.poll(begun.text("device_code"))
    tokens = Tokens.checked(reply.text("access_token"), reply.text("refresh_token"))
    assert tokens is not None and tokens.refresh, GRANT_TYPE
    keep(place, tokens.text)
    return place


def keep(hub: Server, text: str) -> None:
    hub.token_file.write_text(text)
    hub.token_file.chmod(0o600)


async def asked(server: RunningServer, hub: Server) -> int:
    """Ask as the hub does, and see to it that the use of its token is kept; return the status."""
    async with UplinkClient(hub) as client:
        status = (await client.probe(DEVICE)).status
    await server.app[AUTHENTICATOR].close()
    return status


async def test_months_of_days_and_months_without_a_network(server: RunningServer, hub: Server) -> None:
    seen = set()
    for wait_days in (0, *[1] * 30, 200, 399):
        server.clock.now_s += wait_days * DAY_S
        assert await asked(server, hub) == 200
        seen.add(hub.token_file.read_text())
    assert len(seen) == 33
    assert hub.token_file.stat().st_mode & 0o777 == 0o600


async def test_an_answer_that_got_lost_or_was_not_kept_locks_nobody_out(server: RunningServer, hub: Server) -> None:
    for _ in range(3):
        assert await asked(server, hub) == 200
        server.clock.now_s += DAY_S
        before = hub.token_file.read_text()
        async with AccountClient(hub) as client:  # what is given now is never kept: the power is cut
            fields = {"grant_type": "refresh_token", "client_id": "paceline-gateway"}
            form = fields | {"refresh_token": str(hub.tokens().refresh)}
            assert (await client._ask("oauth/token", form=form)).status == 200
        assert hub.token_file.read_text() == before
        assert await asked(server, hub) == 200


async def test_tokens_that_cannot_be_kept_are_not_used(server: RunningServer, hub: Server, tmp_path: Path) -> None:
    server.clock.now_s += DAY_S
    (tmp_path / "server.token.new").mkdir()
    (tmp_path / "server.token.new" / "in the way").touch()
    with pytest.raises(UplinkError, match="cannot be kept"):
        await asked(server, hub)
    (tmp_path / "server.token.new" / "in the way").unlink()
    (tmp_path / "server.token.new").rmdir()
    assert await asked(server, hub) == 200


async def test_daemon_and_commands_renew_once(server: RunningServer, hub: Server) -> None:
    for _ in range(3):
        server.clock.now_s += DAY_S
        assert await asyncio.gather(*[asked(server, hub) for _ in range(4)]) == [200] * 4


@pytest.mark.parametrize("thief_first", [True, False])
async def test_a_stolen_copy_ends_whoever_comes_first(
    server: RunningServer, hub: Server, ann: Person, tmp_path: Path, thief_first: bool
) -> None:
    assert await asked(server, hub) == 200
    (tmp_path / "thief").mkdir()
    thief = Server(server.url, tmp_path / "thief" / "server.token")
    keep(thief, hub.token_file.read_text())
    server.clock.now_s += DAY_S
    first, second = (thief, hub) if thief_first else (hub, thief)
    assert [await asked(server, each) for each in (first, second, first, second)] == [200, 401, 401, 401]
    session = await log_in(server, ann)
    async with server.http.get("/account/apps", headers=session.headers) as response:
        assert "hub in the hall was closed" in await response.text()


async def test_logging_out_ends_it_also_when_its_token_is_old(server: RunningServer, hub: Server) -> None:
    server.clock.now_s += 3 * DAY_S
    tokens = hub.tokens()
    async with AccountClient(hub) as client:
        assert (await client.give_back(tokens)).status == 200
    assert await asked(server, hub) == 401


async def test_a_token_of_before_there_was_renewal_holds_on(server: RunningServer, hub: Server, ann: Person) -> None:
    keep(hub, f"{ann.token}\n")
    server.clock.now_s += 700 * DAY_S
    assert await asked(server, hub) == 200
    async with AccountClient(hub) as client:
        assert (await client.claim(DEVICE, DEVICE_KEY)).status == 200
