"""Receivers' streams with damage of every sort: no exception, nothing made up, nothing good lost; seeded, on both."""

from firmware.nor_flash import Dice
from wearable.drivers.nav_pvt import NavPvt
from wearable.drivers.nmea import NmeaParser
from wearable.drivers.ubx import UbxParser, pack_frame
from wearable.gps.solution import Solution


def _nmea(second: int) -> bytes:
    parts = []
    for text in (
        f"GNRMC,0708{second:02d}.00,A,4723.86{second:02d}4,N,00832.74073,E,6.253,71.0,090624,,,A,V",
        f"GNGGA,0708{second:02d}.00,4723.86{second:02d}4,N,00832.74073,E,1,17,0.80,408.45,M,47.0,M,,",
    ):
        total = 0
        for byte in text.encode():
            total ^= byte
        parts.append(b"$%s*%02X\r\n" % (text.encode(), total))
    return b"".join(parts)


def _ubx(second: int) -> bytes:
    payload = bytearray(92)
    payload[4], payload[5], payload[6], payload[7], payload[10] = 0xE8, 0x07, 6, 9, second
    payload[11], payload[20], payload[21] = 7, 3, 1
    return pack_frame(1, 7, bytes(payload))


def _noise(dice: Dice, most: int) -> bytes:
    return bytes([dice.below(256) for _ in range(dice.below(most))])


def _mutated(dice: Dice, data: bytes) -> bytes:
    """Return the data with a byte changed, cut out, put in, or all cut off behind a place."""
    at = dice.below(len(data))
    kind = dice.below(5)
    if kind == 0:
        return data[:at] + bytes((data[at] ^ (1 + dice.below(255)),)) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[at + 1 + dice.below(20) :]
    if kind == 2:
        return data[:at] + _noise(dice, 30) + data[at:]
    if kind == 3:
        return data[:at]
    return data[:at] + b"\xb5\x62\x01\x07\xff\xff" + data[at:]


def _read_nmea(parser: NmeaParser, data: bytes) -> "list[tuple[bool, int, int]]":
    found = []
    at = parser.put(data, 0, len(data))
    while at >= 0:
        one = parser.solution
        found.append((one.time_valid, one.time_2020_s % 60, one.fix and one.latitude_udeg))
        at = parser.put(data, at, len(data))
    return found


def test_of_damaged_nmea_only_true_solutions_come_and_all_whole_ones() -> None:
    dice = Dice(21)
    right = {}
    for second in range(60):
        ((_, _, latitude),) = _read_nmea(NmeaParser(Solution()), _nmea(second))
        right[second] = latitude
    for _ in range(120):
        parser = NmeaParser(Solution())
        whole = []
        found = []
        for second in range(1, 12):
            data = _nmea(second)
            if second < 10 and dice.below(2):
                data = _mutated(dice, data)
            else:
                whole.append(second)
            data = _noise(dice, 20) + data
            while data:
                size = 1 + dice.below(60)
                found += _read_nmea(parser, data[:size])
                data = data[size:]
        told = [second for time_valid, second, _ in found if time_valid]
        assert told == sorted(set(told))
        assert [second for second in whole if second not in told] in ([], whole[:1])
        for time_valid, second, latitude in found:
            assert not time_valid or not latitude or latitude == right[second]


def test_of_damaged_ubx_only_true_solutions_come_and_all_whole_ones() -> None:
    dice = Dice(23)
    for _ in range(60):
        parser = UbxParser()
        pvt = NavPvt()
        whole = []
        told = []
        for second in range(1, 12):
            data = _ubx(second)
            if second < 8 and dice.below(2):
                data = _mutated(dice, data)
            else:
                whole.append(second)
            data = _noise(dice, 20) + data
            while data:
                size = 1 + dice.below(60)
                parser.put(data[:size], len(data[:size]))
                data = data[size:]
                while parser.next_frame():
                    if parser.frame_class == 1 and parser.length >= 92:
                        pvt.decode(bytes(parser.payload))
                        told.append(pvt.time_2020_s % 60)
        parser.put(bytes(300), 300)  # what hides behind a false length is found as the stream goes on
        while parser.next_frame():
            if parser.frame_class == 1 and parser.length >= 92:
                pvt.decode(bytes(parser.payload))
                told.append(pvt.time_2020_s % 60)
        assert told == sorted(set(told))
        assert [second for second in whole if second not in told] == []


def test_noise_alone_gives_nothing() -> None:
    dice = Dice(25)
    nmea, ubx = NmeaParser(Solution()), UbxParser()
    for _ in range(60):
        data = _noise(dice, 400)
        assert _read_nmea(nmea, data) == []
        ubx.put(data, len(data))
        assert not ubx.next_frame()
