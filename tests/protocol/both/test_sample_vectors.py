"""Recorded chunks: what was written once must be read for ever, on both interpreters."""

from paceline_protocol.sample_codec import SampleDecoder, SampleEncoder

# (samples, payload in hex), consecutive chunks of one page; all invented.
VECTORS = (
    (
        ((0, 0, 0, 0, 0, 0, 0, 0, 0),),
        "010198bf",
    ),
    (
        (
            (1, 0, 0, 0, 0, 0, 0, 0, 0),
            (2, 0, 0, 0, 0, 0, 71, 2, 0),
        ),
        "00020e42b0",
    ),
    (
        (
            (3, 3, 47_000_026, -8_500_038, 2001, 302, 130, 2, 172),
            (4, 3, 47_000_052, -8_500_070, 2001, 294, 131, 2, 172),
            (5, 3, 47_000_075, -8_500_102, 2001, 303, 130, 2, 172),
            (6, 3, 47_000_101, -8_500_137, 2001, 308, 130, 2, 172),
            (7, 3, 47_000_121, -8_500_175, 2001, 299, 130, 2, 172),
            (8, 3, 47_000_143, -8_500_213, 2001, 304, 131, 2, 172),
        ),
        "0006b9cfdf60a8b5cd76bec3cd922aaa0c108a1b5e95a8b3a25da81b24d72eb2012b",
    ),
    (
        (
            (9, 3, 47_002_049, -8_502_965, 2010, 290, 133, 3, 172),
            (10, 3, 47_002_071, -8_503_000, 2010, 300, 133, 3, 172),
            (11, 3, 47_002_097, -8_503_035, 2010, 299, 132, 3, 172),
            (12, 3, 47_002_121, -8_503_066, 2011, 307, 132, 3, 172),
            (13, 3, 47_002_121, -8_503_066, 2011, 0, 133, 3, 0),
            (14, 3, 47_002_121, -8_503_066, 2011, 0, 132, 3, 0),
            (15, 3, 47_002_121, -8_503_066, 2011, 0, 133, 3, 0),
            (16, 3, 47_002_121, -8_503_066, 2011, 0, 133, 3, 0),
        ),
        "0008c968737716218869d9a0dbe8d1fcb4cf26853b5d0795c6f85561263855e4c5",
    ),
    (
        (
            (60, 3, -90_000_000, 180_000_000, 50000, 65535, 255, 3, 255),
            (1_073_741_823, 1, 90_000_000, -180_000_000, -2500, 0, 0, 0, 0),
        ),
        "0002f92f435b1340162312bab5e6b3b30572d7feea38c76dbfffffdeb8be1cd0179ba2f00b773cb51c413be1aa92",
    ),
)


def test_the_encoder_writes_the_recorded_chunks():
    encoder = SampleEncoder()
    buffer = bytearray(300)
    for samples, payload in VECTORS:
        for sample in samples:
            encoder.put(*sample)
        assert bytes(buffer[: encoder.close(buffer, 0)]).hex() == payload


def test_the_decoder_finds_the_recorded_samples():
    decoder = SampleDecoder()
    for samples, payload in VECTORS:
        assert tuple(decoder.decode(bytes.fromhex(payload))) == samples
