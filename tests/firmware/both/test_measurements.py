"""Live values packed for the standard services, read back by a reader of the specification's own fields."""
# pyright: reportMissingTypeArgument=false, reportMissingParameterType=false

from array import array

from firmware.sensor_profiles import heart_rate, location, running
from wearable.calendar import days_since_2020
from wearable.link import measurements


class Solution:
    latitude_udeg = -47_376_887
    longitude_udeg = 179_999_999
    altitude_2dm = -2_101  # 420.2 m below the sea
    speed_cm_s = 345


def _near(value: float, wanted: float, most: float) -> bool:
    return abs(value - wanted) <= most


def _read(parse, length: int, buffer: bytearray) -> dict:
    assert length <= measurements.SIZE, "it would be cut at the smallest MTU"
    return parse(bytes(memoryview(buffer)[:length]))


def test_a_heart_rate_carries_contact_and_beats() -> None:
    buffer = bytearray(b"\xee" * measurements.SIZE)
    intervals = array("H", [800 + i for i in range(measurements.MOST_INTERVALS)])
    for count in (0, 1, measurements.MOST_INTERVALS):
        for worn in (False, True):
            length = measurements.pack_heart_rate(buffer, 151, worn, intervals, count)
            read = _read(heart_rate, length, buffer)
            assert (read["bpm"], read["contact"]) == (151, worn)
            assert read.get("rr_s", []) == [(800 + i) / 1024 for i in range(count)]
    length = measurements.pack_heart_rate(buffer, 300, True, intervals, 0)
    assert _read(heart_rate, length, buffer)["bpm"] == 255


def test_running_has_strides_of_two_steps() -> None:
    buffer = bytearray(b"\xee" * measurements.SIZE)
    read = _read(running, measurements.pack_running(buffer, 300, 180, 4_219_500), buffer)
    assert read["strides_per_minute"] == 90 and read["running"] is True
    assert _near(read["speed_m_s"], 3.0, 1 / 256)
    assert _near(read["stride_m"], 2.0, 0.01), "90 strides of 2 m are 3 m/s"
    assert read["distance_m"] == 42_195.0
    still = _read(running, measurements.pack_running(buffer, 0, 0, 0), buffer)
    assert "stride_m" not in still and still["running"] is False and still["strides_per_minute"] == 0
    fast = _read(running, measurements.pack_running(buffer, 65_535, 1, 1_073_741_823), buffer)
    assert fast["stride_m"] == 655.35, "what does not fit its field is cut at the field's end"


def test_a_position_keeps_its_sign_and_its_last_digit() -> None:
    buffer = bytearray(b"\xee" * measurements.SIZE)
    for latitude, longitude in ((-47_376_887, 179_999_999), (89_999_999, -179_999_999), (1, -1), (0, 107_374_183)):
        Solution.latitude_udeg, Solution.longitude_udeg = latitude, longitude
        read = _read(location, measurements.pack_location(buffer, 3, Solution, 123_450), buffer)
        assert _near(read["latitude"], latitude / 1e6, 1e-8) and _near(read["longitude"], longitude / 1e6, 1e-8)
    assert read["position"] == "ok" and read["three_dimensional"] is False and read["elevation_source"] == 0
    assert _near(read["speed_m_s"], 3.45, 1e-9) and _near(read["elevation_m"], -420.2, 1e-9)
    assert _near(read["distance_m"], 1234.5, 1e-6)
    flat = _read(location, measurements.pack_location(buffer, 2, Solution, 0), buffer)
    assert "elevation_m" not in flat and "latitude" in flat


def test_without_a_fix_there_is_no_position() -> None:
    buffer = bytearray(b"\xee" * measurements.SIZE)
    read = _read(location, measurements.pack_location(buffer, 0, Solution, 50_000), buffer)
    assert read["position"] == "none" and _near(read["distance_m"], 500, 1e-6)
    assert not {"latitude", "speed_m_s", "elevation_m"} & set(read)


def test_the_moment_is_utc() -> None:
    buffer = bytearray(b"\xee" * measurements.SIZE)
    utc = days_since_2020(2028, 2, 29) * 86_400 + 86_399
    read = _read(location, measurements.pack_moment(buffer, 3, Solution, (2028, 2, 29), utc), buffer)
    assert read["utc"] == (2028, 2, 29, 23, 59, 59) and read["position"] == "ok" and "latitude" in read
    read = _read(location, measurements.pack_moment(buffer, 0, Solution, (2028, 2, 29), utc), buffer)
    assert read["utc"] == (2028, 2, 29, 23, 59, 59) and read["position"] == "none"
