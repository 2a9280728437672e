"""Handshakes that must be refused, each with one error; run on both interpreters."""

from paceline_protocol.alias import is_alias, make_alias, recognise
from paceline_protocol.errors import LinkError
from paceline_protocol.handshake import DeviceHandshake, GatewayHandshake
from paceline_protocol.messages import AUTH, HELLO, encode, encode_error
from protocol.both.aes import aes_ecb

KEY = bytes(range(32))
DEVICE_ID = b"device 1"
ALIAS = make_alias(KEY, b"salt")


def known(key: bytes):
    """A gateway that takes whatever alias for its own device's, so that the proofs have to decide."""
    return lambda alias: (DEVICE_ID, key)


def sides(gateway_key: bytes = KEY, device_key: bytes = KEY):
    gateway = GatewayHandshake(b"g" * 16, known(gateway_key))
    return gateway, DeviceHandshake(ALIAS, device_key, b"d" * 16, 247)


def refused(handshake: GatewayHandshake | DeviceHandshake, frame: bytes, code: str) -> LinkError:
    """Assert that the frame is refused with the code and the handshake is not done; return the error."""
    try:
        handshake.receive(frame)
    except LinkError as error:
        assert error.code == code, error
        assert not handshake.done
        try:
            handshake.channel(aes_ecb)
        except LinkError as early:
            assert early.code == "unauthenticated"
            return error
    raise AssertionError("the frame was taken")


def test_a_device_with_another_key_is_refused():
    gateway, device = sides(device_key=bytes(32))
    refused(gateway, device.receive(gateway.start()), "unauthenticated")


def test_a_gateway_with_another_key_is_refused():
    _, device = sides()
    stranger = GatewayHandshake(b"g" * 16, known(bytes(32)))
    stranger_device = DeviceHandshake(ALIAS, bytes(32), b"d" * 16, 247)
    device.receive(stranger.start())
    proof = stranger.receive(stranger_device.receive(stranger.start()))
    refused(device, proof, "unauthenticated")


def test_a_gateway_without_a_key_for_the_device_refuses_it():
    _, device = sides()
    gateway = GatewayHandshake(b"g" * 16, lambda alias: None)
    error = refused(gateway, device.receive(gateway.start()), "unknown_device")
    assert ALIAS.hex() in error.detail


def test_a_proof_sent_back_is_refused():
    gateway, device = sides()
    answer = device.receive(gateway.start())
    refused(device, encode(AUTH, proof=answer[-16:]), "unauthenticated")


def test_a_proof_of_an_earlier_connection_is_refused():
    gateway, device = sides()
    proof = gateway.receive(device.receive(gateway.start()))
    device = DeviceHandshake(ALIAS, KEY, b"e" * 16, 247)
    device.receive(GatewayHandshake(b"g" * 16, lambda alias: None).start())
    refused(device, proof, "unauthenticated")


def test_an_answer_of_an_earlier_connection_is_refused():
    gateway, device = sides()
    answer = device.receive(gateway.start())
    refused(GatewayHandshake(b"h" * 16, known(KEY)), answer, "unauthenticated")


def test_every_flipped_bit_of_the_answer_is_refused():
    gateway, device = sides()
    answer = device.receive(gateway.start())
    for bit in range(8 * len(answer)):
        hurt = bytearray(answer)
        hurt[bit // 8] ^= 1 << bit % 8
        try:
            gateway.receive(hurt)
        except LinkError:
            continue
        raise AssertionError(f"bit {bit} was flipped and taken")
    assert gateway.receive(answer) and gateway.done


def test_another_version_is_refused_by_both():
    gateway, device = sides()
    hello = encode(HELLO, version=1, nonce=b"g" * 16)
    assert refused(device, hello, "version").where == 1
    answer = device.receive(gateway.start())
    assert refused(gateway, answer[:1] + b"\1" + answer[2:], "version").where == 1


def test_every_truncation_is_malformed():
    gateway, device = sides()
    hello = gateway.start()
    for length in range(len(hello)):
        refused(device, hello[:length], "malformed")
    answer = device.receive(hello)
    for length in range(len(answer)):
        refused(gateway, answer[:length], "malformed")
    proof = gateway.receive(answer)
    for length in range(len(proof)):
        refused(device, proof[:length], "malformed")
    assert device.receive(proof) == b"" and device.done


def test_a_message_out_of_its_turn_is_refused():
    gateway, device = sides()
    refused(device, encode(AUTH, proof=bytes(16)), "unauthenticated")
    refused(gateway, gateway.start(), "unauthenticated")
    device.receive(gateway.start())
    refused(device, gateway.start(), "unauthenticated")


def test_a_refusal_of_the_other_side_is_passed_on():
    gateway, _ = sides()
    error = refused(gateway, encode_error(LinkError("version", 1, "link version 1 is not spoken here")), "refused")
    assert "error 2: link version 1 is not spoken here" in error.detail


def test_a_finished_handshake_takes_no_more():
    gateway, device = sides()
    proof = gateway.receive(device.receive(gateway.start()))
    device.receive(proof)
    for side in (gateway, device):
        try:
            side.receive(proof)
        except LinkError as error:
            assert error.code == "malformed"
        else:
            raise AssertionError("a second handshake was begun")


def test_an_alias_is_told_apart_only_with_the_key():
    keys = {bytes([n]) * 8: bytes([n]) * 32 for n in range(5)}
    for device_id, key in keys.items():
        first, second = make_alias(key, b"\0\1\2\3"), make_alias(key, b"\0\1\2\4")
        assert recognise(first, keys) == recognise(second, keys) == (device_id, key)
        assert first[4:] != second[4:]
        for bit in range(64):
            hurt = bytearray(first)
            hurt[bit // 8] ^= 1 << bit % 8
            assert recognise(bytes(hurt), keys) is None
    assert recognise(make_alias(bytes(32), b"salt"), {b"another 1": b"k" * 32}) is None
    assert not is_alias(b"", KEY) and not is_alias(ALIAS[:7], KEY) and is_alias(ALIAS, KEY)
