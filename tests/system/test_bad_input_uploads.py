"""Uploads that are cut, torn, contradictory, packed bombs or hostile inside: one error each, nothing changed."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import zstandard
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import BOOT, CLOCK, CONTINUED, SAMPLES, SESSION_END, SESSION_START
from paceline_tools.line.children import Child
from paceline_tools.line.places import Places
from paceline_tools.line.server_view import ServerView, Summary
from server.journal_builder import START_UTC_S, JournalBuilder, run_samples
from system.recorded import LIMIT_S, introduced, served

MOST_GROWTH_KB = 300_000
Answer = tuple[int, dict[str, Any]]


@dataclass
class Desk:
    """A served line and one journal of its wearable, of an epoch of the test's own."""

    places: Places
    server: Child
    view: ServerView
    http: aiohttp.ClientSession
    epoch: int = 1

    @property
    def device(self) -> str:
        return self.places.device_id.read_text().strip()

    @property
    def path(self) -> str:
        return f"/api/v1/devices/{self.device}/journal/{self.epoch}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.places.token.read_text().strip()}"}

    def journal(self) -> JournalBuilder:
        """Begin a journal under the device's own key."""
        return JournalBuilder(bytes.fromhex(self.places.device_key.read_text()), self.epoch)

    async def put(self, data: bytes, position: int, device: str = "", **headers: str) -> Answer:
        """Upload; return status and answer."""
        path = self.path.replace(self.device, device or self.device)
        url = f"{path}?position={position}"
        async with self.http.put(url, data=BytesIO(data), headers=self.headers | headers) as response:
            return response.status, await response.json()

    @property
    def file(self) -> Path:
        """The journal's bytes on the server's disk."""
        return next(self.places.server.glob(f"journals/*/{self.device}/{self.epoch:08x}.journal"), Path("/absent"))

    def held(self) -> int | None:
        """The database's position, None when it knows nothing of the journal."""
        with contextlib.closing(sqlite3.connect(self.places.server / "paceline.sqlite3")) as database:
            query = "SELECT held_position FROM journals WHERE epoch = ?"
            row = database.execute(query, (self.epoch,)).fetchone()
        return row[0] if row else None

    def kept(self) -> tuple[bytes | None, int | None]:
        """Return what file and database hold."""
        return (self.file.read_bytes() if self.file.exists() else None), self.held()

    async def workout(self, start_utc_s: int) -> Summary:
        """Wait for the finished workout that began at that second."""

        def wanted(one: Summary) -> bool:
            return one["start_utc_s"] == start_utc_s and one["status"] == "finished"

        found = await self.view.wait_for(wanted, "The workout", LIMIT_S)
        return await self.view.activity(found["activity_id"])

    def memory_kb(self) -> int:
        """The most memory that the server's process has ever had."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    places = await introduced(tmp_path_factory.mktemp("uploads"))
    async with served(places) as (server, view):
        timeout = aiohttp.ClientTimeout(total=LIMIT_S)
        async with aiohttp.ClientSession(view.url, timeout=timeout) as http:
            yield Desk(places, server, view, http)


@pytest.fixture(autouse=True)
def new_epoch(desk: Desk) -> None:
    desk.epoch += 1


def a_run(desk: Desk, count: int = 600) -> bytes:
    """Return a journal with one finished workout; it begins at a second of its own."""
    builder = desk.journal()
    builder.boot()
    builder.clock(5, start_of(desk) - 5)
    builder.start(10)
    builder.samples(run_samples(count))
    builder.end(10 + count)
    return builder.data


def start_of(desk: Desk) -> int:
    return START_UTC_S + 100_000 * desk.epoch


BAD: dict[str, tuple[Callable[[bytes], tuple[bytes, int, str]], int, dict[str, Any]]] = {
    "a gap": (lambda data: (data[900:], 900, ""), 409, {"error": "gap", "expected_position": 700}),
    "other bytes": (
        lambda data: (data[:99] + bytes([data[99] ^ 1]) + data[100:], 0, ""),
        409,
        {"error": "differs", "position": 99},
    ),
    "a bomb": (
        lambda _: (zstandard.compress(bytes(100_000_000)), 700, "zstd"),
        413,
        {"error": "too_large", "limit": 1 << 20},
    ),
    "a bomb that hides its size": (
        lambda _: (zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100_000_000)), 700, "zstd"),
        400,
        {"error": "zstd"},
    ),
    "half a frame": (
        lambda data: (zstandard.compress(data[700:])[:-40], 700, "zstd"),
        400,
        {"error": "zstd"},
    ),
    "too much": (lambda _: (bytes((1 << 20) + 1), 700, ""), 413, {"error": "too_large", "limit": 1 << 20}),
    "far too much": (lambda _: (bytes(3 << 20), 700, ""), 413, {"error": "too_large", "limit": 1 << 20}),
    "an unknown coding": (lambda data: (data[700:], 700, "br"), 415, {"error": "coding"}),
    "behind the last position": (lambda data: (data, 0xFFFFFFFF, ""), 400, {"error": "position", "field": "position"}),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_upload_gets_one_error_and_changes_nothing(desk: Desk, name: str) -> None:
    make, status, fields = BAD[name]
    data = a_run(desk)
    assert await desk.put(data[:700], 0) == (200, {"position": 700})
    before = desk.kept()
    assert before == (data[:700], 700)
    body, position, coding = make(data)
    got, answer = await desk.put(body, position, **({"Content-Encoding": coding} if coding else {}))
    assert (got, {key: answer[key] for key in fields}) == (status, fields)
    problem = {"type", "title", "status", "detail", "message"}  # RFC 9457, and our own name for the detail
    assert set(answer) == problem | set(fields) | ({"field"} & set(answer)) and answer["message"]
    assert desk.kept() == before
    assert await desk.put(data[700:], 700) == (200, {"position": len(data)})
    assert (await desk.workout(start_of(desk)))["receipt"]["whole"]


async def test_an_upload_cut_in_its_body_changes_nothing(desk: Desk) -> None:
    data = a_run(desk)
    await desk.put(data[:700], 0)
    before = desk.kept()
    host, port = desk.view.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"PUT {desk.path}?position=700 HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(data) - 700}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in desk.headers.items())
    writer.write(head.encode() + b"\r\n" + data[700:1200])
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), LIMIT_S)
    writer.close()
    assert b"200 OK" not in answer
    assert desk.kept() == before
    assert await desk.put(data[700:], 700) == (200, {"position": len(data)})


async def test_a_device_that_is_not_ones_own_is_as_one_that_does_not_exist(desk: Desk) -> None:
    status, answer = await desk.put(a_run(desk), 0, device="00000000000000aa")
    assert (status, answer["error"]) == (404, "not_found")
    assert desk.kept() == (None, None)


async def test_a_stranger_s_token_is_refused_before_anything_is_read(desk: Desk) -> None:
    status, answer = await desk.put(a_run(desk), 0, Authorization="Bearer stolen")
    assert (status, answer["error"]) == (401, "unauthenticated")
    assert desk.kept() == (None, None)


def promises_more_than_it_has(builder: JournalBuilder) -> None:
    """Fill pages with chunks of no coded bytes, each of which promises 255 samples."""
    for _ in range(80_000):
        builder.payload(SAMPLES, bytes((1, 255)))


def jumps_back(builder: JournalBuilder) -> None:
    """Record the same seconds again and again."""
    for _ in range(20):
        builder.restart_models()
        builder.samples(run_samples(50))


def never_ends(builder: JournalBuilder) -> None:
    """Begin workouts as fast as can be, none of which ends."""
    for number in range(2, 150):
        builder.record(SESSION_START, 10, 0, number, 250, 9, 0)


def clocks_of_all_times(builder: JournalBuilder) -> None:
    """Tell another time with every record."""
    for number in range(5000):
        builder.record(CLOCK, number * 859_993 % (1 << 32), number * 4_100_993 % (1 << 32), 1 + number % 3)
    builder.samples(run_samples(50))


def lies_in_its_totals(builder: JournalBuilder) -> None:
    """End with the highest totals there are."""
    builder.samples(run_samples(50))
    builder.record(SESSION_END, 0xFFFFFFFF, 1, *[0xFFFFFFFF] * 4, 0xFFFF, 255, 255, 0xFFFF)


def boots_without_end(builder: JournalBuilder) -> None:
    """Go on with the workout in thousands of boots that know no time."""
    for number in range(2000):
        builder.record(BOOT, number, 1, bytes(3))
        builder.record(SESSION_START, 0xFFFFFFF0, 0, 1, 1, 0, CONTINUED)
        builder.payload(SAMPLES, bytes((1, 255)))


HOSTILE: dict[Callable[[JournalBuilder], None], str] = {
    promises_more_than_it_has: "more than",
    jumps_back: "not in order of time",
    never_ends: "the end of the workout is missing",
    clocks_of_all_times: "",
    lies_in_its_totals: "",
    boots_without_end: "",
}


@pytest.mark.parametrize("fill", HOSTILE, ids=lambda fill: fill.__name__)
async def test_a_hostile_wearable_with_the_right_key_is_bounded_and_told_of(
    desk: Desk, fill: Callable[[JournalBuilder], None]
) -> None:
    builder = desk.journal()
    builder.boot()
    builder.clock(5, start_of(desk) - 5)
    builder.start(10)
    fill(builder)
    builder.leave_page()
    data, sent = builder.data, 0
    memory_kb = desk.memory_kb()
    while sent < len(data):
        status, answer = await desk.put(data[sent : sent + (1 << 20)], sent)
        assert (status, answer["position"]) == (200, min(sent + (1 << 20), len(data)))
        sent = answer["position"]
    told = HOSTILE[fill]
    good = await following(desk, builder)
    assert good["receipt"]["whole"]
    harmed = [await desk.view.activity(one["activity_id"]) for one in await desk.view.activities()]
    harmed = [one for one in harmed if not one["receipt"]["whole"] and one["activity_id"] != good["activity_id"]]
    assert any(told in json.dumps(one["receipt"]["problems"]) for one in harmed)
    assert desk.memory_kb() - memory_kb < MOST_GROWTH_KB


async def following(desk: Desk, builder: JournalBuilder) -> Summary:
    """Record a good workout behind all that; it must come through whole."""
    before = len(builder.data)
    utc_s = start_of(desk) + 50_000
    builder.boot()
    builder.clock(5, utc_s - 5)
    builder.start(10, session=9)
    builder.samples(run_samples(60))
    builder.end(70)
    assert (await desk.put(builder.data[before:], before))[0] == 200
    return await desk.workout(utc_s)


async def test_positions_up_to_4_gib_are_taken_and_none_behind(desk: Desk) -> None:
    last_page = (1 << 32) // PAGE_SIZE - 1
    builder = JournalBuilder(bytes.fromhex(desk.places.device_key.read_text()), desk.epoch, last_page)
    builder.boot()
    builder.clock(5, start_of(desk) - 5)
    builder.start(10)
    builder.samples(run_samples(60))
    builder.end(70)
    start = last_page * PAGE_SIZE
    status, answer = await desk.put(builder.data, start)
    assert (status, answer["position"]) == (200, start + len(builder.data))
    assert (await desk.workout(start_of(desk)))["points_count"] == 60
    held = answer["position"]
    status, answer = await desk.put(bytes(PAGE_SIZE), held)
    assert (status, answer["error"], answer["field"]) == (400, "position", "position")
    assert desk.held() == held
    assert desk.file.stat().st_blocks * 512 < 1 << 20  # sparse: the position costs no disk
