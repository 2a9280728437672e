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
