"""Any range from any gateway in any order: what comes for a gap is taken once, and what was derived is derived anew."""

import asyncio
import random
from typing import Any

import pytest
from conftest import thinned
from paceline_protocol.page import PAGE_SIZE
from paceline_server.events import store as events
from paceline_server.events.model import Turn
from paceline_server.journals import store
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.missing import between, containing, missing_after, missing_ranges, within
from paceline_server.journals.model import JournalRef
from paceline_server.platform.database import Database
from server.journal_builder import DEVICE_ID, EPOCH, START_UTC_S, JournalBuilder, run_samples
from server.running_server import Person, RunningServer

MADE_ANEW = {"activity_id", "created_at_s", "updated_at_s"}


def journal() -> bytes:
    """Return a journal of some pages: two workouts in one boot, and one in a boot after it."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, START_UTC_S + 5)
    builder.start(10)
    builder.samples(run_samples(4000))
    builder.end(4010)
    builder.start(4100, session=2)
    builder.samples(run_samples(6000, t_s=4100))
    builder.end(10100)
    builder.boot()
    builder.clock(3, START_UTC_S + 20_000)
    builder.start(10, session=3)
    builder.samples(run_samples(3000))
    builder.end(3010)
    return builder.data


async def send(server: RunningServer, person: Person, data: bytes, start: int, end: int) -> tuple[int, dict[str, Any]]:
    """Upload start … end as a gateway does that holds nothing before: what the server lacks, it declares gone."""
    status, answer = await server.put(person, data[start:end], start)
    if status == 409 and answer["error"] == "gap" and answer["expected_position"] < start:
        url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position={start}&gap=true"
        async with server.http.put(url, data=data[start:end], headers=person.headers) as response:
            return response.status, await response.json()
    return status, answer


async def derived(server: RunningServer, person: Person) -> list[dict[str, Any]]:
    """Return all that was made of the journal."""
    found: list[dict[str, Any]] = []
    for activity in await server.activities(person):
        _, streams = await server.get(person, f"/activities/{activity['activity_id']}/streams")
        found.append({name: value for name, value in activity.items() if name not in MADE_ANEW} | {"streams": streams})
    _, device = await server.get(person, f"/devices/{DEVICE_ID}/events")
    return [*found, device]


def held(server: RunningServer, person: Person, start: int, end: int) -> bytes:
    return JournalFiles(server.config.journals).read(JournalRef(person.owner_id, DEVICE_ID, EPOCH), start, end)


async def test_bytes_for_a_gap_are_taken_when_they_come_and_all_is_as_if_there_had_been_none(
    server: RunningServer, ann: Person
) -> None:
    data = journal()
    gap = PAGE_SIZE + 1500, 4 * PAGE_SIZE
    await server.put(ann, data[: gap[0]], 0)
    await send(server, ann, data, gap[1], len(data))
    before = await derived(server, ann)
    assert not all(one["receipt"]["whole"] for one in before[:-1])
    # Up to where the gap is filled, a piece at a time, with bytes that are held on either side.
    assert await server.put(ann, data[:5000], 0) == (200, {"position": gap[0]})
    assert await server.put(ann, data[gap[0] - 9 : gap[0] + 700], gap[0] - 9) == (200, {"position": gap[0] + 700})
    assert await server.put(ann, data[gap[0] + 700 : gap[1] + 9], gap[0] + 700) == (200, {"position": len(data)})
    after = await derived(server, ann)
    assert held(server, ann, 0, len(data)) == data
    assert [one["receipt"]["whole"] for one in after[:-1]] == [True] * 3
    assert [one["points_count"] for one in after[:-1]] == [3000, 6000, 4000]
    await server.put(ann, data[gap[0] : gap[1]], gap[0])
    assert await derived(server, ann) == after  # once more is nothing


async def test_a_file_wholly_inside_a_gap_splits_it(server: RunningServer, ann: Person) -> None:
    data = journal()
    await server.put(ann, data[:100], 0)
    await send(server, ann, data, 5 * PAGE_SIZE, len(data))
    inner = 2 * PAGE_SIZE, 3 * PAGE_SIZE + 77
    assert await server.put(ann, data[inner[0] : inner[1]], inner[0]) == (200, {"position": inner[1]})
    receipts = [one["receipt"] for one in (await derived(server, ann))[:-1]]
    assert not all(receipt["whole"] for receipt in receipts)
    assert await server.put(ann, data[100 : inner[0]], 100) == (200, {"position": inner[1]})
    assert await server.put(ann, data[inner[1] :], inner[1]) == (200, {"position": len(data)})
    assert all(one["receipt"]["whole"] for one in (await derived(server, ann))[:-1])
    assert held(server, ann, 0, len(data)) == data


async def test_bytes_before_the_first_ones_held_are_taken(server: RunningServer, ann: Person) -> None:
    data = journal()
    for start, position in ((3 * PAGE_SIZE, len(data)), (PAGE_SIZE, 2 * PAGE_SIZE), (0, 2 * PAGE_SIZE)):
        end = len(data) if start == 3 * PAGE_SIZE else start + PAGE_SIZE
        assert await server.put(ann, data[start:end], start) == (200, {"position": position})
        await server.settled()
    assert await server.put(ann, data[:-5], 0) == (200, {"position": len(data)})
    assert all(one["receipt"]["whole"] for one in (await derived(server, ann))[:-1])


async def test_bytes_that_hang_in_the_air_or_differ_are_refused_and_change_nothing(
    server: RunningServer, ann: Person
) -> None:
    data = journal()
    gap = 1500, 3 * PAGE_SIZE
    await server.put(ann, data[: gap[0]], 0)
    await send(server, ann, data, gap[1], len(data))
    before = await derived(server, ann)
    status, answer = await server.put(ann, data[1501:4000], 1501)
    assert (status, answer["error"], answer["expected_position"]) == (409, "gap", gap[0])
    for start, end, wrong in ((1400, 2000, 1499), (PAGE_SIZE, gap[1] + 10, gap[1] + 3), (0, len(data), gap[1])):
        other = bytearray(data[start:end])
        other[wrong - start] ^= 1
        status, answer = await server.put(ann, bytes(other), start)
        assert (status, answer["error"], answer["position"]) == (409, "differs", wrong)
    assert await server.put(ann, b"", PAGE_SIZE) == (200, {"position": gap[0]})
    assert await derived(server, ann) == before


@pytest.mark.parametrize("seed", thinned(range(3), 2))
async def test_ranges_in_any_order_with_restarts_make_the_same_as_one_upload(
    server: RunningServer, ann: Person, seed: int
) -> None:
    data, chance = journal(), random.Random(seed)
    pages = list(range(0, len(data), PAGE_SIZE))
    chance.shuffle(pages)
    for page in pages:
        start, end = page, min(page + PAGE_SIZE, len(data))
        cut = chance.randrange(start + 1, end)
        for low, high in ((start, cut), (cut, end)):
            status, _ = await send(server, ann, data, low, high)
            assert status == 200
        if chance.random() < 0.5:
            await server.settled()
        if chance.random() < 0.2:
            await server.stop()
            await server.start()
    assert held(server, ann, 0, len(data)) == data
    mixed = await derived(server, ann)
    assert [one["receipt"]["whole"] for one in mixed[:-1]] == [True] * 3
    assert [one["points_count"] for one in mixed[:-1]] == [3000, 6000, 4000]


async def test_several_gateways_at_once_leave_one_whole_journal(server: RunningServer, ann: Person) -> None:
    data = journal()

    async def gateway(seed: int) -> None:
        chance = random.Random(seed)
        starts = [0, *(PAGE_SIZE * number for number in range(1, len(data) // PAGE_SIZE))]
        chance.shuffle(starts)
        for start in starts:
            status, answer = await send(server, ann, data, start, min(start + chance.randrange(1, 9000), len(data)))
            assert status == 200, answer

    await asyncio.gather(*(gateway(seed) for seed in range(3)))
    position = 0
    while position < len(data):  # one of them has all
        status, answer = await server.put(ann, data[position : position + 3000], position)
        assert status == 200 and answer["position"] > position
        position = answer["position"]
    assert held(server, ann, 0, len(data)) == data
    assert all(one["receipt"]["whole"] for one in (await derived(server, ann))[:-1])


def test_work_that_did_not_see_late_bytes_does_not_count_as_done(database_url: str) -> None:
    database = Database(database_url)
    ref = JournalRef("0199c000-0000-7000-8000-00000000000a", DEVICE_ID, EPOCH)
    write = database.write_now
    write(store.advance, ref, 4096, 8192, 1.0)
    write(store.processed, ref, 8192, 5000, 0)
    write(store.advance_over_gap, ref, (8192, 20480), 30000, 2.0)
    write(store.processed, ref, 30000, 25000, 0)
    write(store.advance_over_gap, ref, (30000, 40960), 50000, 3.0)
    write(store.processed, ref, 50000, 45000, 0)
    write(store.merge, ref, [(12288, 13000)], 4096, 50000, 4.0)
    write(store.processed, ref, 50000, 45000, 0)  # by who began before
    journal = database.read_now(store.get, ref)
    assert journal is not None and (journal.resume_position, journal.fills) == (5000, 1)
    assert Turn(ref.owner_id, "journals", ref.subject) in database.read_now(events.due, 0.0)
    assert database.read_now(store.missing, ref) == [(0, 4096), (8192, 12288), (13000, 20480), (30000, 40960)]
    write(store.processed, ref, 50000, 45000, 1)
    # Behind the first gap things may now begin where the first gap's do.
    write(store.merge, ref, [(30000, 40960)], 4096, 50000, 5.0)
    journal = database.read_now(store.get, ref)
    assert journal is not None and (journal.resume_position, journal.fills) == (5000, 2)
    write(store.merge, ref, [(0, 4000)], 4096, 50000, 6.0)
    journal = database.read_now(store.get, ref)
    assert journal is not None and (journal.start_position, journal.resume_position) == (0, 0)
    assert database.read_now(store.missing, ref) == [(4000, 4096), (8192, 12288), (13000, 20480)]
    database.close()


def test_ranges() -> None:
    assert missing_ranges(0, []) == [] and missing_ranges(5, [(9, 12)]) == (missing := [(0, 5), (9, 12)])
    assert within(missing, 3, 10) == [(3, 5), (9, 10)] and within(missing, 5, 9) == []
    assert between(missing, 3, 20) == [(5, 9), (12, 20)] and between(missing, 9, 12) == between(missing, 7, 7) == []
    assert [containing(missing, position) for position in (4, 5, 9, 11, 12)] == [(0, 5), None, (9, 12), (9, 12), None]
    reached = {(0, 2): 2, (0, 5): 9, (5, 6): 9, (5, 10): 10, (6, 12): 30, (10, 11): 11, (4, 4): 0, (6, 6): 9}
    assert {range_: missing_after(missing, *range_, held=30) for range_ in reached} == reached
