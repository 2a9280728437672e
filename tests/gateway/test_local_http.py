"""`/healthz` and `/metrics`: what they say, to whom, and that nobody can tie the gateway up with them."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, server_holds, some_bytes
from gateway.stand_in import DEVICE_ID, KEY, UTC_MS, Clock
from gateway.stand_in import Wearable as StandIn
from paceline_gateway.config import Config, Server, Wearable
from paceline_gateway.watch.backlog import Backlog
from paceline_gateway.watch.board import Board
from paceline_gateway.watch.local_http import MOST_CONNECTIONS, answering, local_pages
from paceline_gateway.watch.metrics import exposition
from paceline_gateway.watch.state import GatewayState, WearableState

NAME = "Anna Ångström"
OTHER = bytes.fromhex("aabbccddeeff0011")
SAMPLE = re.compile(r'([a-z_]+)(?:\{wearable="([0-9A-F]+)"\})? (-?\d+(?:\.\d+)?)')


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    wearables = {DEVICE_ID: Wearable(DEVICE_ID, KEY, NAME), OTHER: Wearable(OTHER, KEY, "Ben")}
    return Config(tmp_path / "c", tmp_path / "spool", None, wearables, 3, alert_after_h=48.0)


@pytest.fixture
def board(settings: Config) -> Board:
    return Board(settings.wearables, clock=Clock(), boot="b", alert_after_h=48.0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
async def port(settings: Config, board: Board) -> AsyncIterator[int]:
    async with local_pages(replace(settings, local_port=free_port()), board) as port:
        yield port


async def get(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def said(port: int, request: bytes) -> bytes:
    """Send bytes and return all that comes back; b"" when the gateway hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        async with asyncio.timeout(LIMIT_S):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def test_health_is_200_and_503_with_reasons(port: int, board: Board) -> None:
    assert await get(port, "/healthz") == (200, '{"ok": true, "reasons": []}\n')
    board.radio_problem = "no adapter"
    status, body = await get(port, "/healthz?verbose")
    assert (status, json.loads(body)["ok"]) == (503, False)
    assert json.loads(body)["reasons"] == [{"code": "radio", "text": "Bluetooth cannot be used", "wearable": ""}]


def samples(text: str) -> dict[tuple[str, str], float]:
    """Read the text format strictly: HELP, TYPE, then the samples of that family; no sample twice."""
    found: dict[tuple[str, str], float] = {}
    family = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {family} gauge"
        else:
            match = SAMPLE.fullmatch(line)
            assert match and match[1] == family, line
            assert (match[1], match[2] or "") not in found
            found[match[1], match[2] or ""] = float(match[3])
    return found


def test_metrics_tell_numbers_and_nobody(settings: Config) -> None:
    now_utc_s = UTC_MS // 1000
    synced = WearableState(now_utc_s - 9, now_utc_s - 3, True, -61, 7, 0, 4000, 5000, 80, 1, "x", NAME, True)
    state = GatewayState(True, now_utc_s, "b", 5.0, NAME, {DEVICE_ID: synced})
    text = exposition(settings, state, {DEVICE_ID: Backlog(9000, 1234)}, now_utc_s)
    told = samples(text)
    assert {
        name.removeprefix("paceline_wearable_"): value for (name, label), value in told.items() if label == "66FF"
    } == {
        "connected": 1,
        "recording": 1,
        "last_sync_timestamp_seconds": now_utc_s - 3,
        "overdue": 0,
        "battery_ratio": 0.8,
        "signal_dbm": -61,
        "pending_bytes": 1000,
        "spooled_bytes": 9000,
        "backlog_bytes": 1234,
        "upload_stopped": 1,
    }
    assert ("paceline_wearable_battery_ratio", "0011") not in told, "what is not known is not told"
    assert told["paceline_gateway_healthy", ""] == 0
    assert not any(private in text for private in ("Anna", "Ben", DEVICE_ID.hex(), KEY.hex()))


def test_the_readme_names_every_metric_and_every_reason(settings: Config) -> None:
    readme = (Path(__file__).resolve().parents[2] / "gateway" / "README.md").read_text()
    state = GatewayState(wearables={DEVICE_ID: WearableState(1, 1, True, -61, 7, 0, 4000, 5000, 80)})
    names = {name for name, _label in samples(exposition(settings, state, {}, UTC_MS // 1000))}
    assert set(re.findall(r"`(paceline_(?:gateway|wearable)_\w+)`", readme)) == names
    for code in ("radio", "disk", "spool_full", "not_synced", "not_uploaded", "upload_stopped"):
        assert f"`{code}`" in readme


async def test_metrics_come_as_prometheus_wants_them(port: int) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert samples(await response.text())["paceline_gateway_healthy", ""] == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost:9\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nhost: evil.example\r\n\r\n", 403),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 403),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /healthz/../state.json HTTP/1.1\r\n\r\n", 404),
        (b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405),
        (b"HEAD /metrics HTTP/1.1\r\n\r\n", 405),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"GET /healthz HTTP/2.0\r\n\r\n", 400),
    ],
)
async def test_only_get_from_this_machine(port: int, request_: bytes, status: int) -> None:
    assert (await said(port, request_)).split()[:2][-1] == str(status).encode()


async def test_a_request_that_is_too_long_is_hung_up_on(port: int) -> None:
    assert await said(port, b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 100_000) == b""
    assert (await get(port, "/healthz"))[0] == 200


async def test_connections_are_bounded_and_those_that_say_nothing_end(port: int) -> None:
    async with contextlib.AsyncExitStack() as stack:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_CONNECTIONS)]
        for _reader, writer in silent:
            stack.callback(writer.transport.abort)
        assert await said(port, b"GET /healthz HTTP/1.0\r\n\r\n") == b""
        async with asyncio.timeout(LIMIT_S):
            for reader, _writer in silent:
                with contextlib.suppress(ConnectionError):
                    assert await reader.read() == b""
        assert (await get(port, "/healthz"))[0] == 200


async def test_it_is_off_by_default_and_a_taken_port_is_told_of(
    settings: Config, board: Board, caplog: pytest.LogCaptureFixture
) -> None:
    async with local_pages(settings, board) as port:
        assert port == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        async with local_pages(replace(settings, local_port=number), board) as port:
            assert port == 0
    assert f"local.port {number} cannot be used, there is no /healthz: Address already in use" in caplog.text


async def test_a_page_that_fails_ends_one_connection(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_path: str) -> tuple[int, str, str]:
        raise RuntimeError("broken")

    async with answering(broken, socket.create_server(("127.0.0.1", 0))) as port:
        assert await said(port, b"GET / HTTP/1.0\r\n\r\n") == b""
        assert await said(port, b"GET / HTTP/1.0\r\n\r\n") == b""
    assert "a local request failed" in caplog.text


async def test_a_running_gateway_has_both_pages(
    tmp_path: Path, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    port = free_port()
    settings = replace(config(tmp_path, [0], server[1]), local_port=port)
    radio = await wear(StandIn(some_bytes(9000), key_of(0), id_of(0)))
    async with running(settings):
        await server_holds(server[0], radio)
        async with asyncio.timeout(LIMIT_S):
            while '_backlog_bytes{wearable="A0A0"} 0' not in (await get(port, "/metrics"))[1]:
                server[0].asked.clear()
        assert (await get(port, "/healthz"))[0] == 200
        told = samples((await get(port, "/metrics"))[1])
        assert told["paceline_wearable_spooled_bytes", "A0A0"] == 9000
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(port, "/healthz")
