"""A wearable is claimed by the code on its screen: by a link through the log-in, passed on, or with its key."""

import re

import pytest
from paceline_server.devices.codes import claim_link, device_of
from paceline_server.keys import DEVICES
from paceline_server.platform.auth import COOKIE
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.running_server import PASSWORD, Person, RunningServer, log_in
from server.test_goal_and_gear_pages import Browser

OTHER_ID = "00112233aabbccdd"
NO_CLAIM = "This code alone claims no wearable"


def test_a_code_is_an_id_however_it_is_read() -> None:
    link = claim_link("https://home.example:8443/", OTHER_ID)
    assert link == f"https://home.example:8443/claim?code={OTHER_ID}"
    for text in (OTHER_ID, "0011 2233 AABB CCDD", "0011-2233-aabb-ccdd ", f"paceline:{OTHER_ID}", link, f"{link}&x=1"):
        assert device_of(text) == OTHER_ID, text
    for text in ("", "0011", f"{OTHER_ID}0", "https://home.example/", "https://[", f"http:{OTHER_ID}", "x" * 16):
        assert device_of(text) is None, text


async def test_a_wearable_is_passed_on_by_its_code(server: RunningServer, ann: Person, bob: Person) -> None:
    hers, his = Browser(server, await log_in(server, ann)), Browser(server, await log_in(server, bob))
    where = f"/devices/{DEVICE_ID}"
    page = await his.send("/claim", "/claim", 409, code=DEVICE_ID)
    assert NO_CLAIM in page and 'value="0011 2233 4455 6677"' in page  # it is hers
    await hers.send(where, where, offer="1")
    assert "Pass it on" in await his.send("/claim", "/claim", code=f"paceline:{DEVICE_ID}")  # its page, now his
    assert (await server.app[DEVICES].owned(bob.owner_id, DEVICE_ID)).released_at_s is None
    assert f"{DEVICE_ID} has a new owner" in await hers.read("/notifications")
    assert server.app[DEVICES].key_of(await server.app[DEVICES].held(bob.owner_id, DEVICE_ID)) == DEVICE_KEY
    assert NO_CLAIM in await hers.send("/claim", "/claim", 409, code=DEVICE_ID)  # used
    path = f"/api/v1/devices/{DEVICE_ID}"
    async with server.http.delete(f"{path}?offer=true", headers=bob.headers) as response:
        assert response.status == 204
    async with server.http.post("/api/v1/devices", json={"device_id": DEVICE_ID}, headers=ann.headers) as response:
        assert response.status == 201  # and back again
    async with server.http.delete(path, headers=ann.headers) as response:
        assert response.status == 204
    assert NO_CLAIM in await his.send("/claim", "/claim", 409, code=DEVICE_ID)  # released only: the key is needed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_offer_ends_and_can_be_taken_back(server: RunningServer, ann: Person, bob: Person) -> None:
    hers, his = Browser(server, await log_in(server, ann)), Browser(server, await log_in(server, bob))
    where = f"/devices/{DEVICE_ID}"
    page = await hers.send(where, where, offer="1")
    assert "can be claimed until" in page and "Take it back" in page
    server.clock.now_s += 7 * 86_400
    assert NO_CLAIM in await his.send("/claim", "/claim", 409, code=DEVICE_ID)
    assert "now nobody can" in await hers.read("/devices")
    assert "Pass it on" in await hers.send("/devices", where, back="1")  # hers again
    assert (await server.app[DEVICES].held(ann.owner_id, DEVICE_ID)).owner_id == ann.owner_id
    assert "Take it back" not in await hers.read("/devices")
    assert "has a new owner" not in await hers.read("/notifications")  # of what oneself takes back


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_link_leads_through_the_log_in_and_a_key_claims(server: RunningServer, bob: Person) -> None:
    link = f"/claim?code={OTHER_ID}"
    async with server.http.get(link) as response:
        assert response.url.path == "/login"
        (again, *_) = re.findall(r'name="next" value="([^"]+)"', await response.text())
    said = {"username": "bob", "password": PASSWORD, "next": again}
    async with server.http.post("/login", data=said, allow_redirects=False) as response:
        assert response.headers["Location"] == link
    session = await log_in(server, bob)
    his = Browser(server, session)
    assert 'value="0011 2233 aabb ccdd"' in await his.read(link)
    for code, key, status, trouble in (
        ("0011", "", 400, "A code has 16 characters"),
        (OTHER_ID, "no key", 400, "hex digits"),
        (OTHER_ID, "", 409, NO_CLAIM),
    ):
        page = await his.send("/claim", "/claim", status, code=code, key=key)
        assert trouble in page and "no key" not in page
    await his.send("/claim", "/claim", code=OTHER_ID, key=f" {bytes(32).hex()}\n")
    assert server.app[DEVICES].key_of(await server.app[DEVICES].held(bob.owner_id, OTHER_ID)) == bytes(32)
    headers = {"Cookie": f"{COOKIE}={session.token}"}
    async with server.http.get(link, headers=headers, allow_redirects=False) as response:
        assert response.headers["Location"] == f"/devices/{OTHER_ID}"
    async with server.http.get("/claim", headers=headers) as response:
        assert "camera=(self)" in response.headers["Permissions-Policy"]
    for _ in range(30):
        page = await his.send("/claim", "/claim", 409, 429, code="ffff" * 4)
    assert "Too many" in page or "too many" in page
