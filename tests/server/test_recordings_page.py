"""The page of a workout's recordings: a notice leads to it, forms without scripts choose, join, part and undo."""

import re

import pytest
from server.running_server import Person, RunningServer
from server.test_duplicates import START, counted, listed, points, upload
from server.test_goal_and_gear_pages import Browser

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_a_strap_and_a_watch_are_put_together_and_taken_apart_by_forms(
    server: RunningServer, ann: Person
) -> None:
    browser = Browser(server, ann)
    watch = await upload(server, ann, START, "gps", title="Morning <run>")
    assert "see how<" not in await browser.read(f"/activities/{watch}")
    strap = await upload(server, ann, START, "heart")
    assert "Perhaps recorded twice" in await browser.read(f"/activities/{watch}")
    where = f"/activities/{watch}/recordings"
    page = await browser.read(where)
    assert "Perhaps the same workout" in page and "nothing that could be compared" in page and "<run>" not in page
    page = await browser.send(where, where, do="join", which=strap)
    assert "Recorded twice" in page and "put together" in page and await counted(server, ann) == 1
    (shown,) = await listed(server, ann)
    assert "Recorded twice" in await browser.read(f"/activities/{shown}")
    assert "No other activity of yours" in await browser.read(f"/activities/{shown}/recordings")  # not with itself
    third = await upload(server, ann, START, sent=points("gps", "heart"))
    where = f"/activities/{shown}/recordings"
    page = await browser.read(where)
    assert "Recorded 3 times" in page and 'name="stream_heart_rate" value="" checked' in page
    page = await browser.send(where, where, do="streams", stream_heart_rate=third, stream_position="")
    assert re.search(f'name="stream_heart_rate" value="{third}" checked', page)
    page = await browser.send(where, where, do="part", which=third)
    assert "Recorded twice" in page and await listed(server, ann) == {shown, third}
    await browser.send(where, where, do="undo")
    assert await listed(server, ann) == {watch, strap, third} and await counted(server, ann) == 3
    assert "see how<" not in await browser.read(f"/activities/{watch}")


@ON_SQLITE
async def test_two_halves_are_merged_from_the_page_and_taken_apart(server: RunningServer, ann: Person) -> None:
    browser = Browser(server, ann)
    first = await upload(server, ann, START, "gps", title="First half")
    where = f"/activities/{first}/recordings"
    assert "No other activity of yours" in await browser.read(where)
    second = await upload(server, ann, "2025-04-12T14:50:00Z", sent=points("gps", ahead_s=900), title="Second half")
    await upload(server, ann, "2025-04-12T20:10:00Z", sent=points("heart", seconds=300), title="In the evening")
    await upload(server, ann, "2025-04-15T20:00:00Z", "gps", title="Days later")
    page = await browser.read(where)
    assert page.index("Second half") < page.index("In the evening") and "Days later" not in page
    assert "One after the other" in page and "5:03 between them become a pause" in page
    page = await browser.send(where, where, do="join", which=second)
    assert "Recorded twice" in page and "put together" in page and await counted(server, ann) == 3
    shown = next(
        one
        for one in await server.activities(ann)
        if one["activity_id"] not in (first, second) and one["start_time"].startswith("2025-04-12T14")
    )
    halves = [(await server.get(ann, f"/activities/{each}"))[1] for each in (first, second)]
    assert shown["distance"] == pytest.approx(sum(one["distance"] for one in halves), rel=0.01)
    assert shown["duration"] == 2097 and [one["duration"] for one in halves] == [897, 897]
    await browser.send(where, where, do="undo")
    assert {first, second} < await listed(server, ann) and await counted(server, ann) == 4


@ON_SQLITE
async def test_what_was_entered_by_hand_is_the_same_or_stays_alone(server: RunningServer, ann: Person) -> None:
    browser = Browser(server, ann)
    entered: list[str] = []
    for start in (START, "2025-04-12T14:31:00Z", "2025-04-12T15:00:00Z"):
        sent = {"type": "running", "start_time": start, "duration": 600, "distance": 2000, "title": f"At {start}"}
        async with server.http.post("/api/v1/activities", json=sent, headers=ann.headers) as response:
            entered.append((await response.json())["activity_id"])
    where = f"/activities/{entered[0]}/recordings"
    page = await browser.read(where)
    assert "At 2025-04-12T14:31" in page and "At 2025-04-12T15" not in page  # it has no rows to be a part of
    async with server.http.patch(f"/api/v1{where}", json={"join": entered[2:]}, headers=ann.headers) as response:
        assert response.status == 409 and (await response.json())["error"] == "no_rows"
    assert "Recorded twice" in await browser.send(where, where, do="join", which=entered[1])
    assert await counted(server, ann) == 2
