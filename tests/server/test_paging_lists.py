"""Every list that grows comes in pages: all rows once, in the order of the whole list, each page by an index."""

from typing import get_origin, get_type_hints

import pytest
from paceline_server.apps import store as apps
from paceline_server.errors import InvalidError
from paceline_server.events import store as events
from paceline_server.platform.database import Database
from paceline_server.platform.openapi.contract import TypedHandler
from paceline_server.platform.openapi.pages import PageShown
from paceline_server.platform.paging import Page, Value, cut
from paceline_server.profile import store as profiles
from paceline_server.routes import API_ROUTES
from paceline_server.tombstones import store as tombstones
from server.query_plans import slowness
from server.running_server import Person, RunningServer, log_in
from server.statements import Statements
from sqlalchemy import Connection

OWNER = "0199c000-0000-7000-8000-00000000000a"
WHOLE = {  # lists that are answered whole, and what bounds them
    "/api/v1/users/{user_id}/passkeys": "twenty",
    "/api/v1/users/{user_id}/push-subscriptions": "twenty",
    "/api/v1/users/{user_id}/health": "a year of days, narrowed by dates",
    "/api/v1/users/{user_id}/daily": "a year of days, narrowed by dates",
    "/api/v1/users/{user_id}/daily-rules": "one thing, edited as a whole",
    "/api/v1/users/{user_id}/notification-rules": "one thing, edited as a whole",
    "/api/v1/users/{user_id}/usual-gear": "one thing, edited as a whole",
    "/api/v1/users/{user_id}/stats": "derived, by periods",
    "/api/v1/users/{user_id}/progress": "derived, by periods",
    "/api/v1/users/{user_id}/achievements": "derived, one of each rule",
    "/api/v1/users/{user_id}/year": "derived, one year",
    "/api/v1/users/{user_id}/recommendations": "derived, one of each rule, goal and gear",
    "/api/v1/activities/{activity_id}/feedback": "three sentences",
    "/api/v1/goals/{goal_id}/periods": "derived, the last ones",
    "/api/v1/activities/{activity_id}/gear": "ten",
    "/api/v1/activities/{activity_id}": "one thing",
    "/api/v1/activities/{activity_id}/recordings": "those of one workout, forty of its time",
    "/api/v1/imports": "by limit and offset, the latest first",
    "/api/v1/imports/{batch_id}": "one batch, its files by limit and the place after which",
    "/api/v1/workouts": "a year of days, narrowed by dates",
    "/api/v1/devices/{device_id}/journal/{epoch}": "a hundred ranges",
    "/api/v1/devices/{device_id}/desired": "one of each kind",
    "/api/v1/devices/{device_id}/slots": "eight slots and their terms",
    "/api/v1/households": "people who live together",
    "/api/v1/activities/{activity_id}/streams": "one recording, whole",
    "/.well-known/oauth-authorization-server": "what the server can do",
    "/healthz": "warnings",
    "/readyz": "warnings",
}


def holds_a_list(row_handler: object) -> bool:
    """Tell whether a route's answer has a list in it, and is not a page already."""
    if not isinstance(row_handler, TypedHandler):
        return False
    shape = row_handler.contract.answers[row_handler.contract.status]
    if not isinstance(shape, type) or issubclass(shape, PageShown) or not hasattr(shape, "__struct_fields__"):
        return False
    if "next_cursor" in shape.__struct_fields__:
        return False
    return any(get_origin(hint) is list for hint in get_type_hints(shape).values())


def test_every_list_comes_in_pages_or_is_bounded() -> None:
    lists = {row.path for row in API_ROUTES if row.method == "GET" and holds_a_list(row.handler)}
    assert lists - WHOLE.keys() == set()


async def pages(server: RunningServer, person: Person, path: str, name: str) -> tuple[list[object], list[object]]:
    """Return the rows of the whole list, and those of its pages by cursor."""
    _, whole = await server.get(person, f"{path}?limit=200")
    assert whole["next_cursor"] is None
    rows: list[object] = []
    cursor = ""
    while True:
        status, answer = await server.get(person, f"{path}?limit=2{cursor}")
        assert status == 200, answer
        assert len(answer[name]) <= 2
        rows += answer[name]
        if answer["next_cursor"] is None:
            return whole[name], rows
        cursor = f"&cursor={answer['next_cursor']}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_pages_are_the_list(server: RunningServer, ann: Person) -> None:
    session = await log_in(server, ann)
    of_user = f"/users/{ann.owner_id}"

    async def send(method: str, path: str, body: object) -> None:
        url = f"/api/v1{path}"
        async with server.http.request(method, url, json=body, headers=session.headers) as response:
            assert response.status in {200, 201, 204}, await response.text()

    for n in range(5):
        await send("POST", "/goals", {"goal_type": "weekly_distance", "target_value": 1000 + n})
        await send("POST", "/gear", {"kind": "shoes", "name": f"Shoes {n}"})
        await send("PUT", f"{of_user}/body/height_cm/2025-05-0{n + 1}", {"value": 170})
        await send("POST", f"{of_user}/tokens", {"label": f"key {n}", "scopes": ["daily:read"]})
        await send("POST", f"{of_user}/apps", {"name": f"app {n}", "redirect_uris": ["https://a.example/"]})
        await send("POST", "/devices", {"device_id": f"{n:016x}", "device_key": "00" * 32})
        sent = {"type": "running", "start_time": f"2025-04-1{n}T14:30:00Z", "duration": 60}
        async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
            activity_id = (await response.json())["activity_id"]
        await server.settled()
        await send("DELETE", f"/activities/{activity_id}", None)
    lists = {
        f"{of_user}/goals": "goals",
        f"{of_user}/gear": "gear",
        f"{of_user}/body": "values",
        f"{of_user}/tokens": "tokens",
        f"{of_user}/apps": "apps",
        f"{of_user}/devices": "devices",
        f"{of_user}/activities/deleted": "activities",
    }
    for path, name in lists.items():
        whole, in_pages = await pages(server, session, path, name)
        assert len(whole) >= 5
        assert in_pages == whole
        status, answer = await server.get(session, f"{path}?cursor=made-up")
        assert (status, answer["error"]) == (400, "cursor"), path


def test_an_index_serves_each_page(database_url: str, statements: Statements) -> None:
    def explain(connection: Connection) -> list[str]:
        statements.seen.clear()
        for page in (Page(5), Page(5, 0, (OWNER,))):
            apps.list_for(connection, OWNER, page)
        for page in (Page(5), Page(5, 0, ("weight_kg", "2025-05-04"))):
            profiles.body_page(connection, OWNER, page)
        for page in (Page(5), Page(5, 0, (1.0, OWNER))):
            tombstones.list_deleted(connection, OWNER, 1e9, page)
        for page in (Page(5), Page(5, 0, (1.0, 7))):
            events.dead(connection, page)
        asked = list(statements.seen)
        assert len(asked) == 8
        return [slow for statement in asked for slow in slowness(connection, statement)]

    with Database(database_url) as database:
        assert database.write_now(explain) == []


def test_a_short_list_is_cut_behind_the_row_that_a_cursor_names() -> None:
    rows = [(1.0, "b"), (1.0, "a"), (0.5, "c")]

    def key(row: tuple[float, str]) -> tuple[Value, ...]:
        return row

    assert cut(rows, key, Page(1)) == [(0.5, "c"), (1.0, "a")]
    assert cut(rows, key, Page(5, 1)) == [(1.0, "a"), (1.0, "b")]
    assert cut(rows, key, Page(5, 0, (1, "a"))) == [(1.0, "b")]
    assert cut([], key, Page(5, 0, ("x",))) == []
    for wrong in ((1.0,), ("1", "a"), (1.0, "a", 1), (None, "a")):
        with pytest.raises(InvalidError):
            cut(rows, key, Page(5, 0, wrong))  # type: ignore[arg-type]
