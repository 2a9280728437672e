"""Codings: bodies come packed and are bounded unpacked; answers go packed as the client weighs it."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from aiohttp import web
from paceline_server.platform.auth import form_key_of
from paceline_server.platform.bodies import LARGEST_JSON
from paceline_server.platform.coding import SMALLEST, best_coding
from paceline_server.platform.patience import TooSlowError, waited_for
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BODY = b'{"sex": "female"}'


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;Q=0.5, zstd;q=0.4", "gzip"),
        ("zstd;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("br, deflate", "identity"),
        ("gzip;q=2, zstd;q=x", "identity"),
        ("not-gzip", "identity"),
    ],
)
def test_the_best_coding_is_that_of_the_greatest_weight(database_url: str, accept: str | None, coding: str) -> None:
    assert best_coding(accept) == coding


async def patch(server: RunningServer, person: Person, data: bytes, coding: str) -> tuple[int, str]:
    """Send a packed body; return status and error."""
    headers = person.headers | {"Content-Encoding": coding, "Content-Type": "application/json"}
    url = f"/api/v1/users/{person.owner_id}/profile"
    async with server.http.patch(url, data=BytesIO(data), headers=headers) as response:
        return response.status, (await response.json()).get("error", "")


def bomb(size: int) -> bytes:
    """Return a gzip member that unpacks to many bytes."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)), packer.flush()])


async def test_bodies_are_unpacked_within_their_bound(server: RunningServer, ann: Person) -> None:
    packed = gzip.compress(BODY)
    cases = {
        ("gzip", packed): (200, ""),
        ("zstd", zstandard.compress(BODY)): (200, ""),
        ("identity", BODY): (200, ""),
        ("gzip", packed[:-4]): (400, "gzip"),
        ("gzip", packed[:-8] + bytes(8)): (400, "gzip"),
        ("gzip", packed + packed): (400, "gzip"),
        ("gzip", BODY): (400, "gzip"),
        ("zstd", packed): (400, "zstd"),
        ("br", packed): (415, "coding"),
        ("gzip, gzip", gzip.compress(packed)): (415, "coding"),
        ("gzip", bomb(64 << 20)): (413, "too_large"),
        ("zstd", zstandard.compress(bytes(LARGEST_JSON + 1))): (413, "too_large"),
        ("identity", bytes(LARGEST_JSON + 1)): (413, "too_large"),
    }
    for (coding, data), expected in cases.items():
        assert await patch(server, ann, data, coding) == expected, (coding, data[:20])


async def test_answers_are_packed_and_each_coding_has_its_tag(server: RunningServer, ann: Person) -> None:
    url = f"/api/v1/users/{ann.owner_id}/body"
    for day in range(1, 29):
        value = f"{url}/weight_kg/2025-01-{day:02}"
        async with server.http.put(value, json={"value": 60 + day / 10}, headers=ann.headers) as response:
            assert response.status == 200
    bodies = {}
    for accept in ("identity", "gzip", "zstd;q=0.9, gzip;q=0.1"):
        headers = ann.headers | {"Accept-Encoding": accept}
        async with server.http.get(url, headers=headers, auto_decompress=False) as response:
            assert response.headers["Vary"] == "Accept-Encoding"
            bodies[response.headers.get("Content-Encoding", "identity")] = await response.read()
            assert int(response.headers["Content-Length"]) == len(bodies[list(bodies)[-1]])
    plain = bodies["identity"]
    assert len(plain) > SMALLEST
    assert gzip.decompress(bodies["gzip"]) == zstandard.decompress(bodies["zstd"]) == plain
    assert max(len(bodies["gzip"]), len(bodies["zstd"])) < len(plain) / 2
    assert len(json.loads(plain)["values"]) == 28


async def test_a_page_and_an_error_are_packed_and_a_small_answer_is_not(server: RunningServer, ann: Person) -> None:
    for url, coding in (("/", "gzip"), ("/nothing", "gzip"), (f"/api/v1/users/{ann.owner_id}", None)):
        headers = ann.headers | {"Accept-Encoding": "gzip"}
        async with server.http.get(url, headers=headers) as response:
            assert response.headers.get("Content-Encoding") == coding, url
            assert await response.read()


async def test_no_two_pages_show_the_same_form_key_and_each_of_them_holds(server: RunningServer, ann: Person) -> None:
    async with server.http.post(
        "/api/v1/auth/login", json={"username": "ann", "password": "correct horse battery"}
    ) as r:
        session = Person(ann.owner_id, (await r.json())["access_token"])
    keys = [form_key_of(session.token, bytes([n]) * 16) for n in range(3)]
    assert len({key[-32:] for key in keys}) == 3
    wrong = [keys[0][:-1] + ("0" if keys[0][-1] != "0" else "1"), keys[0].upper(), keys[0][32:], "", "x" * 64]
    for key, status in [(key, 303) for key in keys] + [(key, 403) for key in wrong]:
        form = {"form_key": key, "token_id": "none"}
        async with server.http.post(
            "/account/revoke", data=form, headers=session.headers, allow_redirects=False
        ) as response:
            assert response.status == status, key
    shown = []
    for _ in range(2):
        async with server.http.get("/account", headers=session.headers) as response:
            page = await response.text()
            shown.append(page.split('name="form_key" value="')[1].split('"')[0])
    assert shown[0] != shown[1]


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[int]:
    """The port of a server that reads bodies with little patience."""

    async def read(request: web.Request) -> web.Response:
        try:
            with waited_for(request, 0.1):
                return web.Response(text=str(len(await request.read())))
        except TooSlowError:
            return web.Response(status=408)

    app = web.Application()
    app.router.add_post("/", read)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_a_body_that_does_not_come_is_not_waited_for(database_url: str, reader: int) -> None:
    async with asyncio.timeout(30):
        streams, writer = await asyncio.open_connection("127.0.0.1", reader)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc")
        assert (await streams.readline()).split()[1] == b"408"
        writer.close()
        streams, writer = await asyncio.open_connection("127.0.0.1", reader)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + bytes(100_000))
        assert (await streams.readline()).split()[1] == b"200"
        writer.close()
