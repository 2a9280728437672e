"""Samples through encoder and decoder, on CPython and MicroPython."""

from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import SampleDecoder, SampleEncoder


def _random(state):
    """xorshift of 30 bits: the same numbers on both interpreters."""
    x = state[0]
    x ^= (x << 13) & 0x3FFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0x3FFFFFFF
    state[0] = x
    return x


def _chunks(samples, per_chunk=25, per_page=10**9):
    encoder = SampleEncoder()
    payloads = []
    buffer = bytearray(300)
    bound = 0
    for index, sample in enumerate(samples):
        if encoder.count and (encoder.count == per_chunk or encoder.room_needed() > 255 or index % per_page == 0):
            payloads.append(bytes(buffer[: encoder.close(buffer, 0)]))
            assert len(payloads[-1]) <= bound
        if index % per_page == 0:
            encoder.restart()
        bound = encoder.room_needed()
        encoder.put(*sample)
    payloads.append(bytes(buffer[: encoder.close(buffer, 0)]))
    assert len(payloads[-1]) <= bound
    return payloads


def _decoded(payloads):
    decoder = SampleDecoder()
    return [sample for payload in payloads for sample in decoder.decode(payload)]


def _walkers(count, seed):
    state = [seed]
    samples = []
    latitude, longitude = 47_000_000, -8_500_000
    for second in range(count):
        latitude += 20 + _random(state) % 7
        longitude -= 30 + _random(state) % 9
        samples.append(
            (
                second,
                3,
                latitude,
                longitude,
                2000 + second // 9,
                5 * (60 + _random(state) % 9),
                140 + second // 40,
                3,
                170,
            )
        )
    return samples


def test_samples_come_back_as_they_were_put():
    samples = _walkers(300, 77)
    payloads = _chunks(samples)
    assert _decoded(payloads) == samples


def test_the_worst_samples_fit_what_room_needed_says():
    state = [4242]
    samples = []
    for _ in range(400):
        sample = [
            3 if index == 1 else (low if _random(state) & 64 else high) for index, (_, low, high) in enumerate(COLUMNS)
        ]
        samples.append(tuple(sample))
    assert _decoded(_chunks(samples)) == samples
