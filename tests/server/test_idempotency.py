"""A write under a key is done once, however often and wherever it arrives, and answered as the first time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from paceline_server.idempotency import store
from paceline_server.idempotency.model import IDEMPOTENCY_KEYS
from paceline_server.keys import DATABASE
from paceline_server.platform.database import Database
from paceline_server.registration.model import INVITATIONS
from server.journal_builder import DEVICE_ID
from server.running_server import PASSWORD, Person, RunningServer, make_person
from sqlalchemy import Connection, Table, func, select

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
URL = "/api/v1/invitations"


@pytest.fixture
def root(server: RunningServer) -> Person:
    """The admin, who may make invitations: each request one."""
    return make_person(server, "root")


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


async def ask(
    server: RunningServer, person: Person, key: str, url: str = URL, method: str = "POST", **send: Any
) -> tuple[int, dict[str, str], Any]:
    """Send a write under a key; return status, headers and answer."""
    headers = person.headers | {"Idempotency-Key": key}
    async with server.http.request(method, url, headers=headers, **send) as response:
        answer = await response.json() if await response.read() else None
        return response.status, dict(response.headers), answer


async def count(server: RunningServer, table: Table = INVITATIONS) -> int:
    """Return how many rows there are, of everybody."""

    def rows(connection: Connection) -> int:
        query = select(func.count()).select_from(table)
        owned = "owner_id" in table.c
        return connection.execute(query.where(table.c.owner_id == table.c.owner_id) if owned else query).scalar_one()

    return await server.app[DATABASE].read(rows)


async def test_a_repeat_gets_the_first_answer_from_every_server(servers: list[RunningServer], root: Person) -> None:
    first = await ask(servers[0], root, "one")
    again = await ask(servers[-1], root, "one")
    quoted = await ask(servers[0], root, '"one"')
    assert first[0] == again[0] == quoted[0] == 201
    assert first[2] == again[2] == quoted[2]
    assert "Idempotency-Replayed" not in first[1]
    assert again[1]["Idempotency-Replayed"] == "true"
    assert again[1]["Content-Type"] == first[1]["Content-Type"]
    assert await count(servers[0]) == 1
    other = await ask(servers[0], root, "two")
    assert other[2] != first[2]
    assert await count(servers[0]) == 2


async def test_of_many_at_the_same_moment_one_is_done(servers: list[RunningServer], root: Person) -> None:
    for turn in range(5):
        key = f"turn {turn}".replace(" ", "-")
        answers = await asyncio.gather(*(ask(server, root, key) for server in servers * 6))
        done = [answer for status, _, answer in answers if status == 201]
        refused = [
            (status, answer["error"], headers["Retry-After"]) for status, headers, answer in answers if status != 201
        ]
        assert done and all(answer == done[0] for answer in done)
        assert set(refused) <= {(409, "idempotency_key_in_use", "1")}
        assert await count(servers[0]) == turn + 1


@SQLITE_ONLY
async def test_a_key_is_of_one_request_of_one_person(server: RunningServer, root: Person, ann: Person) -> None:
    profile = f"/api/v1/users/{ann.owner_id}/profile"
    assert (await ask(server, ann, "k", profile, "PATCH", json={"sex": "female"}))[0] == 200
    status, _, answer = await ask(server, ann, "k", profile, "PATCH", json={"sex": "male"})
    assert (status, answer["error"]) == (422, "idempotency_key_reused")
    assert (await ask(server, ann, "k", profile + "?x=1", "PATCH", json={"sex": "female"}))[0] == 422
    assert (await server.get(ann, f"/users/{ann.owner_id}/profile"))[1]["sex"] == "female"
    assert (await ask(server, root, "k"))[0] == 201
    status, headers, answer = await ask(server, ann, "k", profile, "PATCH", json={"sex": "female"})
    assert (status, answer["sex"], headers["Idempotency-Replayed"]) == (200, "female", "true")


@SQLITE_ONLY
async def test_a_refusal_is_not_kept(server: RunningServer, ann: Person) -> None:
    value = f"/api/v1/users/{ann.owner_id}/body/weight_kg/2025-05-04"
    assert (await ask(server, ann, "k", value, "DELETE"))[0] == 404
    assert (await ask(server, ann, "l", value, "PUT", json={"value": 60}))[0] == 200
    assert (await ask(server, ann, "k", value, "DELETE"))[0] == 204
    status, headers, _ = await ask(server, ann, "k", value, "DELETE")
    assert (status, headers["Idempotency-Replayed"]) == (204, "true")
    for key in ("", " ", "a b", "x" * 256, '"a', "a,b c"):
        assert (await ask(server, ann, key, value, "DELETE"))[2]["error"] == "header"
    # Nor is one taken from nobody, whose writes are not kept.
    async with server.http.post("/api/v1/auth/passkey/begin", headers={"Idempotency-Key": "a b"}) as response:
        assert (response.status, (await response.json())["error"]) == (400, "header")


@SQLITE_ONLY
async def test_what_changed_nothing_is_answered_again_too(server: RunningServer, ann: Person) -> None:
    url = f"/api/v1/devices/{DEVICE_ID}/desired/gps-assistance"
    first = await ask(server, ann, "k", url, "PUT", data=b"almanac")
    await ask(server, ann, "l", url, "PUT", data=b"other")
    again = await ask(server, ann, "k", url, "PUT", data=b"almanac")
    assert first[2] == again[2]
    assert (await ask(server, ann, "k", url, "PUT", data=b"almanacs"))[0] == 422


@SQLITE_ONLY
async def test_a_key_is_forgotten_after_a_day(server: RunningServer, root: Person) -> None:
    first = (await ask(server, root, "k"))[2]
    server.clock.now_s += store.KEPT_S - 1
    assert (await ask(server, root, "k"))[2] == first
    server.clock.now_s += 2
    assert (await ask(server, root, "k"))[2] != first
    assert await count(server, IDEMPOTENCY_KEYS) == 1
    server.clock.now_s += store.KEPT_S + 1
    await server.settled()  # nobody has to come again
    assert await count(server, IDEMPOTENCY_KEYS) == 0


@SQLITE_ONLY
async def test_nothing_is_left_of_an_account_that_left_by_a_key(server: RunningServer, ann: Person) -> None:
    async with server.http.post("/api/v1/auth/login", json={"username": "ann", "password": PASSWORD}) as response:
        ann.token = (await response.json())["access_token"]
    url = f"/api/v1/users/{ann.owner_id}"
    assert (await ask(server, ann, "k", url, "DELETE", json={"password": PASSWORD}))[0] == 204
    assert await count(server, IDEMPOTENCY_KEYS) == 0
    assert (await ask(server, ann, "k", url, "DELETE", json={"password": PASSWORD}))[0] == 401


@SQLITE_ONLY
async def test_the_database_shows_no_answer(server: RunningServer, root: Person) -> None:
    code = (await ask(server, root, "k"))[2]["invitation"]
    await server.stop()
    try:
        files = server.kept()
        assert code.encode() not in files
        with Database(server.config.url) as database:
            assert database.read_now(store.find, root.owner_id, b"", 0.0) is None
    finally:
        await server.start()
