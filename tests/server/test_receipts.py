"""The receipt: a changed bit, a forged page, a missing end are named with their place; the rest still counts."""

import pytest
from paceline_protocol.integrity import crc16
from paceline_protocol.page import PAGE_SIZE
from server.journal_builder import JournalBuilder, run_samples, workout
from server.running_server import Person, RunningServer


def flipped(data: bytes, position: int) -> bytes:
    """Return the data with one bit changed."""
    changed = bytearray(data)
    changed[position] ^= 0x10
    return bytes(changed)


def altered_with_good_check_sum(data: bytes, position: int) -> bytes:
    """Change the second coded byte of the first full SAMPLES record behind a position, and make its check sum fit."""
    changed = bytearray(data)
    while not (changed[position] == 4 and changed[position + 2] in (0, 1) and changed[position + 1] > 20):
        position += 1
    end = position + 2 + changed[position + 1]
    assert crc16(bytes(changed[position:end])) == int.from_bytes(changed[end : end + 2], "little")
    changed[position + 8] ^= 0xFF
    changed[end : end + 2] = crc16(bytes(changed[position:end])).to_bytes(2, "little")
    return bytes(changed)


async def test_a_flipped_bit_is_named_with_its_page_and_the_other_pages_count(
    server: RunningServer, ann: Person
) -> None:
    data = workout(6000)[0].data
    pages = len(data) // PAGE_SIZE
    assert pages >= 2
    bad = flipped(data, PAGE_SIZE + 1500)
    assert (await server.put(ann, bad, 0))[0] == 200
    (activity,) = await server.activities(ann)
    receipt = activity["receipt"]
    assert not receipt["whole"]
    assert not receipt["sealed"]
    assert any("page 1 altered" in problem for problem in receipt["problems"])
    assert 0 < receipt["received"] < receipt["recorded"] == 6000
    assert activity["points_count"] == receipt["received"]


async def test_a_forged_page_with_good_check_sums_does_not_count(server: RunningServer, ann: Person) -> None:
    data = workout(6000)[0].data
    forged = altered_with_good_check_sum(data, 1000)
    await server.put(ann, forged, 0)
    (activity,) = await server.activities(ann)
    receipt = activity["receipt"]
    assert any("page 0 altered" in problem for problem in receipt["problems"])
    assert not receipt["whole"]
    assert receipt["received"] < 6000


async def test_a_forged_tail_is_believed_only_until_its_seal_arrives(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    clock_at = builder.position
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(300))
    tail = builder.position
    forged = bytearray(builder.data)
    forged[clock_at + 7] ^= 1  # the workout is put 65536 seconds elsewhere
    forged[clock_at + 11 : clock_at + 13] = crc16(bytes(forged[clock_at : clock_at + 11])).to_bytes(2, "little")
    await server.put(ann, bytes(forged), 0)
    (activity,) = await server.activities(ann)
    assert (activity["status"], activity["receipt"]["problems"], activity["points_count"]) == ("live", [], 300)
    builder.end(310)
    await server.put(ann, builder.data[tail:], tail)
    (activity,) = await server.activities(ann)
    receipt = activity["receipt"]
    assert any("page 0 altered" in problem for problem in receipt["problems"])
    assert (activity["status"], receipt["recorded"], receipt["received"]) == ("finished", 300, 0)
    assert not receipt["whole"]


async def test_a_workout_is_live_until_its_end_and_sealed_with_it(server: RunningServer, ann: Person) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    samples = run_samples(500)
    builder.samples(samples[:200])
    first = builder.data
    await server.put(ann, first, 0)
    (live,) = await server.activities(ann)
    assert live["status"] == "live"
    assert live["receipt"] == {
        "recorded": None,
        "received": 200,
        "gaps": [],
        "sealed": False,
        "problems": [],
        "whole": False,
    }
    builder.samples(samples[200:])
    builder.end(510)
    await server.put(ann, builder.data[len(first) :], len(first))
    (finished,) = await server.activities(ann)
    assert finished["activity_id"] == live["activity_id"]
    assert (finished["status"], finished["receipt"]["whole"], finished["points_count"]) == ("finished", True, 500)


async def test_samples_that_the_device_counted_and_that_never_came_leave_the_receipt_open(
    server: RunningServer, ann: Person
) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.start(10, utc_s=1_760_000_010)
    builder.samples(run_samples(100))
    builder.end(110, samples=103)
    await server.put(ann, builder.data, 0)
    (activity,) = await server.activities(ann)
    assert (activity["receipt"]["recorded"], activity["receipt"]["received"]) == (103, 100)
    assert not activity["receipt"]["whole"]


@pytest.mark.parametrize("key", [bytes(32), bytes(range(1, 33))])
async def test_a_journal_under_another_key_is_never_whole(server: RunningServer, ann: Person, key: bytes) -> None:
    builder = JournalBuilder(key)
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(5000))
    builder.end(5010)
    await server.put(ann, builder.data, 0)
    activities = await server.activities(ann)
    assert all(not activity["receipt"]["whole"] for activity in activities)
    assert all(activity["receipt"]["received"] < 5000 for activity in activities)
