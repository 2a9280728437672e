"""Any bytes in any pieces: the receivers' parsers raise nothing and give the same for each way of cutting."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from wearable.drivers import nav_pvt
from wearable.drivers.nmea import NmeaParser
from wearable.drivers.nmea_numbers import BAD, angle, decimal, second_of_day
from wearable.drivers.ubx import UbxParser, pack_frame
from wearable.gps.solution import Solution

SMALL = 1 << 30  # MicroPython keeps integers below it off the heap


def _sentence(text: bytes) -> bytes:
    total = 0
    for byte in text:
        total ^= byte
    return b"$%s*%02X\r\n" % (text, total)


number = st.one_of(
    st.from_regex(rb"-?[0-9]{0,12}(\.[0-9]{0,12})?", fullmatch=True),
    st.sampled_from([b"", b".", b"-", b"A", b"V", b"N", b"S", b"E", b"W", b"4723.86274", b"070809.00", b"090624"]),
)
sentence = st.builds(
    lambda kind, fields: _sentence(b"GN" + kind + b"," + b",".join(fields)),
    st.sampled_from([b"RMC", b"GGA", b"GSA"]),
    st.lists(number, max_size=40),
)
frame = st.builds(
    pack_frame, st.sampled_from([1, 5, 0x13]), st.sampled_from([0, 1, 7, 0x60]), st.binary(min_size=88, max_size=300)
)
stream = st.lists(st.one_of(sentence, frame, st.binary(max_size=40), st.just(b"$GNRMC,"), st.just(b"\xb5\x62")))


def _nmea(data: bytes, cuts: list[int]) -> list[tuple[int, ...]]:
    parser = NmeaParser(Solution())
    found: list[tuple[int, ...]] = []
    for piece in _pieces(data, cuts):
        at = parser.put(piece, 0, len(piece))
        while at >= 0:
            found.append(_checked(parser.solution))
            at = parser.put(piece, at, len(piece))
    return found


def _ubx(data: bytes, cuts: list[int]) -> list[tuple[int, ...]]:
    parser = UbxParser()
    pvt = nav_pvt.NavPvt()
    found: list[tuple[int, ...]] = []
    for piece in _pieces(data, cuts):
        for start in range(0, len(piece), 256):
            part = piece[start : start + 256]
            parser.put(part, len(part))
            while parser.next_frame():
                if parser.frame_class == nav_pvt.FRAME_CLASS and parser.length >= nav_pvt.LENGTH:
                    pvt.decode(bytes(parser.payload))
                    found.append(_checked(pvt))
    return found


def _pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def _checked(one: Solution) -> tuple[int, ...]:
    values = (one.fix, one.latitude_udeg, one.longitude_udeg, one.altitude_2dm, one.speed_cm_s, one.satellites)
    assert all(-SMALL <= value < SMALL for value in (*values, one.horizontal_accuracy_dm, one.dop_hundredths))
    return (one.time_valid, one.time_2020_s, *values)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(stream, st.lists(st.integers(0, 5000), max_size=12))
def test_any_bytes_in_any_pieces_give_the_same(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    assert _nmea(data, cuts) == _nmea(data, [])
    assert _ubx(data, cuts) == _ubx(data, [])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(stream)
def test_an_nmea_solution_is_on_the_globe(parts: list[bytes]) -> None:
    for one in _nmea(b"".join(parts), []):
        assert abs(one[3]) <= 90_000_000 and abs(one[4]) <= 180_000_000 and 0 <= one[6] < 110_000


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.binary(max_size=30), st.integers(0, 7), st.integers(0, 255))
def test_any_field_is_a_small_number_or_bad(field: bytes, places: int, letter: int) -> None:
    for value in (
        decimal(field, 0, len(field), places),
        angle(field, 0, len(field), letter, 180),
        second_of_day(field, 0, len(field)),
    ):
        assert value == BAD or -SMALL <= value < SMALL


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.decimals(-9_000, 9_000, places=6))
def test_a_decimal_is_rounded_to_its_last_place(value: object) -> None:
    text = str(value).encode()
    assert abs(decimal(text, 0, len(text), 3) - float(text) * 1000) <= 0.5001
