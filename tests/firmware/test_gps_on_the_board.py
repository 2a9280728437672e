"""The firmware's GPS on the virtual board: UBX, another maker's NMEA, silence, assistance data."""

import struct
from pathlib import Path

import pytest
from firmware.gps_board import UTC_S, printed, row, track
from paceline_tools.virtual.settings import BoardSettings
from wearable.calendar import UNIX_2020_S
from wearable.drivers.ubx import pack_frame

UBX_INPUT = str(0x10730001)
NMEA_OUTPUT = str(0x10740002)
SECONDS = 100

MAIN = """
import asyncio, board, time
from wearable.clock import Clock, GATEWAY
from wearable.gps.service import Gps
from wearable.link.blobs import BlobStore

class Outage:
    failures = 0
    def failed(self):
        self.failures += 1
        return 1000
    def works(self):
        pass

async def main():
    clock = Clock(time.ticks_ms, time.ticks_diff)
    clock.told(NOW, GATEWAY)
    def tell(one):
        print("solution", one.time_2020_s if one.time_valid else -1, one.fix, one.latitude_udeg, one.longitude_udeg,
              one.altitude_2dm, one.speed_cm_s)
    outage = Outage()
    gps = Gps(board.gps_uart, tell, clock, BlobStore(board.BLOB_FOLDER), outage)
    asyncio.create_task(gps.run())
    for _ in range(SECONDS * 5):
        await asyncio.sleep_ms(200)
    told = gps.reception
    print("reception", told.state, told.first_fix_s, told.losses, told.recoveries, told.longest_loss_s)
    helper = gps.assistant
    print("assistance", helper.sent, helper.used, helper.left_out, helper.failures)
    print("receiver", gps.receiver.language, gps.receiver.ublox.baud, outage.failures)

asyncio.run(main())
""".replace("SECONDS", str(SECONDS)).replace("NOW", str(UTC_S - UNIX_2020_S))


def _told(lines: list[list[str]], what: str) -> list[list[int]]:
    return [list(map(int, line[1:])) for line in lines if line and line[0] == what]


@pytest.mark.parametrize(("receiver", "language", "off_udeg"), [({}, 1, 0), ({UBX_INPUT: 0}, 2, 1)])
async def test_both_languages_give_the_way_that_was_gone(
    tmp_path: Path, receiver: dict[str, int], language: int, off_udeg: int
) -> None:
    settings = BoardSettings(utc_s=UTC_S, speed=100, track=track(tmp_path / "run", 200), receiver=receiver)
    lines = await printed(tmp_path, MAIN, settings)
    solutions = _told(lines, "solution")
    seconds = [one[0] + UNIX_2020_S - UTC_S for one in solutions]
    assert seconds == list(range(seconds[0], seconds[-1] + 1)) and len(seconds) > 70
    for second, (_, fix, latitude, longitude, altitude, speed) in zip(seconds, solutions, strict=True):
        _, latitude_e7, longitude_e7, altitude_mm, speed_mm_s, true_fix, _, _ = row(second)
        assert fix == true_fix
        if fix:
            assert abs(latitude - (latitude_e7 + 5) // 10) <= off_udeg
            assert abs(longitude - (longitude_e7 + 5) // 10) <= off_udeg
            assert abs(altitude - (altitude_mm + 100) // 200) <= off_udeg
            assert abs(speed - speed_mm_s // 10) <= off_udeg
    ((state, first_fix_s, losses, recoveries, longest_s),) = _told(lines, "reception")
    assert (state, losses, recoveries) == (2, 1, 1)
    assert 0 <= first_fix_s <= 2 and 15 <= longest_s <= 17
    assert _told(lines, "receiver")[0][0] == language


async def test_a_silent_receiver_is_tried_again(tmp_path: Path) -> None:
    settings = BoardSettings(utc_s=UTC_S, speed=200, receiver={UBX_INPUT: 0, NMEA_OUTPUT: 0})
    lines = await printed(tmp_path, MAIN, settings)
    assert not _told(lines, "solution")
    assert _told(lines, "reception")[0][0] == 0
    language, _, failures = _told(lines, "receiver")[0]
    assert language == 0 and failures >= 2


def _time(utc_s: int) -> bytes:
    day, second = divmod(utc_s, 86_400)
    assert (day, utc_s) == (20_254, UTC_S)
    clock = (second // 3600, second // 60 % 60, second % 60)
    return pack_frame(0x13, 0x40, struct.pack("<BBbbHBBBBBBIHHI", 0x10, 0, 0, 18, 2025, 6, 15, *clock, 0, 0, 2, 0, 0))


def _orbit_of_day(day: int) -> bytes:
    return pack_frame(0x13, 0x20, bytes((0, 0, 5, 0, 25, 6, day, 0)) + bytes(68))


async def test_fresh_assistance_data_reach_a_receiver_that_searches(tmp_path: Path) -> None:
    ephemerides = [pack_frame(0x13, 0x00, bytes((1, 0, satellite, 0)) + bytes(64)) for satellite in range(1, 31)]
    blob = _time(UTC_S) + b"".join(ephemerides) + _orbit_of_day(14) + _orbit_of_day(15) + _orbit_of_day(16)
    files = {"blobs/3.blob": struct.pack("<II", 7, len(blob)) + blob}
    lines = await printed(tmp_path, MAIN, BoardSettings(utc_s=UTC_S, speed=100), files)
    assert _told(lines, "assistance") == [[32, 32, 2, 0]], "the time, the ephemerides and the orbit of the day"


async def test_no_assistance_goes_to_a_receiver_of_another_make(tmp_path: Path) -> None:
    blob = _time(UTC_S) + _orbit_of_day(15)
    files = {"blobs/3.blob": struct.pack("<II", 7, len(blob)) + blob}
    settings = BoardSettings(utc_s=UTC_S, speed=100, receiver={UBX_INPUT: 0})
    assert _told(await printed(tmp_path, MAIN, settings, files), "assistance") == [[0, 0, 0, 0]]
