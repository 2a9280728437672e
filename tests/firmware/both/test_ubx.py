"""UBX frames out of a stream, and NAV-PVT out of a frame."""

import struct

from firmware.nor_flash import Dice
from wearable.calendar import UNIX_2020_S
from wearable.drivers.nav_pvt import NavPvt
from wearable.drivers.ubx import UbxParser, pack_frame


def solution(
    latitude: int = 473_977_123, longitude: int = 85_456_789, altitude_mm: int = 408_450, flags: int = 1
) -> bytes:
    """Return the payload of a NAV-PVT at 2024-06-09 07:08:09 UTC, 3.217 m/s."""
    head = struct.pack("<IHBBBBBBIiBBBB", 25_689_000, 2024, 6, 9, 7, 8, 9, 7, 25, -1200, 3, flags, 0xEA, 17)
    place = struct.pack("<iiiiII", longitude, latitude, altitude_mm + 47_000, altitude_mm, 2100, 3300)
    motion = struct.pack("<iiiiiIIH", 1000, 3000, 0, 3217, 7_100_000, 210, 900_000, 112)
    payload = head + place + motion + bytes(92 - len(head) - len(place) - len(motion))
    assert len(payload) == 92
    return payload


def _frames(parser: UbxParser) -> "list[bytes]":
    found = []
    while parser.next_frame():
        found.append(bytes(parser.payload[: parser.length]))
    return found


def test_any_split_gives_the_same_frames() -> None:
    payloads = [bytes([i] * (i * 13 % 200)) for i in range(1, 40)]
    stream = b"$GNRMC,,V*41\r\n".join([pack_frame(1, 7, payload) for payload in payloads])
    dice = Dice(7)
    parser = UbxParser()
    found = []
    at = 0
    while at < len(stream):
        piece = stream[at : at + 1 + dice.below(70)]
        parser.put(piece, len(piece))
        found += _frames(parser)
        at += len(piece)
    assert found == payloads
    assert parser.rejected == 0


def test_a_good_frame_behind_damage_is_found() -> None:
    good = pack_frame(1, 7, solution())
    dice = Dice(9)
    for _ in range(300):
        broken = bytearray(pack_frame(1, 7, solution()))
        broken[dice.below(len(broken))] ^= 1 + dice.below(255)
        noise = bytes([dice.below(256) for _ in range(dice.below(30))])
        parser = UbxParser()
        stream = noise + bytes(broken[: dice.below(len(broken))]) + b"\xb5" + good + bytes(300)
        parser.put(stream, len(stream))
        assert solution() in _frames(parser)


def test_an_overrun_ring_keeps_the_newest_frames() -> None:
    parser = UbxParser()
    for i in range(50):
        frame = pack_frame(1, 7, bytes([i] * 90))
        parser.put(frame, len(frame))
    assert _frames(parser)[-1] == bytes([49] * 90)


def test_a_solution_is_decoded_into_the_units_of_a_sample() -> None:
    pvt = NavPvt()
    pvt.decode(solution())
    assert pvt.time_valid
    assert pvt.time_2020_s + UNIX_2020_S == 1_717_916_889
    assert (pvt.fix, pvt.satellites) == (3, 17)
    assert (pvt.latitude_udeg, pvt.longitude_udeg) == (47_397_712, 8_545_679)
    assert (pvt.altitude_2dm, pvt.speed_cm_s) == (2042, 322)


def test_positions_are_rounded_alike_all_round_the_globe() -> None:
    pvt = NavPvt()
    dice = Dice(3)
    for _ in range(2000):
        longitude = (dice.below(3600) * 1_000_000 + dice.below(1_000_000)) - 1_800_000_000
        latitude = (dice.below(1800) * 1_000_000 + dice.below(1_000_000)) - 900_000_000
        pvt.decode(solution(latitude, longitude))
        assert pvt.longitude_udeg == (longitude + 5) // 10
        assert pvt.latitude_udeg == (latitude + 5) // 10


def test_without_a_fix_the_position_stays() -> None:
    pvt = NavPvt()
    pvt.decode(solution())
    before = pvt.latitude_udeg, pvt.longitude_udeg, pvt.altitude_2dm
    pvt.decode(solution(0, 0, 0, flags=0))
    assert pvt.fix == 0 and pvt.time_valid
    assert (pvt.latitude_udeg, pvt.longitude_udeg, pvt.altitude_2dm) == before
