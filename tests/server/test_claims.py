"""Claiming a wearable over the API, as `paceline-gateway add` does; and the authority that gateways pin."""

import pytest
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.running_server import Person, RunningServer

OTHER_ID = "00112233aabbccdd"


async def claim(server: RunningServer, person: Person, device_id: str, key: str) -> tuple[int, str]:
    body = {"device_id": device_id, "device_key": key}
    async with server.http.post("/api/v1/devices", json=body, headers=person.headers) as response:
        return response.status, (await response.json()).get("error", "")


async def test_a_wearable_is_claimed_once_and_again_by_its_owner(
    server: RunningServer, ann: Person, bob: Person
) -> None:
    key = DEVICE_KEY.hex()
    assert await claim(server, bob, OTHER_ID.upper(), key) == (201, "")
    assert await claim(server, bob, OTHER_ID, key) == (200, "")
    assert await claim(server, bob, OTHER_ID, "00" * 32) == (409, "device_claimed")
    assert await claim(server, ann, OTHER_ID, key) == (409, "device_claimed")
    assert await claim(server, bob, DEVICE_ID, key) == (409, "device_claimed")
    _, answer = await server.get(bob, f"/users/{bob.owner_id}/devices")
    assert [device["device_id"] for device in answer["devices"]] == [OTHER_ID]


@pytest.mark.parametrize(
    ("device_id", "key", "error"),
    [("x", "00" * 32, "device_id"), (OTHER_ID, "00", "device_key"), (OTHER_ID, "no hex", "device_key")],
)
async def test_what_is_no_wearable_is_refused(
    server: RunningServer, ann: Person, device_id: str, key: str, error: str
) -> None:
    assert await claim(server, ann, device_id, key) == (400, error)


async def test_claims_are_limited(server: RunningServer, ann: Person) -> None:
    answers = [await claim(server, ann, f"{number:016x}", "00" * 32) for number in range(31)]
    assert answers == [(201, "")] * 30 + [(429, "too_many_attempts")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_own_authority_is_shown_and_never_a_private_key(server: RunningServer) -> None:
    file = server.data / "ca.pem"
    for content, status in (
        (None, 404),
        (b"-----BEGIN CERTIFICATE-----\n", 200),
        (b"-----BEGIN PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n", 404),
    ):
        if content is not None:
            file.write_bytes(content)
        async with server.http.get("/ca.pem") as response:
            assert response.status == status
            assert status == 404 or await response.read() == content
