"""NMEA sentences into solutions: units, rounding, order of sentences, damage."""

from firmware.nor_flash import Dice
from wearable.calendar import UNIX_2020_S
from wearable.drivers.nmea import NmeaParser
from wearable.drivers.nmea_numbers import BAD, angle, decimal, second_of_day
from wearable.gps.solution import Solution


def sentence(text: str) -> bytes:
    """Return the sentence with its check sum."""
    total = 0
    for byte in text.encode():
        total ^= byte
    return b"$%s*%02X\r\n" % (text.encode(), total)


def rmc(
    clock: str = "070809.00", status: str = "A", place: str = "4723.86274,N,00832.74073,E", date: str = "090624"
) -> bytes:
    """Return an RMC; 6.253 knots are 3.217 m/s."""
    return sentence(f"GNRMC,{clock},{status},{place},6.253,71.0,{date},,,A,V")


def gga(
    clock: str = "070809.00", quality: str = "1", place: str = "4723.86274,N,00832.74073,E", dop: str = "0.80"
) -> bytes:
    """Return a GGA."""
    return sentence(f"GNGGA,{clock},{place},{quality},17,{dop},408.45,M,47.0,M,,")


def gsa(mode: int) -> bytes:
    """Return a GSA."""
    return sentence(f"GNGSA,A,{mode},03,04,,,,,,,,,,,1.50,0.80,1.20,1")


def _read(data: bytes, parser: "NmeaParser | None" = None) -> "list[tuple[int | None, int, int, int, int, int]]":
    parser = parser or NmeaParser(Solution())
    found = []
    at = parser.put(data, 0, len(data))
    while at >= 0:
        one = parser.solution
        second = one.time_2020_s + UNIX_2020_S if one.time_valid else None
        found.append((second, one.fix, one.latitude_udeg, one.longitude_udeg, one.altitude_2dm, one.speed_cm_s))
        at = parser.put(data, at, len(data))
    return found


def _after(seconds: int) -> "tuple[int, int, int, int, int, int]":
    return (1_717_916_889 + seconds, 3, 47_397_712, 8_545_679, 2042, 322)


SOLUTION = _after(0)


def test_a_second_becomes_a_solution_in_the_units_of_a_sample() -> None:
    parser = NmeaParser(Solution())
    assert _read(gsa(3) + rmc() + gga(), parser) == [SOLUTION]
    solution = parser.solution
    assert (solution.satellites, solution.dop_hundredths, solution.horizontal_accuracy_dm) == (17, 80, 80)


def test_a_solution_is_complete_with_the_last_sentence_it_needs() -> None:
    for first, second in ((rmc(), gga()), (gga(), rmc())):
        parser = NmeaParser(Solution())
        assert _read(first + second[:-3], parser) == []
        assert _read(second[-3:], parser) == [SOLUTION], "with the last digit of its check sum"


def test_any_split_gives_the_same_solutions() -> None:
    clocks = [f"0708{second:02d}.00" for second in range(10, 40)]
    stream = b"".join([gga(clock) + sentence("GPGSV,1,1,01,31,40,066,23") + gsa(3) + rmc(clock) for clock in clocks])
    whole = _read(stream)
    assert [one[0] for one in whole] == [SOLUTION[0] + i for i in range(1, 31)]
    dice = Dice(11)
    for _ in range(20):
        parser = NmeaParser(Solution())
        found = []
        at = 0
        while at < len(stream):
            size = 1 + dice.below(90)
            found += _read(stream[at : at + size], parser)
            at += size
        assert found == whole


def test_a_receiver_of_one_sentence_is_waited_for_only_at_first() -> None:
    parser = NmeaParser(Solution())
    for second in range(10, 15):
        _read(rmc(f"0708{second}.00"), parser)
    assert _read(rmc("070815.00"), parser) == [(SOLUTION[0] + 6, 2, 47_397_712, 8_545_679, 0, 322)]


def test_a_lost_sentence_delays_its_second_and_no_other() -> None:
    clocks = ["070809.00", "070810.00", "070811.00"]
    broken = bytearray(gga(clocks[1]))
    broken[20] ^= 1
    stream = rmc(clocks[0]) + gga(clocks[0]) + rmc(clocks[1]) + bytes(broken) + rmc(clocks[2]) + gga(clocks[2])
    assert _read(stream) == [_after(0), _after(1), _after(2)]


def test_an_incomplete_second_and_the_one_that_ends_it_are_both_told() -> None:
    parser = NmeaParser(Solution())
    _read(b"".join([rmc(f"0708{second}.00") for second in range(10, 15)]), parser)
    found = _read(gga("070820.00") + rmc("070821.00"), parser)
    assert [one[0] for one in found] == [SOLUTION[0] + 11, SOLUTION[0] + 12]


def test_damage_never_costs_a_good_sentence_nor_passes_for_one() -> None:
    dice = Dice(13)
    for _ in range(400):
        broken = bytearray(rmc("070808.00") + gga("070808.00"))
        broken[dice.below(len(broken))] ^= 1 + dice.below(255)
        noise = bytes([dice.below(256) for _ in range(dice.below(200))])
        found = _read(bytes(broken[: dice.below(len(broken))]) + noise + gsa(3) + rmc() + gga())
        assert found[-1] == SOLUTION
        for second, fix, latitude, longitude, altitude, speed in found[:-1]:
            assert second in (None, SOLUTION[0] - 1)
            assert fix == 0 or (latitude, longitude) == SOLUTION[2:4]
            assert (altitude, speed) in ((2042, 322), (0, 322), (2042, 0), (0, 0))
            assert fix < 3 or altitude == 2042


def test_no_fix_is_no_position() -> None:
    for stream in (
        rmc(status="V") + gga(quality="0"),
        rmc() + gga(quality="0"),
        rmc(status="V") + gga(),
        rmc() + gga(quality="6"),
        rmc() + gga(dop="25.5"),
        rmc(place="4723.8x,N,00832.74,E") + gga(place=",,,"),
        rmc(place="9100.0,N,00832.74,E") + gga(place="9100.0,N,00832.74,E"),
        rmc(place="4760.0,N,00832.74,E") + gga(place="4760.0,N,00832.74,E"),
        rmc(place="4723.8,X,00832.74,E") + gga(place="4723.8,X,00832.74,E"),
    ):
        ((_, fix, latitude, longitude, _, _),) = _read(stream)
        assert (fix, latitude, longitude) == (0, 0, 0)


def test_flat_or_in_space_is_told_by_gsa_and_by_the_height() -> None:
    assert _read(gsa(2) + rmc() + gga())[0][1] == 2
    assert _read(gsa(2) + gsa(3) + rmc() + gga())[0][1] == 3
    no_height = sentence("GNGGA,070809.00,4723.86274,N,00832.74073,E,1,03,2.0,,M,,M,,")
    assert _read(gsa(3) + rmc() + no_height)[0][1] == 2


def test_time_is_believed_from_the_first_fix_on_and_goes_past_midnight_without_a_date() -> None:
    parser = NmeaParser(Solution())
    assert _read(rmc("235958.00", status="V") + gga("235958.00", quality="0"), parser)[0][0] is None
    assert _read(rmc("235959.00") + gga("235959.00"), parser)[0][0] == 1_717_977_599
    assert _read(rmc("000000.00", "V", date="") + gga("000000.00", "0"), parser)[0][0] == 1_717_977_600
    assert _read(rmc("000001.00", date="100624") + gga("000001.00"), parser)[0][0] == 1_717_977_601


def test_a_date_of_a_receiver_that_lost_count_is_not_believed() -> None:
    for date in ("220899", "161206", "000024", "320124", "011324", "-10124", ""):
        assert _read(rmc(date=date) + gga())[0][0] is None, date


def test_only_what_belongs_to_a_talker_and_has_a_check_sum_is_taken() -> None:
    own = sentence("PGRMC,070809.00,A,4723.86274,N,00832.74073,E,6.253,71.0,090624,,,A")
    bare = rmc()[:-5] + b"\r\n"
    parser = NmeaParser(Solution())
    assert _read(own + bare + bytes(200) + b"$" + b"G" * 300 + b"*00", parser) == []
    assert parser.sentence.read == 0


def test_decimals_are_rounded_at_the_last_digit_kept() -> None:
    for text, places, value in (
        ("1.2345", 3, 1235), ("1.2344999", 3, 1234), ("-0.5", 0, -1), (".5", 1, 5), ("7", 2, 700), ("007.", 1, 70),
        ("100000000", 0, 100_000_000), ("", 1, BAD), ("-", 1, BAD), (".", 1, BAD), ("1.2.3", 1, BAD), ("1e5", 0, BAD),
        ("99999999999", 0, BAD), ("999999999", 3, BAD), ("--1", 0, BAD),
    ):  # fmt: skip
        assert decimal(text.encode(), 0, len(text), places) == value, text


def test_angles_are_rounded_like_those_of_nav_pvt() -> None:
    dice = Dice(17)
    for _ in range(2000):
        degrees, minutes_e5 = dice.below(180), dice.below(6_000_000)
        text = (f"{degrees:03d}{minutes_e5 // 100_000:02d}.{minutes_e5 % 100_000:05d}").encode()
        e7 = degrees * 600_000_000 + minutes_e5 * 100  # 1e-7 minutes
        assert angle(text, 0, len(text), 69, 180) == (e7 + 300) // 600
        assert angle(text, 0, len(text), 87, 180) == (300 - e7) // 600


def test_times_of_day_are_hundredths_and_round_up() -> None:
    for text, value in (
        ("000000", 0), ("235959.99", 8_639_999), ("235959.996", 8_640_000), ("235960.0", 8_640_000),
        ("010203.", 372_300), ("240000", BAD), ("006000", BAD),
        ("12345", BAD), ("1234567", BAD), ("-10000.0", BAD), ("12:4:6", BAD),
    ):  # fmt: skip
        assert second_of_day(text.encode(), 0, len(text)) == value, text
