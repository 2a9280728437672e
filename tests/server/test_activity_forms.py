"""The forms of an activity: edit, delete, restore, the filter of the list; nothing of it is anybody else's."""

import re

import pytest
from paceline_server.platform.auth import COOKIE
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "2025-04-12T14:30:00Z"


async def page(server: RunningServer, person: Person, path: str) -> str:
    async with server.http.get(path, headers={"Cookie": f"{COOKIE}={person.token}"}) as response:
        assert response.status == 200, path
        return await response.text()


async def post(server: RunningServer, person: Person, path: str, **fields: str) -> tuple[int, str]:
    headers = {"Cookie": f"{COOKIE}={person.token}"}
    async with server.http.post(path, data=fields, headers=headers, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", "")


async def entered(server: RunningServer, person: Person, **said: object) -> str:
    sent = {"type": "running", "start_time": START, "duration": 600, "distance": 2000} | said
    async with server.http.post("/api/v1/activities", json=sent, headers=person.headers) as response:
        return f"/activities/{(await response.json())['activity_id']}"


def key_in(text: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', text)
    assert found is not None
    return found[1]


async def test_the_form_edits_deletes_and_brings_back(server: RunningServer, ann: Person, bob: Person) -> None:
    url = await entered(server, ann)
    text = await page(server, ann, url)
    ways = ("#edit", "#delete", f"{url}/recordings", f"/api/v1{url}/file/fit")
    assert all(f'href="{way}"' in text for way in ways) and "/file/gpx" not in text  # there is no route
    key = key_in(text)
    said = {"title": "<i>Tempo</i>", "notes": "one\r\ntwo & three", "type": "hiking"}
    assert await post(server, ann, f"{url}/edit", form_key=key, **said) == (303, url)
    text = await page(server, ann, url)
    assert "&lt;i&gt;Tempo&lt;/i&gt;" in text and "one\ntwo &amp; three" in text and "<i>Tempo" not in text
    assert '<option value="hiking" selected>' in text
    assert "&lt;i&gt;Tempo&lt;/i&gt;" in await page(server, ann, "/")
    assert (await post(server, ann, f"{url}/edit", form_key=key, **said | {"type": "A walk"}))[0] == 400
    for path in ("edit", "delete", "restore"):
        assert (await post(server, ann, f"{url}/{path}", **said))[0] == 403  # without the key
        assert (await post(server, bob, f"{url}/{path}", form_key=key, **said))[0] == 403  # of another's page
    assert await post(server, ann, f"{url}/delete", form_key=key) == (303, "/deleted")
    assert await post(server, ann, f"{url}/delete", form_key=key) == (303, "/deleted")
    assert "Tempo" in await page(server, ann, "/deleted") and "Tempo" not in await page(server, bob, "/deleted")
    assert 'href="/deleted"' in await page(server, ann, "/activities")
    assert await post(server, ann, f"{url}/restore", form_key=key) == (303, url)
    assert "Tempo" in await page(server, ann, url)
    assert "Nothing that could be restored" in await page(server, ann, "/deleted")
    text = await page(server, ann, "/deleted?page=2")
    assert "There are none on this page" in text and 'href="/deleted?page=1"' in text


async def test_the_form_chooses_gear_and_which_parts_fewer_see(server: RunningServer, ann: Person) -> None:
    async def added(name: str) -> str:
        body = {"kind": "shoes", "name": name}
        async with server.http.post("/api/v1/gear", json=body, headers=ann.headers) as response:
            return (await response.json())["gear_id"]

    async def used() -> tuple[list[str], bool]:
        found = (await server.get(ann, f"{url}/gear"))[1]
        return found["gear_ids"], found["chosen"]

    def boxes(text: str) -> list[tuple[str, bool]]:
        found = re.findall(r'name="gear" value="[^"]+"( checked)?> <span>(\w+)', text)
        return sorted((name, bool(checked)) for checked, name in found)

    url = await entered(server, ann)
    assert "gear_asked" not in await page(server, ann, url)  # who has none is not asked
    blue, red = await added("Blue"), await added("Red")
    usual = {"usual": [{"sport": "running", "from": "2025-01-01", "gear_id": blue}]}
    path = f"/api/v1/users/{ann.owner_id}/usual-gear"
    async with server.http.put(path, json=usual, headers=ann.headers) as response:
        assert response.status < 300, await response.text()
    text = await page(server, ann, url)
    assert boxes(text) == [("Blue", True), ("Red", False)] and 'With <a href="/gear">Blue</a>' in text
    said = {"form_key": key_in(text), "title": "", "notes": "", "type": "running", "visibility": "public"}
    said |= {"gear_asked": "1", "gear": blue, "shown_map": "private", "shown_pace": "", "shown_notes": "followers"}
    assert (await post(server, ann, f"{url}/edit", **said))[0] == 303
    assert await used() == ([blue], False)  # it was shown so: nothing was chosen
    edited = (await server.get(ann, url))[1]
    assert edited["field_visibility"] == {"map": "private", "notes": "followers"}
    assert (await post(server, ann, f"{url}/edit", **said | {"gear": red, "shown_map": ""}))[0] == 303
    assert await used() == ([red], True)
    text = await page(server, ann, url)
    assert boxes(text) == [("Blue", False), ("Red", True)] and (await server.get(ann, url))[1]["field_visibility"] == {
        "notes": "followers"
    }
    del said["gear"]
    assert (await post(server, ann, f"{url}/edit", **said))[0] == 303
    assert await used() == ([], True)
    assert (await post(server, ann, f"{url}/edit", **said | {"usual_gear": "1"}))[0] == 303
    assert await used() == ([blue], False)
    assert (await post(server, ann, f"{url}/edit", **said | {"gear": "x"}))[0] == 400


async def test_the_form_says_how_hard_it_was_and_cuts_the_way_home(server: RunningServer, ann: Person) -> None:
    points = [{"time": t, "lat": 47.0 + t * 3e-5, "lng": 8.0} for t in range(0, 601, 10)]
    url = await entered(server, ann, data_points=points, distance=None)
    await server.settled()
    text = await page(server, ann, url)
    assert 'name="cut_end" value="0:00"' in text
    said = {"form_key": key_in(text), "title": "", "notes": "", "type": "running", "perceived_effort": "7"}
    assert (await post(server, ann, f"{url}/edit", **said, cut_start="0:00", cut_end="0:00"))[0] == 303
    whole = (await server.get(ann, url))[1]
    assert (whole["perceived_effort"], whole["crop"]) == (7, None)
    assert (await post(server, ann, f"{url}/edit", **said, cut_start="0:30", cut_end="2:00"))[0] == 303
    cut = (await server.get(ann, url))[1]
    assert cut["crop"] == {"from_s": 30, "to_s": 480} and cut["distance"] < 0.8 * whole["distance"]
    assert 'name="cut_end" value="2:00"' in await page(server, ann, url)
    for wrong in ("x", "1:75", "11:00"):  # nothing would be left of it
        assert (await post(server, ann, f"{url}/edit", **said, cut_start="0:30", cut_end=wrong))[0] == 400
    said["perceived_effort"] = ""
    assert (await post(server, ann, f"{url}/edit", **said, cut_start="", cut_end="0:00"))[0] == 303
    back = (await server.get(ann, url))[1]
    assert (back["perceived_effort"], back["crop"], back["distance"]) == (None, None, whole["distance"])


async def test_the_list_is_narrowed_by_type_and_month(server: RunningServer, ann: Person) -> None:
    await entered(server, ann, title="April run")
    await entered(server, ann, title="May ride", type="cycling", start_time="2025-05-12T14:30:00Z")
    for query, there, absent in (
        ("", ("April run", "May ride"), ()),
        ("?type=cycling", ("May ride",), ("April run",)),
        ("?type=&month=2025-04", ("April run",), ("May ride",)),
        ("?type=cycling&month=2025-04", ("There are no such activities",), ("April run", "May ride")),
        ("?month=2025-99&type=%27", ("April run", "May ride"), ()),
    ):
        text = await page(server, ann, f"/activities{query}")
        assert all(name in text for name in there) and not any(name in text for name in absent), query
