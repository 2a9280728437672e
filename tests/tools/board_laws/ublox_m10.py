# pyright: reportMissingImports=false, reportMissingParameterType=false
"""The receiver keeps the laws of the interface description (SPG 5.10): configuration, acknowledgements, solutions."""

import struct

from silicon import ubx
from silicon.body import Body
from silicon.ublox_m10 import ACK_AIDING, BAUD, NAV_PVT_UART1, OUT_NMEA, UbloxM10
from tools.board_laws.wearer import START_US, WorldClock, steady, wearer

_TRACK = "ublox.ptrk"


def receiver(rows=None, body=None):
    clock = WorldClock()
    return clock, UbloxM10(clock, body or wearer(_TRACK, steady() if rows is None else rows))


def valset(*items, layer=1):
    payload = bytes((0, layer, 0, 0))
    for key, value in items:
        size = (0, 1, 1, 2, 4, 8)[key >> 28 & 7]
        payload += struct.pack("<I", key) + value.to_bytes(size, "little")
    return ubx.frame(0x06, 0x8A, payload)


def sent(device):
    return [(baud, data) for _, baud, data in device.take()]


def test_unconfigured_it_speaks_nmea_at_38400():
    clock, device = receiver()
    clock.pass_ms(2_100)
    answers = sent(device)
    assert len(answers) == 2
    for baud, data in answers:
        assert baud == 38400
        for line in data.decode().split("\r\n")[:-1]:
            total = 0
            for byte in line[1 : line.index("*")].encode():
                total ^= byte
            assert line[0] == "$" and int(line[line.index("*") + 1 :], 16) == total


def test_a_setting_is_acknowledged_and_holds():
    clock, device = receiver()
    device.receive(valset((OUT_NMEA, 0), (NAV_PVT_UART1, 1)), 38400)
    assert sent(device) == [(38400, ubx.frame(0x05, 0x01, b"\x06\x8a"))]
    clock.pass_ms(3_100)
    frames = sent(device)
    assert len(frames) == 3 and all(data[2:4] == b"\x01\x07" and len(data) == 100 for _, data in frames)


def test_an_unknown_key_is_refused_and_changes_nothing():
    clock, device = receiver()
    device.receive(valset((OUT_NMEA, 0), (0x10FE0001, 1)), 38400)
    assert sent(device) == [(38400, ubx.frame(0x05, 0x00, b"\x06\x8a"))]
    clock.pass_ms(1_100)
    assert sent(device)[0][1][:1] == b"$"


def test_a_damaged_frame_and_one_at_another_speed_are_not_heard():
    _, device = receiver()
    frame = bytearray(valset((OUT_NMEA, 0)))
    frame[-1] ^= 1
    device.receive(bytes(frame), 38400)
    device.receive(valset((OUT_NMEA, 0)), 9600)
    assert sent(device) == []
    device.receive(valset((OUT_NMEA, 0)), 38400)
    assert len(sent(device)) == 1


def test_a_frame_may_come_in_pieces():
    _, device = receiver()
    frame = b"noise\xb5" + valset((OUT_NMEA, 0))
    for i in range(len(frame)):
        device.receive(frame[i : i + 1], 38400)
    assert sent(device) == [(38400, ubx.frame(0x05, 0x01, b"\x06\x8a"))]


def test_a_new_speed_holds_at_once_also_for_its_own_acknowledgement():
    _, device = receiver()
    device.receive(valset((BAUD, 115200)), 38400)
    assert sent(device) == [(115200, ubx.frame(0x05, 0x01, b"\x06\x8a"))]
    device.receive(valset((OUT_NMEA, 0)), 38400)
    assert sent(device) == []


def test_valget_gives_what_was_set():
    _, device = receiver()
    device.receive(ubx.frame(0x06, 0x8B, b"\0\0\0\0" + struct.pack("<I", BAUD)), 38400)
    answer = ubx.frame(0x06, 0x8B, b"\x01\0\0\0" + struct.pack("<II", BAUD, 38400))
    assert sent(device) == [(38400, answer), (38400, ubx.frame(0x05, 0x01, b"\x06\x8b"))]


def test_a_solution_tells_the_second_of_the_track():
    clock, device = receiver()
    device.receive(valset((OUT_NMEA, 0), (NAV_PVT_UART1, 1)), 38400)
    sent(device)
    clock.pass_ms(5_100)
    payload = sent(device)[4][1][6:-2]
    assert struct.unpack_from("<HBBBBB", payload, 4) == (2023, 11, 14, 22, 13, 25)
    assert payload[11] & 7 == 7 and payload[20] == 3 and payload[21] & 1
    longitude, latitude, _, altitude = struct.unpack_from("<iiii", payload, 24)
    assert (latitude, longitude, altitude) == (520_000_500, 43_000_000, 12_005)
    horizontal, _ = struct.unpack_from("<II", payload, 40)
    speed = struct.unpack_from("<i", payload, 60)[0]
    assert horizontal < 10_000 and speed == 2_800
    assert (
        struct.unpack_from("<I", payload, 0)[0] == ((START_US // 1_000_000 + 5 - 315964800 + 18) * 1000) % 604_800_000
    )


def test_without_a_track_there_is_no_fix_and_no_time():
    clock, device = receiver(body=Body())
    device.receive(valset((OUT_NMEA, 0), (NAV_PVT_UART1, 1)), 38400)
    sent(device)
    clock.pass_ms(1_100)
    payload = sent(device)[0][1][6:-2]
    assert payload[11] == 0 and payload[20] == 0 and not payload[21] & 1


def test_assistance_is_answered_once_that_is_asked_for_and_used_once_the_time_is_known():
    _, device = receiver(body=Body())
    orbit = b"\x01\0\x05\0" + bytes(64)
    device.receive(ubx.frame(0x13, 0x00, orbit), 38400)
    assert sent(device) == []
    device.receive(valset((ACK_AIDING, 1)), 38400)
    device.receive(ubx.frame(0x13, 0x00, orbit), 38400)
    time = b"\x10\0\0\x12" + bytes(20)
    device.receive(ubx.frame(0x13, 0x40, time), 38400)
    device.receive(ubx.frame(0x13, 0x00, orbit), 38400)
    assert [data for _, data in sent(device)] == [
        ubx.frame(0x05, 0x01, b"\x06\x8a"),
        ubx.frame(0x13, 0x60, b"\0\0\x01\0" + orbit[:4]),
        ubx.frame(0x13, 0x60, b"\x01\0\0\x40" + time[:4]),
        ubx.frame(0x13, 0x60, b"\x01\0\0\0" + orbit[:4]),
    ]
    assert device.assisted == 2


PMREQ = ubx.frame(0x02, 0x41, struct.pack("<B3xIII", 0, 0, 0x06, 0x08))


def test_in_standby_it_is_silent_until_an_edge_and_forgets_its_settings():
    clock, device = receiver()
    device.receive(valset((OUT_NMEA, 0), (NAV_PVT_UART1, 1), (BAUD, 115200)), 38400)
    device.receive(PMREQ, 115200)
    sent(device)
    clock.pass_ms(60_000)
    assert device.standby and sent(device) == []
    device.receive(b"\xff", 9600)
    assert not device.standby
    device.receive(valset((OUT_NMEA, 0)), 38400)
    assert sent(device) == [], "what is sent while it wakes is lost"
    clock.pass_ms(1_200)
    ((baud, data),) = sent(device)
    assert baud == 38400 and data[:1] == b"$", "as delivered"


def test_a_request_without_a_source_that_wakes_it_is_not_taken():
    clock, device = receiver()
    device.receive(ubx.frame(0x02, 0x41, struct.pack("<B3xIII", 0, 0, 0x06, 0)), 38400)
    clock.pass_ms(2_100)
    assert not device.standby and len(sent(device)) == 2


def test_saving_power_needs_b1c_off():
    for keys, fix in ((((0x20D00001, 2),), 0), (((0x20D00001, 2), (0x10310022, 0)), 3)):
        clock, device = receiver()
        device.receive(valset((OUT_NMEA, 0), (NAV_PVT_UART1, 1), *keys), 38400)
        sent(device)
        clock.pass_ms(1_100)
        assert device.saving() and sent(device)[0][1][6 + 20] == fix
