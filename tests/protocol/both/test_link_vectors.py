"""Messages, handshake and frames give the checked-in vectors; run on both interpreters."""

from paceline_protocol import handshake, messages, secure_channel
from paceline_protocol.alias import make_alias, recognise
from protocol.both.aes import aes_ecb
from protocol.both.vectors import field_values, load

LINK = load("link")
KEY = bytes.fromhex(LINK["device_key"])
DEVICE_ID = bytes.fromhex(LINK["device_id"])
ALIAS = make_alias(KEY, bytes.fromhex(LINK["salt"]))
GATEWAY_NONCE = bytes.fromhex(LINK["gateway_nonce"])
DEVICE_NONCE = bytes.fromhex(LINK["device_nonce"])


def message_bytes(name: str) -> bytes:
    return bytes.fromhex(next(row["bytes"] for row in LINK["messages"] if row["name"] == name))


def both_sides():
    gateway = handshake.GatewayHandshake(GATEWAY_NONCE, lambda alias: recognise(alias, {DEVICE_ID: KEY}))
    device = handshake.DeviceHandshake(ALIAS, KEY, DEVICE_NONCE, LINK["mtu"])
    return gateway, device


def test_the_table_drives_encoder_and_decoder_to_the_vectors():
    assert [row["name"] for row in LINK["messages"]] == [
        messages.MESSAGES[kind].name for kind in sorted(messages.MESSAGES)
    ]
    for row in LINK["messages"]:
        kind = getattr(messages, row["name"])
        fields = field_values(row["fields"])
        assert messages.encode(kind, **fields).hex() == row["bytes"], row["name"]
        got, decoded = messages.decode(bytes.fromhex(row["bytes"]))
        assert got == kind
        assert list(decoded) == [fields[name] for name in messages.MESSAGES[kind].names], row["name"]


def test_the_handshake_speaks_the_vectors():
    gateway, device = both_sides()
    hello = gateway.start()
    assert hello == message_bytes("HELLO")
    answer = device.receive(hello)
    assert answer == message_bytes("HELLO_OK")
    proof = gateway.receive(answer)
    assert proof == message_bytes("AUTH")
    assert device.receive(proof) == b""
    assert gateway.done and device.done
    assert (gateway.device_id, gateway.mtu) == (DEVICE_ID, LINK["mtu"])


def test_the_keys_of_a_connection_are_the_vectors():
    keys = b""
    for direction in secure_channel.link_keys(KEY, GATEWAY_NONCE, DEVICE_NONCE):
        keys += direction.cipher_key + direction.mac_key
    assert keys.hex() == LINK["link_keys"]


def test_frames_are_the_vectors_in_both_directions():
    for row in LINK["frames"]:
        to_wearable, to_gateway = secure_channel.link_keys(KEY, GATEWAY_NONCE, DEVICE_NONCE)
        gateway = secure_channel.SecureChannel(to_wearable, to_gateway, aes_ecb)
        device = secure_channel.SecureChannel(to_gateway, to_wearable, aes_ecb)
        sender, receiver = (gateway, device) if row["direction"] == "to wearable" else (device, gateway)
        sender.sent = row["counter"]
        frame = sender.seal(bytes.fromhex(row["message"]))
        assert frame.hex() == row["frame"]
        assert receiver.open(frame).hex() == row["message"]


def test_the_channels_of_a_handshake_understand_each_other():
    gateway, device = both_sides()
    device.receive(gateway.receive(device.receive(gateway.start())))
    near, far = gateway.channel(aes_ecb), device.channel(aes_ecb)
    for length in (1, 15, 16, 17, 200, 500):
        message = bytes([length & 0xFF]) * length
        assert far.open(near.seal(message)) == message
        assert near.open(memoryview(far.seal(message))) == message
