"""What every answer carries, asked of every route; and no route writes for another site's page."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest
from paceline_server.platform.auth import COOKIE
from paceline_server.platform.gate import Row
from paceline_server.platform.headers import DATA_POLICY, FOR_DOCUMENTS, PAGE_POLICY, SECURITY_HEADERS
from paceline_server.platform.policy import Action, Kind
from paceline_server.routes import ROWS
from server.journal_builder import DEVICE_ID
from server.route_examples import EXAMPLES, SETTINGS
from server.running_server import RunningServer
from server.test_policy_routes import Walk, name_of, reopen

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ABSENT = "0199ce22-a100-7000-8000-000000000000"
NAMES = {"device_id": DEVICE_ID, "epoch": "1", "kind": "settings", "name": "icon.svg", "metric": "weight_kg"}
ELSEWHERE = "https://elsewhere.example"
# One says which page it may be shown in, the other is a program that asks for nothing.
OWN_POLICY = {"GET /install", "GET /worker.js"}


async def ask(walk: Walk, row: Row, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask as Ann's browser; return status, headers and body."""
    cookie = f"{COOKIE}={walk.token(walk.ann, Kind.SESSION)}"
    url = row.path.format_map(walk.names) + EXAMPLES[name_of(row)].path
    send: dict[str, Any] = dict(EXAMPLES[name_of(row)].send)
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | {"Cookie": cookie}
    async with walk.server.http.request(row.method, url, headers=sent, allow_redirects=False, **send) as response:
        return response.status, dict(response.headers), await response.read()


@pytest.fixture
async def walk(server: RunningServer) -> AsyncIterator[Walk]:
    """Ann with a wearable, on a server where everybody may make an account."""
    await reopen(server)
    made = Walk(server)
    made.names = defaultdict(lambda: ABSENT, NAMES, user_id=made.ann.owner_id)
    url = f"/api/v1/devices/{DEVICE_ID}/settings"
    async with server.http.put(url, json=SETTINGS, headers=made.ann.headers) as response:
        assert response.status == 200
    yield made
    made.database.close()


async def test_every_answer_has_the_headers(walk: Walk) -> None:
    wrong: list[str] = []
    for row in ROWS:
        if row.method != "GET":
            continue
        status, headers, body = await ask(walk, row)
        kind = headers.get("Content-Type", "").partition(";")[0]
        page = kind == "text/html" or row.path.startswith("/static/")
        policy = headers.get("Content-Security-Policy", "")
        expected = PAGE_POLICY if page else DATA_POLICY
        if policy != expected and name_of(row) not in OWN_POLICY:
            wrong.append(f"{name_of(row)}: {kind} has the policy {policy}")
        if "unsafe" in policy or "*" in policy or b"<script>" in body or b" style=" in body:
            wrong.append(f"{name_of(row)}: something may run that is no file of ours")
        stricter = {"Referrer-Policy": "no-referrer"} if row.path.endswith("/{link}") else {}
        if name_of(row) == "GET /claim":  # which scans a code; nothing else sees
            policy = SECURITY_HEADERS["Permissions-Policy"]
            stricter = {"Permissions-Policy": policy.replace("camera=()", "camera=(self)")}
        demanded = SECURITY_HEADERS | stricter
        if row.path.startswith("/static/"):
            demanded = {name: value for name, value in demanded.items() if name != FOR_DOCUMENTS}
        wrong += [f"{name_of(row)}: {name}" for name, value in demanded.items() if headers.get(name) != value]
        data = row.path.startswith("/api/") and status == 200 and "json" not in kind
        if data and not headers.get("Content-Disposition", "").startswith("attachment"):
            wrong.append(f"{name_of(row)}: {kind} is shown, not saved")
        if headers.get("Server") != "Paceline":
            wrong.append(f"{name_of(row)}: who answers")
    assert wrong == []


async def test_errors_and_redirects_have_the_headers_too(walk: Walk) -> None:
    asked = [("GET", "/nothing", 404), ("GET", "/api/v1/nothing", 404), ("POST", "/healthz", 405), ("GET", "/", 303)]
    for method, path, status in asked:
        async with walk.server.http.request(method, path, allow_redirects=False) as response:
            assert response.status == status
            assert SECURITY_HEADERS.items() <= dict(response.headers).items()
            assert response.headers["Content-Security-Policy"] in (PAGE_POLICY, DATA_POLICY)


@pytest.mark.parametrize("headers", [{"Origin": ELSEWHERE}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}])
async def test_no_route_writes_for_another_sites_page(walk: Walk, headers: dict[str, str]) -> None:
    wrong: list[str] = []
    for row in ROWS:
        if row.method == "GET" or row.path.startswith("/api/v1/oauth/"):
            continue
        status, _, _ = await ask(walk, row, **headers)
        if status != 403:
            wrong.append(f"{name_of(row)} answers {status}")
    assert wrong == []
    async with walk.server.http.get(f"/api/v1/users/{walk.ann.owner_id}", headers=walk.ann.headers) as response:
        assert response.status == 200


async def test_no_answer_is_for_another_sites_page_to_read(walk: Walk) -> None:
    """No CORS: a browser shows a page of another origin none of our answers, and sends none of its own headers."""
    for path in (f"/api/v1/users/{walk.ann.owner_id}", "/api/v1/oauth/token", "/api/v1/openapi.json", "/"):
        asks = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "GET"}
        async with walk.server.http.options(path, headers=asks) as preflight:
            assert preflight.status == 405
        async with walk.server.http.get(path, headers=walk.ann.headers | {"Origin": ELSEWHERE}) as response:
            told = [
                name for answer in (preflight, response) for name in answer.headers if "access-control" in name.lower()
            ]
            assert told == [] and response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_no_form_is_taken_without_its_key(walk: Walk) -> None:
    for row in ROWS:
        if EXAMPLES[name_of(row)].form:
            status, _, _ = await ask(walk, row, Origin=walk.server.url)
            # What only admins may is not there for Ann at all.
            assert status == (404 if row.rule.action is Action.OPERATE else 403), name_of(row)


async def raw(server: RunningServer, sent: bytes) -> bytes:
    """Send bytes and return the first line of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    writer.write(sent)
    async with asyncio.timeout(30):
        line = await reader.readline()
    writer.close()
    return line


async def test_a_head_is_bounded(server: RunningServer, database_url: str) -> None:
    end = b" HTTP/1.1\r\nHost: x\r\n"
    cases = [
        b"GET /healthz?" + b"x" * 20_000 + end + b"\r\n",
        b"GET /healthz" + end + b"X-Long: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET /healthz" + end + b"X-Many: x\r\n" * 1000 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]
    for sent in cases:
        assert (await raw(server, sent)).split()[1] == b"400", sent[:60]
    assert (await raw(server, b"GET /healthz" + end + b"\r\n")).split()[1] == b"200"
