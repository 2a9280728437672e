"""Pages of a list: all rows once, in order, whatever comes or goes meanwhile; no made-up cursor does harm."""

import base64
from urllib.parse import urlsplit

import orjson
import pytest
from paceline_server.activity_list import store as lists
from paceline_server.activity_list.filters import EVERYTHING
from paceline_server.device_events import store
from paceline_server.device_events.model import BOOT, DeviceEvent
from paceline_server.errors import InvalidError
from paceline_server.keys import DATABASE
from paceline_server.platform.database import Database
from paceline_server.platform.paging import Page, page_of, sealed
from server.journal_builder import DEVICE_ID
from server.query_plans import slowness
from server.running_server import Person, RunningServer
from server.statements import Statements
from sqlalchemy import Connection

URL = f"/api/v1/devices/{DEVICE_ID}/events"


def event(position: int, utc_s: int) -> DeviceEvent:
    return DeviceEvent(1, position, BOOT, utc_s, 0, position, "0.1.0")


async def fill(server: RunningServer, owner_id: str, events: list[DeviceEvent]) -> None:
    """Let these be all events of the wearable."""
    await server.app[DATABASE].write(store.take, owner_id, DEVICE_ID, 1, 0, events)


async def page(server: RunningServer, person: Person, url: str) -> tuple[list[int], str | None, str | None]:
    """Return the positions of a page, its cursor and the link to the next one."""
    async with server.http.get(url, headers=person.headers) as response:
        answer = await response.json()
        assert response.status == 200, answer
        link = response.links.get("next")
        found = str(link["url"]) if link is not None else None
        return [one["position"] for one in answer["events"]], answer["next_cursor"], found


async def test_every_row_comes_once_and_in_order_though_others_come_and_go(server: RunningServer, ann: Person) -> None:
    # Five of each second, and some without a time: a page may end anywhere among equals.
    events = [event(n, n // 5 * 10) for n in range(1, 48)]
    await fill(server, ann.owner_id, events)
    expected = [one.position for one in sorted(events, key=lambda one: (one.utc_s, one.position), reverse=True)]
    by_offset = []
    for offset in range(0, 48, 7):
        by_offset += (await page(server, ann, f"{URL}?limit=7&offset={offset}"))[0]
    assert by_offset == expected

    seen, cursor, link = await page(server, ann, f"{URL}?limit=7")
    while cursor is not None:
        assert link is not None and urlsplit(link).path == URL
        # What was shown goes, with the row at which the page ended; and newer ones come.
        events = [one for one in events if one.position not in seen[-2:]] + [event(100 + len(seen), 10**6)]
        await fill(server, ann.owner_id, events)
        positions, cursor, link = await page(server, ann, link)
        seen += positions
    assert seen == expected
    assert link is None


async def test_a_cursor_that_is_made_up_is_refused(server: RunningServer, ann: Person) -> None:
    await fill(server, ann.owner_id, [event(n, n) for n in range(1, 6)])
    _, cursor, _ = await page(server, ann, f"{URL}?limit=2")
    assert cursor is not None
    scope, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    made_up = [
        "x",
        "é",
        cursor[:-3],
        cursor + "A",
        "A" * 999,
        sealed(scope, values[:2]),
        sealed(scope, [*values, 1]),
        sealed("", values),
        sealed(scope, ["1", 1, 1]),
        sealed(scope, [1.5, 1, 1]),
        sealed(scope, [1, 1 << 63, 1]),
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[null, [1], true, 1]").decode(),
        base64.urlsafe_b64encode(orjson.dumps([scope, True, None, 1])).decode(),
        base64.urlsafe_b64encode(b"[" * 700).decode(),
    ]
    for one in made_up:
        async with server.http.get(URL, params={"limit": "2", "cursor": one}, headers=ann.headers) as response:
            assert (response.status, (await response.json())["error"]) == (400, "cursor"), one
    for wrong in (f"{URL}?cursor={cursor}&offset=1", f"{URL}?cursor={cursor}&limit=0", f"{URL}?limit=201"):
        async with server.http.get(wrong, headers=ann.headers) as response:
            assert response.status == 400, wrong
    # It is good for this list only.
    url = f"/api/v1/users/{ann.owner_id}/activities?cursor={cursor}"
    async with server.http.get(url, headers=ann.headers) as response:
        assert (response.status, (await response.json())["error"]) == (400, "cursor")


def test_an_index_serves_each_page(database_url: str, statements: Statements) -> None:
    owner = "0199c000-0000-7000-8000-00000000000a"
    begins = [Page(5), Page(5, 10)]

    def explain(connection: Connection) -> list[str]:
        statements.seen.clear()
        for one in [*begins, Page(5, 0, (1.0, owner))]:
            lists.page_of(connection, owner, EVERYTHING, one)
        for one in [*begins, Page(5, 0, (1, 1, 1))]:
            store.latest(connection, owner, DEVICE_ID, one)
        asked = list(statements.seen)
        assert len(asked) == 6
        return [slow for statement in asked for slow in slowness(connection, statement)]

    with Database(database_url) as database:
        assert database.write_now(explain) == []


def test_an_id_in_a_cursor_must_be_one(database_url: str) -> None:
    def look(connection: Connection) -> None:
        owner = "0199c000-0000-7000-8000-00000000000a"
        lists.page_of(connection, owner, EVERYTHING, page_of(5, 0, sealed("", (1.0, "x")), ""))

    with Database(database_url) as database, pytest.raises(InvalidError):
        database.read_now(look)
