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
    key = key_in(await page(server, ann, url))
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
    assert 'href="/deleted"' in await page(server, ann, "/")
    assert await post(server, ann, f"{url}/restore", form_key=key) == (303, url)
    assert "Tempo" in await page(server, ann, url)
    assert "Nothing that could be restored" in await page(server, ann, "/deleted")


async def test_the_list_is_narrowed_by_type_and_month(server: RunningServer, ann: Person) -> None:
    await entered(server, ann, title="April run")
    await entered(server, ann, title="May ride", type="cycling", start_time="2025-05-12T14:30:00Z")
    for query, there, absent in (
        ("", ("April run", "May ride"), ()),
        ("?type=cycling", ("May ride",), ("April run",)),
        ("?type=&month=2025-04", ("April run",), ("May ride",)),
        ("?type=cycling&month=2025-04", ("There are no such activities",), ("April run", "May ride")),
        ("?month=2025-99&type=%00%27", ("April run", "May ride"), ()),
    ):
        text = await page(server, ann, f"/{query}")
        assert all(name in text for name in there) and not any(name in text for name in absent), query
