"""The pages of the wearables and the household work by forms alone, and only by those that were shown."""

import re

import pytest
from server.journal_builder import DEVICE_ID, workout
from server.running_server import PASSWORD, Person, RunningServer
from server.test_quarantine import flipped

PAGE = f"/devices/{DEVICE_ID}"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Browser:
    """Somebody's session."""

    def __init__(self, server: RunningServer, token: str) -> None:
        self._http, self._headers = server.http, {"Authorization": f"Bearer {token}"}

    async def see(self, path: str) -> str:
        async with self._http.get(path, headers=self._headers) as response:
            assert response.status == 200
            return await response.text()

    async def send(self, path: str, key: str | None = None, **fields: str) -> tuple[int, str]:
        found = re.search('name="form_key" value="([0-9a-f]+)"', await self.see("/devices"))
        assert found is not None
        form = {"form_key": found[1] if key is None else key} | fields
        async with self._http.post(path, data=form, headers=self._headers, allow_redirects=False) as response:
            return response.status, await response.text()


async def browser(server: RunningServer, name: str) -> Browser:
    async with server.http.post("/api/v1/auth/login", json={"username": name, "password": PASSWORD}) as response:
        return Browser(server, (await response.json())["access_token"])


async def test_a_wearable_is_named_shown_and_let_go(server: RunningServer, ann: Person) -> None:
    hers = await browser(server, "ann")
    assert "not heard yet" in await hers.see("/devices")
    assert (await hers.send(PAGE, name="Ann's <bike>"))[0] == 303
    assert "Ann&#39;s &lt;bike&gt;" in await hers.see(PAGE)
    assert (await hers.send(PAGE, key="0" * 32, name="x"))[0] == 403
    await server.put(ann, flipped(workout(4000)[0].data, 6000), 0)
    await server.settled()
    shown = await hers.see(PAGE)
    assert "In quarantine: page 1 altered" in shown and "nothing is missing" in shown
    assert (await hers.send(PAGE, revoke="1"))[0] == 303
    assert "key revoked" in await hers.see("/devices")
    assert (await hers.send(PAGE, release="1"))[0] == 403
    assert (await hers.send(PAGE, trust="1"))[0] == 303
    assert (await hers.send(PAGE, release="1"))[0] == 303
    assert DEVICE_ID not in await hers.see("/devices")


async def test_a_household_is_made_joined_shared_and_left(server: RunningServer, ann: Person, bob: Person) -> None:
    hers, his = await browser(server, "ann"), await browser(server, "bob")
    assert (await hers.send("/devices", invite="1"))[0] == 404
    assert (await hers.send("/devices", name="Home"))[0] == 303
    _, shown = await hers.send("/devices", invite="1")
    code = re.search('class="secret">([^<]+)<', shown)
    assert code is not None
    assert (await his.send("/devices", invitation="wrong"))[0] == 403
    assert (await his.send("/devices", invitation=code[1]))[0] == 303
    assert "Home, of ann" in await his.see("/devices")
    for wrong in ("nobody", "0199c000-0000-7000-8000-0000000000ac"):
        assert (await hers.send(PAGE, slot="1", user_id=wrong))[0] in {403, 404}
    assert (await hers.send(PAGE, slot="1", user_id=bob.owner_id))[0] == 303
    assert "not accepted yet" in await hers.see(PAGE)
    answer = {"host": ann.owner_id, "device": DEVICE_ID, "slot": "1"}
    assert (await his.send("/devices", accept="1", **answer))[0] == 303
    assert "Give back" in await his.see("/devices") and "not accepted yet" not in await hers.see(PAGE)
    assert (await his.send("/devices", host="x", member="y"))[0] == 404
    assert (await his.send("/devices", host=ann.owner_id, member=bob.owner_id))[0] == 303
    assert "Give back" not in await his.see("/devices") and "user 2" not in (await hers.see(PAGE)).split("<form")[-3]
