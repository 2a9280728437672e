"""Leaving for good: no row, no telemetry, no journal of the account is left, of others everything."""

from pathlib import Path
from typing import Any

import pytest
from paceline_server.activities.telemetry_left import telemetry_place
from paceline_server.backstage import make_backstage
from paceline_server.events.model import Turn
from paceline_server.keys import DEVICES, USERS, WORKER
from paceline_server.leaving.store import LATER_S
from paceline_server.platform.auth import form_key_of
from paceline_server.platform.blobs import open_blobs
from paceline_server.platform.database import Database
from paceline_server.platform.schema import METADATA
from server.full_run import full_run
from server.journal_builder import DEVICE_ID, DEVICE_KEY, workout
from server.running_server import PASSWORD, Person, RunningServer, make_person, shared_apart
from sqlalchemy import Connection, select


def rows_of(connection: Connection, owner_id: str) -> dict[str, int]:
    """Return how many rows of each table are the owner's."""
    owned = [table for table in METADATA.sorted_tables if "owner_id" in table.c]
    counts = {
        table.name: len(connection.execute(select(table).where(table.c.owner_id == owner_id)).all()) for table in owned
    }
    return {name: count for name, count in counts.items() if count}


def files_of(data: Path, owner_id: str) -> list[Path]:
    return [path for path in data.rglob("*") if owner_id in path.as_posix() and path.is_file()]


async def log_in(server: RunningServer, name: str) -> Person:
    async with server.http.post("/api/v1/auth/login", json={"username": name, "password": PASSWORD}) as response:
        answer = await response.json()
        return Person(answer["user_id"], answer["access_token"])


async def leave(server: RunningServer, person: Person, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
    url = f"/api/v1/users/{person.owner_id}"
    async with server.http.delete(url, json={"password": password}, headers=person.headers) as response:
        return response.status, await response.json() if response.status != 204 else {}


async def test_nothing_of_an_account_is_left_and_all_of_others(server: RunningServer, ann: Person) -> None:
    bob = make_person(server, "bob")
    server.app[DEVICES].claim(bob.owner_id, "ab" * 8, bytes(32))
    await full_run(server, ann)
    session = await log_in(server, "ann")
    await server.put(ann, workout()[0].data, 0)
    await server.settled()
    database = Database(server.config.url)
    bobs = database.read_now(rows_of, bob.owner_id)
    assert len(database.read_now(rows_of, ann.owner_id)) > 10 and files_of(server.data, ann.owner_id)

    assert (await leave(server, session, "wrong password"))[1]["error"] == "wrong_password"
    assert (await leave(server, ann))[0] == 403  # an API token
    assert (await leave(server, session))[0] == 204
    server.clock.now_s += LATER_S
    server.app[WORKER].notify()
    await server.settled()
    assert database.read_now(rows_of, ann.owner_id) == {}
    assert files_of(server.data, ann.owner_id) == []
    assert database.read_now(rows_of, bob.owner_id) == bobs
    database.close()
    for token in (ann, session):
        assert (await server.get(token, f"/users/{ann.owner_id}"))[0] == 401
    server.app[DEVICES].claim(bob.owner_id, DEVICE_ID, DEVICE_KEY)
    assert make_person(server, "ann").owner_id != ann.owner_id


async def test_what_was_under_way_is_erased_as_well(server: RunningServer, ann: Person) -> None:
    session = await log_in(server, "ann")
    await server.put(ann, workout()[0].data, 0)
    await server.settled()
    assert (await leave(server, session))[0] == 204
    await server.settled()
    # As by a request that was let in before, and ends after.
    place = telemetry_place(ann.owner_id, "0199c000-0000-7000-8000-0000000000ac")
    open_blobs(server.config.blobs, None).put(place, b"late")
    late = server.config.journals / ann.owner_id / DEVICE_ID
    late.mkdir(parents=True)
    (late / "00000001.journal").write_bytes(b"late")
    assert files_of(server.data, ann.owner_id)
    server.clock.now_s += LATER_S
    server.app[WORKER].notify()
    await server.settled()
    assert files_of(server.data, ann.owner_id) == []


async def test_files_without_an_owner_are_found_by_the_back_fill_and_users_keep_theirs(
    server: RunningServer, ann: Person
) -> None:
    await server.put(ann, workout()[0].data, 0)
    await server.settled()
    nobody = "0199c000-0000-7000-8000-00000000000d"
    database = Database(server.config.url)
    stage = make_backstage(server.config, database, server.clock, bytes, shared_apart())
    (server.config.journals / nobody).mkdir()
    (server.config.journals / nobody / "x").write_bytes(b"")
    found = database.read_now(lambda connection: [*stage.backfills["accounts"](connection)])
    assert found == [(nobody, "at once")]
    kept = files_of(server.data, ann.owner_id)
    for owner_id in (nobody, ann.owner_id):
        stage.runs["accounts"](Turn(owner_id, "accounts", "at once"), database.write_now)
    assert files_of(server.data, nobody) == [] and files_of(server.data, ann.owner_id) == kept
    database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_page_asks_for_the_password(server: RunningServer, ann: Person) -> None:
    session = await log_in(server, "ann")
    form = {"password": "wrong", "form_key": form_key_of(session.token)}
    for sent, status, said in (
        (form, 400, "The password is wrong."),
        (form | {"password": PASSWORD, "form_key": ""}, 403, "Not from here"),
    ):
        async with server.http.post("/account/leave", data=sent, headers=session.headers) as response:
            assert response.status == status and said in await response.text()
    assert (await server.app[USERS].get(ann.owner_id)).username == "ann"
    sent = form | {"password": PASSWORD}
    async with server.http.post(
        "/account/leave", data=sent, headers=session.headers, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"]) == (303, "/login")
    assert (await server.get(session, f"/users/{ann.owner_id}"))[0] == 401
