"""Limits: of users and of addresses, in one process and over several, and who an address is."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import make_mocked_request
from paceline_server.errors import TooManyError, UsageError
from paceline_server.keys import DATABASE
from paceline_server.platform.forwarded import as_sent, networks, widened
from paceline_server.platform.rate_limits.buckets import Buckets
from paceline_server.platform.rate_limits.shared import KEPT_S, SharedLimit
from paceline_server.platform.rate_limits.store import RATE_BUCKETS
from paceline_server.platform.rate_limits.table import CLAIM, LIMITS, Limit
from server.running_server import Person, RunningServer
from sqlalchemy import Connection, func, select

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THREE = Limit("three", 3, 60, "tests")


def test_a_bucket_is_bounded_and_leaks_and_no_clock_that_goes_back_empties_it() -> None:
    buckets = Buckets(capacity=2)
    assert [buckets.take(THREE, "a", 0.0).left for _ in range(3)] == [2, 1, 0]
    assert buckets.take(THREE, "a", 0.0).wait_s == 21
    assert buckets.take(THREE, "a", -1000.0).wait_s == 21
    assert buckets.take(THREE, "a", 20.0).wait_s == 0
    assert buckets.take(THREE, "a", 20.0).wait_s == 21
    assert buckets.take(THREE, "b", 20.0, weight=4).wait_s > 0
    buckets.take(THREE, "c", 20.0)
    assert buckets.take(THREE, "a", 20.0).wait_s == 0  # forgotten: memory is bounded


def test_each_limit_has_a_name_of_its_own() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "sender"),
    [
        ("192.0.2.1", "198.51.100.7", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1", "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7", "192.0.2.0/24", "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 192.0.2.5", "192.0.2.0/24", "203.0.113.9"),
        ("192.0.2.1", "203.0.113.9, x, 192.0.2.5", "192.0.2.0/24", "192.0.2.5"),
        ("192.0.2.1", "", "192.0.2.0/24", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7:4711", "192.0.2.1", "198.51.100.7"),
        ("::1", "[2001:db8:1:2:3::4]:4711", "::1,127.0.0.1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "198.51.100.7", "192.0.2.1", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", ",".join(["192.0.2.2"] * 5000), "192.0.2.0/24", "192.0.2.2"),
    ],
)
def test_a_sender_is_whom_trusted_proxies_name(peer: str, forwarded: str, trusted: str, sender: str) -> None:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "http, https"} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    sent = as_sent(request, networks(trusted))
    assert sent.remote == sender
    assert sent.scheme == ("https" if forwarded and trusted else "http")


def test_addresses_of_one_network_are_one_and_malformed_ones_are_refused() -> None:
    one, other = (ipaddress.ip_address(f"2001:db8::{n}") for n in (1, 2))
    assert widened(one) == widened(other) != widened(ipaddress.ip_address("2001:db8:0:1::1"))
    assert str(widened(ipaddress.ip_address("::1"))) == "::1"
    with pytest.raises(UsageError):
        networks("192.0.2.1, proxy.example")


@pytest.fixture
async def servers(server: RunningServer) -> AsyncIterator[list[RunningServer]]:
    """Two servers on the same database, where that may be."""
    if server.config.one_process:
        yield [server]
        return
    other = RunningServer(server.data, server.clock, server.config.database_url)
    await other.start()
    yield [server, other]
    await other.stop()


async def test_a_tight_limit_holds_over_all_servers_and_forgets(servers: list[RunningServer]) -> None:
    clock = servers[0].clock
    limits = [SharedLimit(server.app[DATABASE], replace(CLAIM, amount=7), clock) for server in servers]

    async def take(limit: SharedLimit, key: str) -> bool:
        try:
            await limit.take(key)
        except TooManyError as error:
            assert 0 < int(str(error.fields["retry_after_s"])) <= CLAIM.window_s / 7 + 1
            return False
        return True

    taken = await asyncio.gather(*(take(limit, "ann") for limit in limits * 12))
    assert sum(taken) == 7
    assert await take(limits[-1], "bob")
    clock.now_s += CLAIM.window_s / 7 + 0.01
    assert [await take(limits[0], "ann"), await take(limits[-1], "ann")] == [True, False]
    clock.now_s += KEPT_S + 1
    assert await take(limits[0], "eve")

    def count(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(RATE_BUCKETS)).scalar_one()

    assert await servers[0].app[DATABASE].read(count) == (0 if len(servers) == 1 else 1)


async def test_log_ins_are_counted_over_all_servers(servers: list[RunningServer], ann: Person) -> None:
    login = {"username": "ann", "password": "wrong"}
    statuses = []
    for turn in range(12):
        async with servers[turn % len(servers)].http.post("/api/v1/auth/login", json=login) as response:
            statuses.append(response.status)
    assert statuses == [401] * 10 + [429] * 2
    assert ann.owner_id


@SQLITE_ONLY
async def test_a_user_and_an_address_have_so_many_requests_a_minute(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    await server.stop()
    server.config = replace(server.config, requests_per_minute=5)
    await server.start()
    for left in (4, 3, 2, 1, 0):
        async with server.http.get(f"/api/v1/users/{ann.owner_id}", headers=ann.headers) as response:
            assert response.status == 200
            assert response.headers["RateLimit-Policy"] == '"user";q=5;w=60'
            assert response.headers["RateLimit"].startswith(f'"user";r={left};t=')
    async with server.http.get(f"/api/v1/users/{ann.owner_id}", headers=ann.headers) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "13")
        assert response.headers["RateLimit"] == '"user";r=0;t=13'
        assert (await response.json())["error"] == "too_many_attempts"
    assert (await server.get(bob, f"/users/{bob.owner_id}"))[0] == 200
    anonymous = []
    for path in ("/login", "/", "/api/v1/users/x", "/login", "/login", "/login", "/healthz", "/static/icon.svg"):
        async with server.http.get(path, allow_redirects=False) as response:
            anonymous.append(response.status)
    assert anonymous == [200, 303, 401, 200, 200, 429, 200, 200]
    server.clock.now_s += 12
    assert (await server.get(ann, f"/users/{ann.owner_id}"))[0] == 200


@SQLITE_ONLY
async def test_journals_count_by_bytes(server: RunningServer, ann: Person) -> None:
    await server.stop()
    server.config = replace(server.config, requests_per_minute=1)
    await server.start()
    for _ in range(5):
        status, _ = await server.put(ann, b"", 0)
        assert status == 200
