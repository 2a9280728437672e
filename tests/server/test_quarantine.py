"""Pages that are not what the wearable wrote: nothing is made of them, the owner is told, a good copy replaces them."""

import asyncio
import os
from typing import Any

import pytest
from paceline_protocol.findings import Problem
from paceline_server.backstage import make_backstage
from paceline_server.events.backfill import backfill
from paceline_server.formats.suspect_pages import suspect_pages
from paceline_server.journals.model import PAGE_SIZE
from paceline_server.keys import DATABASE, WORKER
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import Person, RunningServer, shared_apart

JOURNAL = f"/devices/{DEVICE_ID}/journal/{EPOCH}"
GOOD = workout(4000)[0].data
PAGE = slice(PAGE_SIZE, 2 * PAGE_SIZE)
ASKED_FOR = {"from": PAGE_SIZE, "to": 2 * PAGE_SIZE}


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


async def quarantine(server: RunningServer, person: Person) -> list[dict[str, Any]]:
    await server.settled()
    _, answer = await server.get(person, f"/devices/{DEVICE_ID}/journals")
    (journal,) = answer["journals"]
    return journal["quarantine"]


@pytest.mark.parametrize("at", [PAGE_SIZE + 30, PAGE_SIZE + 2000, PAGE_SIZE + 2, PAGE_SIZE + 9])
async def test_a_byte_that_flipped_on_the_way_is_kept_apart_until_a_good_copy_comes(
    server: RunningServer, ann: Person, bob: Person, at: int
) -> None:
    assert (await server.put(ann, flipped(GOOD, at), 0))[0] == 200
    suspects = await quarantine(server, ann)
    assert any(one["from"] <= PAGE_SIZE < one["to"] and str(one["reason"]) for one in suspects)
    (activity,) = await server.activities(ann)
    assert not activity["receipt"]["whole"] and activity["receipt"]["problems"]
    assert (await server.get(bob, f"/devices/{DEVICE_ID}/journals"))[0] == 404
    _, standing = await server.get(ann, JOURNAL)
    assert standing["position"] == len(GOOD)
    assert any(one["from"] <= PAGE_SIZE and one["to"] >= 2 * PAGE_SIZE for one in standing["missing"])
    # The same damaged bytes again, as by a gateway whose spool has them: taken as held, judged no other.
    assert (await server.put(ann, flipped(GOOD, at)[: 3 * PAGE_SIZE], 0))[0] == 200
    assert await quarantine(server, ann) == suspects
    for one in standing["missing"]:
        assert (await server.put(ann, GOOD[one["from"] : one["to"]], one["from"]))[0] == 200
    assert await quarantine(server, ann) == []
    assert (await server.get(ann, JOURNAL))[1]["missing"] == []
    (activity,) = await server.activities(ann)
    assert activity["receipt"]["whole"]


async def test_another_bad_copy_is_judged_too_and_what_is_good_stays_protected(
    server: RunningServer, ann: Person
) -> None:
    await server.put(ann, flipped(GOOD, PAGE_SIZE + 2000), 0)
    assert len(await quarantine(server, ann)) == 1
    assert (await server.put(ann, flipped(GOOD, PAGE_SIZE + 1000)[PAGE], PAGE_SIZE))[0] == 200
    assert len(await quarantine(server, ann)) == 1
    status, answer = await server.put(ann, flipped(GOOD, 100), 0)
    assert (status, answer["error"], answer["position"]) == (409, "differs", 100)
    assert (await server.put(ann, GOOD, 0))[0] == 200
    assert await quarantine(server, ann) == []
    assert [activity["receipt"]["whole"] for activity in await server.activities(ann)] == [True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_byte_that_flips_on_the_servers_disk_is_found_when_it_is_read_anew(
    server: RunningServer, ann: Person
) -> None:
    await server.put(ann, GOOD, 0)
    (before,) = await server.activities(ann)
    (file,) = server.config.journals.rglob("*.journal")
    file.write_bytes(flipped(GOOD, PAGE_SIZE + 500))
    stage = make_backstage(server.config, server.app[DATABASE], server.clock, os.urandom, shared_apart())
    assert await asyncio.to_thread(backfill, server.app[DATABASE], stage.backfills, ["journals"], 0.0) == 1
    server.app[WORKER].notify()
    assert [one["from"] for one in await quarantine(server, ann)] == [PAGE_SIZE]
    assert (await server.put(ann, GOOD[PAGE], PAGE_SIZE))[0] == 200
    assert await quarantine(server, ann) == []
    (after,) = await server.activities(ann)
    assert after["receipt"] == before["receipt"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_good_copy_that_was_written_and_not_recorded_is_taken_when_it_comes_again(
    server: RunningServer, ann: Person
) -> None:
    await server.put(ann, flipped(GOOD, PAGE_SIZE + 500), 0)
    assert await quarantine(server, ann)
    (file,) = server.config.journals.rglob("*.journal")
    file.write_bytes(GOOD)  # as a crash between file and database leaves it
    assert (await server.put(ann, GOOD[PAGE], PAGE_SIZE))[0] == 200
    assert await quarantine(server, ann) == []


def test_pages_are_judged_whole_and_missing_or_torn_ones_are_not() -> None:
    problems = [
        Problem(PAGE_SIZE + 10, PAGE_SIZE + 20, "seal", "first"),
        Problem(2 * PAGE_SIZE, 3 * PAGE_SIZE, "record", "touches"),
        Problem(5 * PAGE_SIZE, 6 * PAGE_SIZE, "gap", "gone"),
        Problem(7 * PAGE_SIZE, 7 * PAGE_SIZE + 9, "torn", "power cut"),
        Problem(9 * PAGE_SIZE + 1, 9 * PAGE_SIZE + 2, "seal", "not complete yet"),
    ]
    assert suspect_pages(problems, 9 * PAGE_SIZE + 100) == [(PAGE_SIZE, 3 * PAGE_SIZE, "first")]


async def test_gateways_may_bring_good_and_bad_copies_at_once(server: RunningServer, ann: Person) -> None:
    await server.put(ann, flipped(GOOD, PAGE_SIZE + 500), 0)
    assert await quarantine(server, ann)
    copies = [flipped(GOOD, PAGE_SIZE + 500)[PAGE], GOOD[PAGE]] * 4
    answers = await asyncio.gather(*(server.put(ann, copy, PAGE_SIZE) for copy in copies))
    assert {status for status, _ in answers} <= {200, 409}
    await server.settled()
    await server.put(ann, GOOD[PAGE], PAGE_SIZE)
    assert await quarantine(server, ann) == []
