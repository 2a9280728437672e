"""Frames that must be refused, each with one error, and a channel that goes on; run on both interpreters."""

from paceline_protocol.errors import LinkError
from paceline_protocol.secure_channel import LAST_COUNTER, SecureChannel, link_keys
from protocol.both.aes import aes_ecb

KEY = bytes(range(32))


def channels(key: bytes = KEY):
    """Return (gateway, wearable)."""
    to_wearable, to_gateway = link_keys(key, b"g" * 16, b"d" * 16)
    return SecureChannel(to_wearable, to_gateway, aes_ecb), SecureChannel(to_gateway, to_wearable, aes_ecb)


def refused(channel: SecureChannel, frame: bytes, code: str) -> int:
    """Assert that the frame is refused and the channel is as before; return where."""
    before = channel.sent, channel.received
    try:
        channel.open(frame)
    except LinkError as error:
        assert error.code == code, (error.code, code)
        assert (channel.sent, channel.received) == before
        return error.where
    raise AssertionError("the frame was opened")


def test_a_replayed_frame_is_refused():
    gateway, wearable = channels()
    frames = [gateway.seal(b"one"), gateway.seal(b"two")]
    assert [wearable.open(frame) for frame in frames] == [b"one", b"two"]
    assert refused(wearable, frames[0], "replayed") == 0
    assert refused(wearable, frames[1], "replayed") == 1
    assert wearable.open(gateway.seal(b"three")) == b"three"


def test_a_frame_out_of_order_is_refused_and_a_lost_one_is_not_missed():
    gateway, wearable = channels()
    frames = [gateway.seal(bytes([i])) for i in range(4)]
    assert wearable.open(frames[0]) == b"\0"
    assert wearable.open(frames[2]) == b"\2"
    refused(wearable, frames[1], "replayed")
    assert wearable.open(frames[3]) == b"\3"


def test_every_flipped_bit_is_refused():
    gateway, wearable = channels()
    frame = gateway.seal(b"forty-two bytes of a message that matters.")
    for bit in range(8 * len(frame)):
        hurt = bytearray(frame)
        hurt[bit // 8] ^= 1 << bit % 8
        refused(wearable, bytes(hurt), "forged")
    assert wearable.open(frame) == b"forty-two bytes of a message that matters."


def test_every_truncation_is_refused():
    gateway, wearable = channels()
    frame = gateway.seal(b"message")
    for length in range(len(frame)):
        refused(wearable, frame[:length], "short" if length <= 12 else "forged")
    refused(wearable, frame + b"\0", "forged")
    assert wearable.open(frame) == b"message"


def test_a_frame_under_another_key_is_refused():
    gateway, wearable = channels()
    stranger, _ = channels(bytes(32))
    refused(wearable, stranger.seal(b"let me in"), "forged")
    assert wearable.open(gateway.seal(b"fine")) == b"fine"


def test_a_frame_sent_back_to_its_sender_is_refused():
    gateway, wearable = channels()
    frame = gateway.seal(b"reflect me")
    refused(gateway, frame, "forged")
    assert wearable.open(frame) == b"reflect me"


def test_no_two_frames_are_alike():
    gateway, _ = channels()
    frames = [gateway.seal(b"the same message") for _ in range(50)]
    assert len({frame[4:20] for frame in frames}) == 50


def test_used_up_counters_end_the_connection():
    gateway, wearable = channels()
    gateway.sent = LAST_COUNTER
    assert wearable.open(gateway.seal(b"the last")) == b"the last"
    try:
        gateway.seal(b"one too many")
    except LinkError as error:
        assert error.code == "exhausted"
    else:
        raise AssertionError("the counter began anew")
