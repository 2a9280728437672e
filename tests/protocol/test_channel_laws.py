"""Laws of a channel: whatever the radio does to frames, good ones are opened once, in order, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st
from paceline_protocol.errors import LinkError
from paceline_protocol.secure_channel import SecureChannel
from protocol.both.test_channel import channels

MESSAGES = st.lists(st.binary(min_size=1, max_size=260), min_size=1, max_size=12)


def opened(channel: SecureChannel, frames: list[bytes]) -> tuple[list[bytes], set[str]]:
    messages, codes = [], set()
    for frame in frames:
        try:
            messages.append(channel.open(frame))
        except LinkError as error:
            codes.add(error.code)
    return messages, codes


@given(MESSAGES)
def test_what_is_sealed_is_opened(messages: list[bytes]) -> None:
    gateway, wearable = channels()
    assert opened(wearable, [gateway.seal(message) for message in messages]) == (messages, set())


@given(MESSAGES, st.data())
def test_any_order_with_copies_opens_each_frame_at_most_once_in_rising_order(
    messages: list[bytes], data: st.DataObject
) -> None:
    gateway, wearable = channels()
    frames = [gateway.seal(message) for message in messages]
    arriving = data.draw(st.lists(st.sampled_from(range(len(frames))), max_size=30))
    expected, newest = [], -1
    for i in arriving:
        if i > newest:
            expected.append(messages[i])
            newest = i
    got, codes = opened(wearable, [frames[i] for i in arriving])
    assert got == expected
    assert codes <= {"replayed"}


@given(MESSAGES, st.data())
def test_noise_between_good_frames_changes_nothing(messages: list[bytes], data: st.DataObject) -> None:
    gateway, wearable = channels()
    arriving = []
    for message in messages:
        noise = data.draw(st.binary(max_size=40))
        frame = gateway.seal(message)
        hurt = bytearray(frame)
        hurt[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
        arriving += [noise, bytes(hurt), frame]
    got, codes = opened(wearable, arriving)
    assert got == messages
    assert codes <= {"short", "forged"}
