"""A browser gets the keys of one connection with its user's wearable, and of no other; never the device key."""

import pytest
from paceline_gateway.crypto import aes_ecb
from paceline_protocol.alias import make_alias
from paceline_protocol.handshake import DeviceHandshake
from paceline_protocol.messages import GET_STATUS, HELLO, LINK_VERSION, decode, encode
from paceline_protocol.secure_channel import TO_GATEWAY, TO_WEARABLE, DirectionKeys, SecureChannel
from paceline_server.links.service import TICKET_S
from server.journal_builder import DEVICE_ID, DEVICE_KEY
from server.running_server import Person, RunningServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def post(server: RunningServer, person: Person, path: str, body: object) -> tuple[int, dict[str, str]]:
    url = f"/api/v1/links{path}"
    async with server.http.post(url, json=body, headers=person.headers) as response:
        return response.status, await response.json()


async def test_the_keys_of_one_connection(server: RunningServer, ann: Person, bob: Person) -> None:
    wearable = DeviceHandshake(make_alias(DEVICE_KEY, b"salt"), DEVICE_KEY, bytes(range(16)), 247)
    _, begun = await post(server, ann, "", {})
    hello = encode(HELLO, version=LINK_VERSION, nonce=bytes.fromhex(begun["nonce"]))
    told = {"ticket": begun["ticket"], "hello_ok": wearable.receive(hello).hex()}

    assert (await post(server, bob, "/answers", told))[0] == 400  # the ticket is Ann's
    _, bobs = await post(server, bob, "", {})
    assert (await post(server, bob, "/answers", told | {"ticket": bobs["ticket"]}))[0] == 404  # so is the wearable
    _, other = await post(server, ann, "", {})
    assert (await post(server, ann, "/answers", told | {"ticket": other["ticket"]}))[0] == 400  # of another HELLO
    assert (await post(server, ann, "/answers", told | {"hello_ok": "00"}))[0] == 400

    status, vouched = await post(server, ann, "/answers", told)
    assert (status, vouched["device_id"]) == (200, DEVICE_ID)
    assert DEVICE_KEY.hex() not in str(vouched)
    wearable.receive(bytes.fromhex(vouched["auth"]))
    assert wearable.done
    send, receive = (
        DirectionKeys(direction, bytes.fromhex(keys["cipher"]), bytes.fromhex(keys["mac"]))  # pyright: ignore[reportArgumentType]
        for direction, keys in ((TO_WEARABLE, vouched["to_wearable"]), (TO_GATEWAY, vouched["to_gateway"]))
    )
    browser, device = SecureChannel(send, receive, aes_ecb), wearable.channel(aes_ecb)
    assert decode(device.open(browser.seal(encode(GET_STATUS))))[0] == GET_STATUS
    assert browser.open(device.seal(b"news")) == b"news"

    server.clock.now_s += TICKET_S + 1
    assert (await post(server, ann, "/answers", told))[0] == 400
