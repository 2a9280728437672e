"""Real receivers' logs give what gpsd reports of them: each difference is named and explained here."""

from dataclasses import replace
from math import cos, hypot, radians
from pathlib import Path

import pytest
from firmware.receiver_log import Comparison, Told, compare, expected, from_nmea, from_ubx, read_log

_ROUNDED = 0.501  # of the last digit kept
_WEEKS_1024_S = 1024 * 7 * 86_400

# Log: solutions with a fix here, in gpsd's output, pairs of which one is flat.
# A first GGA or RMC of a log lacks the date or the position for gpsd: some logs have one fix more here.
NMEA = {
    "gpsd__garmin-10x.log": (9, 9, 2),  # 3 satellites and GSA 2, which gpsd takes for 3 as there is a height
    "gpsd__gp-320fw-2019-04-07-coldboot.log": (1, 1, 0),
    "gpsd__haicom-305N.log": (68, 67, 5),  # GSA comes every fifth second, gpsd: 3 as there is a height
    "gpsd__motorola-t805.log": (16, 15, 0),
    "gpsd__mtk-3301.log": (4, 3, 1),  # the first GSA after the fix is still to come
    "gpsd__neo-m8n.log": (23, 22, 0),
    "gpsd__nmea-fuzzy-cases.log": (14, 14, 0),
    "gpsd__quectel-eg25-g.log": (23, 23, 0),
    "gpsd__sl869.log": (8, 8, 4),  # GSA behind the solution: flat or not is told a second late
    "gpsd__telit-he910.log": (187, 187, 0),
    "gpsd__ublox-8.log": (72, 72, 0),
    "gpsd__ublox-lea-4h.log": (9, 8, 3),  # GSA behind the solution; gpsd ends a second early
    "gpsd__ublox-lea-5q.log": (0, 0, 0),
}
UBX = {
    "gpsd__navisys-gr8013.log": (35, 35, 0),
    "gpsd__ublox-glo.log.gz": (16, 291, 0),  # 275 without gnssFixOK, which gpsd does not ask for
    "gpsd__ublox-neo-m8l.log": (19, 18, 0),  # gpsd also reports HNR-PVT at 10 Hz: whole seconds only
    "gpsd__ublox-neo-m8n.log": (24, 22, 0),
}
# gpsd takes the date of this old log for one of a receiver that lost count, and adds 1024 weeks.
SHIFTED = ("gpsd__neo-m8n.log",)
# In one second of this log gpsd's last report is of an HNR-PVT, another solution of the same moment.
OTHER_SOLUTION = ("gpsd__ublox-neo-m8l.log",)


def _row(name: str, found: Comparison) -> str:
    return (
        f"{name:42}{found.fixes:6}{found.fixes_expected:6}{found.pairs:6}{found.only_here:4}{found.only_there:4}"
        f"{found.flat_or_not:5}{found.place_udeg:7.2f}{found.altitude_2dm:7.2f}{found.speed_cm_s:7.2f}"
    )


def _check(recordings: Path, name: str, here: list[Told], row: tuple[int, int, int]) -> Comparison:
    there = expected(recordings / "gps_raw" / "expected" / f"{name}.chk.gz", "m8l" in name)
    if name in SHIFTED:
        there = [replace(one, utc_s=one.utc_s - _WEEKS_1024_S) for one in there if one.utc_s is not None]
    found = compare(here, there)
    print(_row(name, found))
    assert (found.fixes, found.fixes_expected, found.flat_or_not) == row
    largest = (found.place_udeg, found.altitude_2dm, found.speed_cm_s)
    assert max(largest) <= _ROUNDED or (name in OTHER_SOLUTION and largest < (3.2, 1.6, 6.6))
    assert found.only_here == 0
    return found


@pytest.mark.parametrize("name", NMEA)
def test_nmea_gives_what_gpsd_reports(recordings: Path, name: str) -> None:
    found = _check(recordings, name, from_nmea(read_log(recordings / "gps_raw" / name)), NMEA[name])
    assert found.only_there == 0
    assert found.pairs == found.fixes_expected


@pytest.mark.parametrize("name", UBX)
def test_ubx_gives_what_gpsd_reports(recordings: Path, name: str) -> None:
    found = _check(recordings, name, from_ubx(read_log(recordings / "gps_raw" / name)), UBX[name])
    assert found.pairs + found.only_there == found.fixes_expected


@pytest.mark.parametrize("name", ["gpsd__ublox-zed-f9p_hpg1.11.log.gz", "gpsd__telit-he910.log", "gpsd__mtk-3301.log"])
def test_a_real_log_cut_anywhere_gives_the_same(recordings: Path, name: str) -> None:
    data = read_log(recordings / "gps_raw" / name)[:60_000]
    assert len({tuple(from_nmea(data, chunk)) for chunk in (1, 7, 64, 211)}) == 1


def test_a_city_drive_is_within_metres_of_the_truth(recordings: Path) -> None:
    folder = recordings / "gps_raw"
    places = _truth(folder / "gps-measurement-tools__MTV.Local1.SPAN.20200206-181434.gga.gz")
    drive = from_nmea(read_log(folder / "gps-measurement-tools__MTV.Local1.ublox-F9K.20200206-181434.nmea.gz"))
    assert len(drive) == 1653
    assert all(one.fix == 3 for one in drive)
    seconds = [one.utc_s for one in drive if one.utc_s is not None]
    assert seconds == sorted(set(seconds))
    errors = [_metres(one, truth) for one in drive if (truth := places.get((one.utc_s or 0) % 86_400)) is not None]
    print(f"drive: {len(errors)} seconds, mean {sum(errors) / len(errors):.2f} m, most {max(errors):.2f} m")
    assert len(errors) > 1600
    assert sum(errors) / len(errors) < 0.6 and max(errors) < 1.3


def _truth(path: Path) -> dict[int, tuple[float, float]]:
    """Second of the day → degrees; parsed apart from the firmware's parser."""
    places = {}
    for line in read_log(path).decode().split():
        field = line.split(",")
        if field[0] == "$GPGGA":
            clock = field[1]
            second = (int(clock[:2]) * 60 + int(clock[2:4])) * 60 + int(clock[4:6])
            latitude = int(field[2][:2]) + float(field[2][2:]) / 60
            longitude = int(field[4][:3]) + float(field[4][3:]) / 60
            places[second] = (latitude, -longitude)
    return places


def _metres(one: Told, truth: tuple[float, float]) -> float:
    north = (one.latitude_udeg / 1e6 - truth[0]) * 111_195
    east = (one.longitude_udeg / 1e6 - truth[1]) * 111_195 * cos(radians(truth[0]))
    return hypot(north, east)
