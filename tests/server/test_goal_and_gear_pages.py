"""The pages of goals and gear: forms without scripts, rings on the home page, and what is typed is never markup."""

import re
from datetime import date

import pytest
from paceline_server.platform.auth import COOKIE
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer


class Browser:
    """A person's browser without scripts."""

    def __init__(self, server: RunningServer, person: Person) -> None:
        self._server = server
        self._headers = {"Cookie": f"{COOKIE}={person.token}"}

    async def read(self, path: str) -> str:
        async with self._server.http.get(path, headers=self._headers) as response:
            assert response.status == 200
            return await response.text()

    async def send(self, page: str, path: str, *status: int, **fields: str) -> str:
        (key, *_) = re.findall(r'name="form_key" value="([^"]+)"', await self.read(page))
        data = fields | {"form_key": key}
        async with self._server.http.post(path, data=data, headers=self._headers) as response:
            text = await response.text()
            assert response.status in (status or (200,)), text
            return text


@pytest.fixture
def browser(server: RunningServer, ann: Person) -> Browser:
    return Browser(server, ann)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_goal_is_set_shown_changed_ended_and_deleted(
    server: RunningServer, ann: Person, browser: Browser
) -> None:
    assert 'data-part="goals"' not in await browser.read("/")
    goal = {"metric": "distance", "target": "20,5", "period": "weekly", "sport": "running"}
    page = await browser.send("/goals", "/goals", **goal)
    assert "Distance a week, running" in page and "0 of 20.5 km" in page
    await keep(server, activity_of(ann.owner_id, 1, date(2025, 10, 10), 8_200))
    home = await browser.read("/")
    assert 'data-part="goals"' in home and "8.2 of 20.5 km" in home and 'stroke-dasharray="40 100"' in home
    (goal_id,) = re.findall(r'action="/goals/([0-9a-f-]{36})"', await browser.read("/goals"))
    page = await browser.send("/goals", f"/goals/{goal_id}", do="save", target="8")
    assert "8.2 of 8 km" in page and 'aria-label="reached"' in page
    assert "Say how much" in await browser.send("/goals", f"/goals/{goal_id}", 400, do="save", target="lots")
    await browser.send("/goals", f"/goals/{goal_id}", do="end")
    server.clock.now_s += 2 * 86_400
    assert "Ended" in await browser.read("/goals") and 'data-part="goals"' not in await browser.read("/")
    page = await browser.send("/goals", f"/goals/{goal_id}", do="delete")
    assert goal_id not in page
    for wrong in (
        goal | {"target": "-1"},
        goal | {"metric": "mood"},
        goal | {"end": "soon"},
        goal | {"end": "2020-01-01"},
    ):
        assert 'role="alert"' in await browser.send("/goals", "/goals", 400, **wrong)
    headers = {"Cookie": f"{COOKIE}={ann.token}"}
    async with server.http.post("/goals", data=goal, headers=headers) as response:  # another site's form has no key
        assert response.status == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_gear_is_added_made_usual_retired_and_deleted(
    server: RunningServer, ann: Person, browser: Browser
) -> None:
    name = "<b>Blue</b>"
    page = await browser.send("/gear", "/gear", kind="shoes", name=name, before="790", limit="800")
    assert "&lt;b&gt;Blue" in page and name not in page and "790 km" in page
    (gear_id,) = re.findall(r'action="/gear/([0-9a-f-]{36})"', page)
    assert "usual for running" in await browser.send("/gear", f"/gear/{gear_id}", do="usual", sport="running")
    await keep(server, activity_of(ann.owner_id, 1, date(2025, 10, 10), 12_000))
    page = await browser.read("/gear")
    assert "802 km" in page and "1 workout" in page and "worn out" in page
    part = {"kind": "part", "name": "Laces", "part_of": gear_id}
    assert "part of &lt;b&gt;Blue" in await browser.send("/gear", "/gear", **part)
    assert "Retired" in await browser.send("/gear", f"/gear/{gear_id}", do="retire")
    await browser.send("/gear", f"/gear/{gear_id}", do="delete")
    assert "Blue" not in await browser.read("/gear")
    assert 'role="alert"' in await browser.send("/gear", "/gear", 400, kind="shoes", name="")
