"""The list of activities: filters, orders, cursors, places; and that an index serves each of them."""

from itertools import product
from typing import Any

import pytest
from paceline_server.activity_list import store as lists
from paceline_server.activity_list.filters import Place, Wanted, place_of
from paceline_server.analysis.passing import passes
from paceline_server.errors import InvalidError
from paceline_server.platform.database import Database
from paceline_server.platform.paging import Page
from server.query_plans import slowness
from server.running_server import Person, RunningServer
from server.statements import Statements
from sqlalchemy import Connection

OWNER = "0199c000-0000-7000-8000-00000000000a"
SENT: tuple[dict[str, Any], ...] = (
    {"type": "running", "start_time": "2025-04-01T10:00:00Z", "duration": 600, "distance": 2000, "title": "Lake 100%"},
    {"type": "running", "start_time": "2025-05-01T10:00:00Z", "duration": 1200, "distance": 4000, "notes": "Windy_day"},
    {"type": "cycling", "start_time": "2025-06-01T10:00:00Z", "duration": 900, "distance": 9000},
    {"type": "strength", "start_time": "2025-07-01T10:00:00Z", "duration": 300, "visibility": "public"},
)
NARROWED = (
    ("", "3210"),
    ("sort=start", "0123"),
    ("sort=-distance", "2103"),
    ("sort=duration", "3021"),
    ("type=running", "10"),
    ("type=running&sort=distance", "01"),
    ("from=2025-05-01T10:00:00Z&to=2025-07-01T10:00:00Z", "21"),
    ("min_distance=2000&max_distance=4000", "10"),
    ("min_duration=900", "21"),
    ("text=lake", "0"),
    ("text=%25", "0"),
    ("text=Y_d", "1"),
    ("visibility=public", "3"),
    ("type=rowing", ""),
)


async def test_every_filter_and_order(server: RunningServer, ann: Person, bob: Person) -> None:
    ids = []
    for sent in SENT:
        async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
            ids.append((await response.json())["activity_id"])
    for query, expected in NARROWED:
        status, page = await server.get(ann, f"/users/{ann.owner_id}/activities?{query}")
        assert status == 200, query
        assert "".join(str(ids.index(one["activity_id"])) for one in page["activities"]) == expected, query
        assert (page["total"], page["next_cursor"]) == (len(expected), None), query
    walked, cursor = [], ""
    while cursor is not None:
        query = f"type=running&limit=1{cursor and f'&cursor={cursor}'}"
        _, page = await server.get(ann, f"/users/{ann.owner_id}/activities?{query}")
        walked += [one["activity_id"] for one in page["activities"]]
        cursor = page["next_cursor"]
    assert walked == [ids[1], ids[0]]
    assert (await server.get(bob, f"/users/{bob.owner_id}/activities"))[1]["activities"] == []
    for wrong in ("sort=colour", "from=yesterday", "box=1,2,3", "box=2,0,1,1", "near=91,0", "text=", "shape=1"):
        assert (await server.get(ann, f"/users/{ann.owner_id}/activities?{wrong}"))[0] == 400, wrong


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_place_finds_what_passed_there(server: RunningServer, ann: Person) -> None:
    for number, east in enumerate((8.0, 8.5)):
        points = [{"time": i, "lat": 47 + i / 10_000, "lng": east + i / 10_000} for i in range(100)]
        sent = {"type": "running", "start_time": f"2025-04-0{number + 1}T10:00:00Z", "data_points": points}
        async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
            assert response.status == 201
    await server.settled()
    for query, found in (
        ("box=47.004,7.9,47.006,8.1", 1),
        ("box=46,8,48,9", 2),
        ("box=47.000,8.005,47.001,8.009", 0),  # within the box around the route, and not on it
        ("near=47.005,8.505&radius_m=50", 1),
        ("near=47.005,8.51&radius_m=50", 0),
        ("box=46,8,48,9&limit=1&offset=1", 1),
    ):
        status, page = await server.get(ann, f"/users/{ann.owner_id}/activities?{query}")
        assert (status, len(page["activities"])) == (200, found), query
        assert "total" not in page
    _, first = await server.get(ann, f"/users/{ann.owner_id}/activities?box=46,8,48,9&limit=1")
    _, second = await server.get(
        ann, f"/users/{ann.owner_id}/activities?box=46,8,48,9&limit=1&cursor={first['next_cursor']}"
    )
    assert first["activities"] != second["activities"] and second["next_cursor"] is None


def test_an_index_serves_every_list(database_url: str, statements: Statements) -> None:
    narrowed = {"from_s": 1.0, "to_s": 9.0, "min_distance_m": 1.0, "max_duration_s": 9.0, "words": "x"}
    some = [
        {},
        {"sport": "running"},
        {"min_distance_m": 1.0},
        {"min_duration_s": 1.0},
        narrowed,
        {"sport": "x"} | narrowed,
    ]
    some += [{"visibility": "public"}, {"place": Place(1, 2, 3, 4)}]
    pages = (Page(10), Page(10, 20), Page(10, 0, (1.0, OWNER)))

    def explain(connection: Connection) -> list[str]:
        statements.seen.clear()
        for said, sort, descending in product(some, ("start", "distance", "duration"), (True, False)):
            wanted = Wanted(sort=sort, descending=descending, **said)
            lists.count_of(connection, OWNER, wanted)
            for page in pages:
                lists.page_of(connection, OWNER, wanted, page)
        lists.sports_of(connection, OWNER)
        asked = {one.sql: one for one in statements.seen}
        return [slow for one in asked.values() for slow in slowness(connection, one)]

    with Database(database_url) as database:
        assert database.write_now(explain) == []


def test_no_route_passes_nowhere() -> None:
    assert not passes("", (-90, -180, 90, 180), None, 0)


@pytest.mark.parametrize("near", ["1", "1,2,3", "nan,1", "1,181", "a,b"])
def test_a_place_that_is_none_is_refused(near: str) -> None:
    with pytest.raises(InvalidError):
        place_of(None, near, 100)
