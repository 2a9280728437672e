"""The laws of the sample codec, on CPython and MicroPython."""

from paceline_protocol.errors import JournalError
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import PAYLOAD_MAX, WORST_SAMPLE_BYTES, SampleDecoder, SampleEncoder
from protocol.both.sample_walks import Dice, chunks, decoded, extremes, runner


def _error(decoder: SampleDecoder, payload: bytes) -> "JournalError | None":
    try:
        decoder.decode(payload)
    except JournalError as error:
        return error
    return None


def test_samples_come_back_as_they_were_put():
    samples = runner(900, 77)
    payloads = chunks(samples)
    assert decoded(payloads) == samples
    assert sum([len(payload) for payload in payloads]) < 3 * len(samples)


def test_values_at_the_bounds_come_back_and_fit_what_room_needed_said():
    samples = extremes(600, 4242)
    for per_chunk in (1, 2, 25):
        assert decoded(chunks(samples, per_chunk, 50)) == samples


def test_the_worst_surprise_after_a_long_calm_fits_too():
    samples = []
    for seed in range(5):
        start = 1000 * seed
        samples.extend([(start + second, 1, 0, 0, 0, 0, 0, 0, 0) for second in range(300)])
        samples.extend(extremes(40, 99 + seed))
    assert decoded(chunks(samples, 25, 10_000)) == samples


def test_values_outside_are_held_at_the_bounds():
    encoder = SampleEncoder()
    buffer = bytearray(300)
    encoder.put(-5, 9, -90_000_001, 180_000_001, -9999, 70_000, 300, -1, 256)
    end = encoder.close(buffer, 0)
    expected = (0, 3, -90_000_000, 180_000_000, -2500, 65_535, 255, 0, 255)
    assert SampleDecoder().decode(bytes(buffer[:end])) == [expected]


def test_without_a_fix_the_last_position_altitude_and_speed_repeat():
    first = (5, 3, 1, 2, 3, 4, 60, 3, 90)
    samples = [first, (6, 0, 77, 77, 77, 77, 61, 3, 90), (7, 3, 2, 4, 3, 5, 62, 3, 90)]
    assert decoded(chunks(samples)) == [first, (6, 0, 1, 2, 3, 4, 61, 3, 90), samples[2]]


def test_a_calm_chunk_ends_after_255_samples():
    encoder = SampleEncoder()
    second = 0
    while encoder.room_needed() <= PAYLOAD_MAX:
        encoder.put(second, 0, 0, 0, 0, 0, 0, 0, 0)
        second += 1
    assert encoder.count == 255
    buffer = bytearray(300)
    assert len(SampleDecoder().decode(bytes(buffer[: encoder.close(buffer, 0)]))) == 255


def test_a_restarted_encoder_writes_what_a_new_one_writes():
    samples = runner(60, 5)
    encoder = SampleEncoder()
    buffer = bytearray(300)
    for sample in extremes(3, 8):
        encoder.put(*sample)
    encoder.restart()
    for sample in samples[:25]:
        encoder.put(*sample)
    assert bytes(buffer[: encoder.close(buffer, 0)]) == chunks(samples)[0]


def test_a_payload_that_continues_nothing_is_refused_until_a_fresh_one():
    payloads = chunks(runner(75, 5))
    decoder = SampleDecoder()
    assert _error(decoder, payloads[1])
    assert not _error(decoder, payloads[0])
    assert _error(decoder, b"")
    assert _error(decoder, payloads[1])


def test_headers_that_no_encoder_writes_are_refused():
    fresh = chunks(runner(3, 5))[0]
    for payload in (b"", b"\x01", b"\x01\x00", b"\x02\x01", b"\xff\x01", fresh + bytes(40)):
        error = _error(SampleDecoder(), payload)
        assert error is not None
        assert error.code == "samples"


def test_any_bytes_give_samples_within_bounds_or_one_error():
    dice = Dice(31)
    good = chunks(runner(50, 5))
    for _ in range(120):
        damaged = bytearray(good[0])
        for _ in range(1 + dice.below(3)):
            damaged[2 + dice.below(len(damaged) - 2)] = dice.below(256)
        damaged[1] = 1 + dice.below(255)
        try:
            samples = SampleDecoder().decode(bytes(damaged[: 2 + dice.below(len(damaged))]))
        except JournalError:
            continue
        assert len(samples) == damaged[1]
        for sample in samples:
            for column, (_, lowest, highest) in enumerate(COLUMNS):
                assert lowest <= sample[column] <= highest


def test_one_sample_needs_little_room():
    assert WORST_SAMPLE_BYTES <= 64
    assert SampleEncoder().room_needed() == 2 + WORST_SAMPLE_BYTES
