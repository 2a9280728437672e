"""Every edit of what can be read alone knows tags: none goes over a state that its sender has not seen."""

import pytest
from paceline_server.platform.gate import Row
from paceline_server.platform.openapi.contract import TypedHandler
from paceline_server.routes import API_ROUTES
from server.route_examples import EXAMPLES
from server.running_server import RunningServer
from server.test_policy_routes import Walk

UNTAGGED = {
    "PATCH /api/v1/users/{user_id}/passkeys/{passkey_id}": "a name, all of it at once, that stands in the list alone",
    "PUT /api/v1/users/{user_id}/daily/{day}/{metric}": "a source's word: `time` says which is the later",
    "PUT /api/v1/devices/{device_id}/journal/{epoch}": "bytes at a position; others at the same are refused",
    "PUT /api/v1/devices/{device_id}/status": "what a wearable says of itself, the last that was heard",
    "PUT /api/v1/households": "a name, all of it at once, that stands in the list alone",
    "PUT /api/v1/households/slots/{device_id}/{slot}": "an answer to an offer, which is named by who made it",
    "PATCH /api/v1/activities/{activity_id}/recordings": "a word about each pair; those of others stay",
    "PUT /api/v1/files/{file_name}": "a batch of its own each time; the name is only shown",
    "PUT /api/v1/devices/{device_id}/slots/{slot}": "a new term begins, and the one before is kept",
}
# The state is that of /desired/settings and /desired/plan: read there.
READ_ELSEWHERE = {"PUT /api/v1/devices/{device_id}/settings", "PUT /api/v1/devices/{device_id}/plan"}


def name_of(row: Row) -> str:
    return f"{row.method} {row.path}"


def is_tagged(row: Row) -> bool:
    return isinstance(row.handler, TypedHandler) and row.handler.contract.tagged


EDITS = [row for row in API_ROUTES if row.method in {"PATCH", "PUT"}]
TAGGED = [row for row in EDITS if is_tagged(row)]
READ = {row.path for row in API_ROUTES if row.method == "GET" and is_tagged(row)}


def test_every_edit_knows_tags_or_says_why_not() -> None:
    assert {name_of(row) for row in EDITS if not is_tagged(row)} == UNTAGGED.keys()
    assert {name_of(row) for row in TAGGED if row.path not in READ} == READ_ELSEWHERE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_edit_is_held_back_by_another_state_and_let_through_by_its_own(server: RunningServer) -> None:
    walk = Walk(server)
    await walk.fill()
    walk.names |= {"kind": "gps-assistance"}
    headers = {"Authorization": f"Bearer {walk.token(walk.ann, 'session')}"}
    wrong: list[str] = []
    for row in TAGGED:
        url, send = row.path.format(**walk.names), EXAMPLES[name_of(row)].send

        async def edit(condition: dict[str, str], row: Row = row, url: str = url) -> tuple[int, str]:
            async with server.http.request(
                row.method, url, headers=headers | condition, **EXAMPLES[name_of(row)].send
            ) as response:
                return response.status, response.headers.get("ETag", "")

        status, _ = await edit({"If-Match": '"another"'})
        if status != 412:
            wrong.append(f"{name_of(row)} over another state: {status}, {send}")
        status, tag = await edit({})
        if status not in {200, 202} or not tag:
            wrong.append(f"{name_of(row)} without a condition: {status} {tag}")
        if row.path in READ:
            async with server.http.get(url, headers=headers) as response:
                tag = response.headers["ETag"]
        status, _ = await edit({"If-Match": tag})
        if status not in {200, 202}:
            wrong.append(f"{name_of(row)} over its own state: {status}")
    walk.database.close()
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_deleted_may_be_named_by_its_state(server: RunningServer) -> None:
    walk = Walk(server)
    await walk.fill()
    headers = {"Authorization": f"Bearer {walk.token(walk.ann, 'session')}"}
    body = f"/api/v1/users/{walk.ann.owner_id}/body/height_cm/2025-05-04"
    settings = f"/api/v1/devices/{walk.names['device_id']}/desired/settings"
    async with server.http.put(body, json={"value": 170}, headers=headers) as response:
        assert response.status == 200
    for url in (body, settings, f"/api/v1/users/{walk.ann.owner_id}/email"):
        await server.settled()  # the settings follow what is said of the body
        async with server.http.get(url, headers=headers) as response:
            tag = response.headers["ETag"]
        for named, status in (('"another"', 412), (tag, 204)):
            async with server.http.delete(url, headers=headers | {"If-Match": named}) as response:
                assert (url, response.status) == (url, status)
    again = headers | {"If-None-Match": "*"}
    async with server.http.put(body, json={"value": 171}, headers=again) as response:
        assert response.status == 200
    async with server.http.put(body, json={"value": 172}, headers=again) as response:
        assert response.status == 412
    walk.database.close()
