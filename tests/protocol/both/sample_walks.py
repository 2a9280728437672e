"""Invented samples for the codec's tests, the same on both interpreters, and chunks as a recorder makes them."""

from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import SampleDecoder, SampleEncoder


class Dice:
    """Numbers that look random: xorshift of 30 bits."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """Return the next number in 0 … limit − 1."""
        state = self._state
        state ^= state << 13 & 0x3FFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0x3FFFFFFF
        self._state = state
        return state % limit


def runner(count: int, seed: int) -> "list[tuple[int, ...]]":
    """Return a run at 1 Hz: a noisy position, ten still seconds in every hundred, no fix in the last twenty of many."""
    dice = Dice(seed)
    samples = []
    latitude, longitude = 47_000_000, -8_500_000
    for second in range(count):
        still = second % 100 < 10
        if not still:
            latitude += 20 + dice.below(7)
            longitude -= 30 + dice.below(9)
        fix = 0 if second >= max(20, count - 20) else 3
        if fix == 0:
            latitude, longitude, altitude, speed = samples[-1][2:6]
        else:
            altitude, speed = 2000 + second // 9, 0 if still else 290 + dice.below(20)
        bpm = 130 + second // 40 + dice.below(2)
        samples.append(
            (second, fix, latitude, longitude, altitude, speed, bpm, 3 if bpm > 131 else 2, 0 if still else 172)
        )
    return samples


def extremes(count: int, seed: int) -> "list[tuple[int, ...]]":
    """Return samples that jump between the bounds of every column, always with a fix."""
    dice = Dice(seed)
    samples = []
    for _ in range(count):
        values = [(lowest, highest, lowest + dice.below(highest - lowest + 1)) for _, lowest, highest in COLUMNS]
        sample = [choice[dice.below(3)] for choice in values]
        sample[1] = 1 + dice.below(3)
        samples.append(tuple(sample))
    return samples


def chunks(samples: "list[tuple[int, ...]]", per_chunk: int = 25, per_page: int = 400) -> "list[bytes]":
    """Return the payloads that a recorder makes, and check each against what room_needed() promised."""
    encoder = SampleEncoder()
    buffer = bytearray(300)
    payloads = []
    promised = 0
    for number, sample in enumerate(samples):
        fresh = number % per_page == 0
        if encoder.count and (fresh or encoder.count == per_chunk or encoder.room_needed() > 255):
            payloads.append(bytes(buffer[: encoder.close(buffer, 0)]))
            assert len(payloads[-1]) <= promised
        if fresh:
            encoder.restart()
        promised = encoder.room_needed()
        encoder.put(*sample)
    payloads.append(bytes(buffer[: encoder.close(buffer, 0)]))
    assert len(payloads[-1]) <= promised
    return payloads


def decoded(payloads: "list[bytes]") -> "list[tuple[int, ...]]":
    """Return all samples of the payloads by the reference decoder."""
    decoder = SampleDecoder()
    samples = []
    for payload in payloads:
        samples.extend(decoder.decode(payload))
    return samples
