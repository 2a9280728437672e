"""The ingest: any split, any repetition, one result; what does not fit changes nothing."""

import asyncio
import random

import pytest
import zstandard
from conftest import thinned
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import JournalRef
from server.journal_builder import DEVICE_ID, EPOCH, workout
from server.running_server import Person, RunningServer


def held_bytes(server: RunningServer, person: Person, end: int, start: int = 0) -> bytes:
    """Return what lies in the data folder."""
    return JournalFiles(server.config.journals).read(JournalRef(person.owner_id, DEVICE_ID, EPOCH), start, end)


async def test_nothing_held_is_position_0(server: RunningServer, ann: Person) -> None:
    assert await server.get(ann, f"/devices/{DEVICE_ID}/journal/{EPOCH}") == (200, {"position": 0, "missing": []})


@pytest.mark.parametrize("seed", thinned(range(4), 3))
async def test_any_split_and_repetition_gives_one_whole_activity(server: RunningServer, ann: Person, seed: int) -> None:
    builder, samples = workout(900)
    data = builder.data
    draw = random.Random(seed)
    held = 0
    while held < len(data):
        start = draw.randrange(max(0, held - 1500), held + 1)
        end = min(len(data), start + draw.randrange(1, 4000))
        status, answer = await server.put(ann, data[start:end], start)
        held = max(held, end)
        assert (status, answer) == (200, {"position": held})
    assert held_bytes(server, ann, len(data)) == data
    (activity,) = await server.activities(ann)
    assert activity["points_count"] == len(samples)
    assert activity["receipt"] == {
        "recorded": 900,
        "received": 900,
        "gaps": [],
        "sealed": True,
        "problems": [],
        "whole": True,
    }
    _, streams = await server.get(ann, f"/activities/{activity['activity_id']}/streams")
    assert streams["latitude_deg"] == [sample[2] / 1e6 for sample in samples]
    assert streams["altitude_m"] == [sample[4] / 5 for sample in samples]


async def test_a_gap_is_refused_with_the_expected_position_and_the_retry_completes(
    server: RunningServer, ann: Person
) -> None:
    data = workout()[0].data
    assert (await server.put(ann, data[:500], 0))[0] == 200
    status, answer = await server.put(ann, data[700:], 700)
    assert (status, answer["error"], answer["expected_position"]) == (409, "gap", 500)
    assert await server.put(ann, data[500:], 500) == (200, {"position": len(data)})
    assert (await server.activities(ann))[0]["receipt"]["whole"]


async def test_a_held_range_that_differs_is_refused_at_its_first_differing_byte(
    server: RunningServer, ann: Person
) -> None:
    data = workout()[0].data
    await server.put(ann, data, 0)
    other = bytearray(data[100:])
    other[333] ^= 1
    status, answer = await server.put(ann, bytes(other) + b"more", 100)
    assert (status, answer["error"], answer["position"]) == (409, "differs", 433)
    assert await server.get(ann, f"/devices/{DEVICE_ID}/journal/{EPOCH}") == (
        200,
        {"position": len(data), "missing": []},
    )
    assert held_bytes(server, ann, len(data)) == data


async def test_the_first_range_of_an_epoch_may_begin_at_a_later_page_only(server: RunningServer, ann: Person) -> None:
    data = workout(6000)[0].data
    status, answer = await server.put(ann, data[5000:], 5000)
    assert (status, answer["expected_position"]) == (409, 0)
    assert await server.put(ann, data[4096:], 4096) == (200, {"position": len(data)})
    (activity,) = await server.activities(ann)
    receipt = activity["receipt"]
    assert receipt["gaps"] == [{"from": 0, "to": 4096}]
    assert not receipt["whole"]
    assert 0 < receipt["received"] < receipt["recorded"] == 6000
    assert await server.put(ann, data[:4096], 0) == (200, {"position": len(data)})
    (activity,) = await server.activities(ann)
    assert activity["receipt"]["whole"] and activity["points_count"] == 6000


async def test_zstd_bodies_are_unpacked(server: RunningServer, ann: Person) -> None:
    data = workout()[0].data
    packed = zstandard.compress(data)
    assert await server.put(ann, packed, 0, **{"Content-Encoding": "zstd"}) == (200, {"position": len(data)})
    assert held_bytes(server, ann, len(data)) == data


@pytest.mark.parametrize(
    ("body", "coding", "refusal"),
    [
        (zstandard.compress(bytes(50_000_000)), "zstd", (413, "too_large")),
        (zstandard.ZstdCompressor(write_content_size=False).compress(bytes(5000)), "zstd", (400, "zstd")),
        (zstandard.compress(random.Random(1).randbytes(5000))[:-100], "zstd", (400, "zstd")),
        (b"no zstd at all", "zstd", (400, "zstd")),
        (b"x", "br", (415, "coding")),
        (bytes((1 << 20) + 1), "identity", (413, "too_large")),
    ],
    ids=["bomb", "no size", "cut", "not zstd", "unknown", "large"],
)
async def test_a_bad_body_is_refused_and_changes_nothing(
    server: RunningServer, ann: Person, body: bytes, coding: str, refusal: tuple[int, str]
) -> None:
    status, answer = await server.put(ann, body, 0, **{"Content-Encoding": coding})
    assert (status, answer["error"]) == refusal
    assert await server.get(ann, f"/devices/{DEVICE_ID}/journal/{EPOCH}") == (200, {"position": 0, "missing": []})
    assert not server.config.journals.exists()


@pytest.mark.parametrize("query", ["", "?position=-1", "?position=x", "?position=4294967296", "?position=%D9%A3"])
async def test_a_bad_position_is_refused(server: RunningServer, ann: Person, query: str) -> None:
    url = f"/api/v1/devices/{DEVICE_ID}/journal/{EPOCH}{query}"
    async with server.http.put(url, data=b"x", headers=ann.headers) as response:
        assert response.status == 400
        assert (await response.json())["field"] == "position"


async def test_an_upload_that_is_cut_changes_nothing(server: RunningServer, ann: Person) -> None:
    data = workout()[0].data
    host, port = server.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"PUT /api/v1/devices/{DEVICE_ID}/journal/{EPOCH}?position=0 HTTP/1.1\r\nHost: {host}\r\n"
    head += f"Authorization: Bearer {ann.token}\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data[: len(data) // 2])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await server.get(ann, f"/devices/{DEVICE_ID}/journal/{EPOCH}") == (200, {"position": 0, "missing": []})
    assert await server.put(ann, data, 0) == (200, {"position": len(data)})


async def test_two_gateways_at_once_make_one_journal(server: RunningServer, ann: Person) -> None:
    data = workout(1200)[0].data

    async def upload(piece: int) -> None:
        held = 0
        while held < len(data):
            status, answer = await server.put(ann, data[held : held + piece], held)
            assert status in {200, 409}
            held = answer["position"] if status == 200 else answer["expected_position"]

    await asyncio.gather(upload(700), upload(1100), upload(64))
    assert held_bytes(server, ann, len(data)) == data
    assert [activity["receipt"]["whole"] for activity in await server.activities(ann)] == [True]
