"""Heights from pressure, beside GPS's own."""

from firmware.i2c_chips import Bus, Chip
from wearable.drivers import lps22hb
from wearable.signal.pressure_height import PressureHeight, standard_cm


def pressure_pa(height_m: float) -> int:
    """The standard atmosphere's pressure."""
    return round(101_325 * (1 - height_m / 44_330.77) ** 5.255876)


def test_heights_of_the_standard_atmosphere() -> None:
    # ISO 2533, table 1: height in m, pressure in hPa.
    for height_m, hectopascal in ((0, 1013.25), (1000, 898.746), (2000, 794.952), (5000, 540.199), (8000, 355.998)):
        assert abs(standard_cm(hectopascal * 100) - height_m * 100) <= 60
    height = PressureHeight()
    for height_m in range(-300, 8000, 7):
        height.put(pressure_pa(height_m))
        assert abs(height.climb_2dm - height_m * 5) <= 4, height_m


def test_a_climb_is_seen_in_weather_and_the_mean_of_gps_gives_the_height() -> None:
    height = PressureHeight()
    for second in range(2000):
        height.put(pressure_pa(700 + second / 10) - 850)  # low pressure: 70 m too high
        height.gps((400 + second // 10 + (8, -5, 3, -6)[second // 25 % 4]) * 5)
    assert abs(height.altitude_2dm - 600 * 5) <= 5
    begin = height.climb_2dm
    for second in range(1000):
        height.put(pressure_pa(900 + second / 10) - 850)
    assert abs(height.climb_2dm - begin - 500) <= 12, "100 m"


def test_pressures_beyond_the_range_and_a_lost_sensor() -> None:
    height = PressureHeight()
    assert not height.known
    for pressure in (0, 29_999, 109_999, 110_000, 500_000):
        height.put(pressure)
    height.lost()
    height.gps(5000)
    assert not height.known and height.altitude_2dm == height.climb_2dm


def _chip() -> Chip:
    chip = Chip()
    chip.registers[0x0F] = 0xB1
    return chip


class Resetting(Chip):
    """A chip that forgets and comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.registers[0x0F] = 0xB1

    def written(self, register: int, value: int) -> None:
        super().written(register, 0x10 if register == 0x11 and value & 0x04 else value)


def test_the_barometer_is_found_at_either_address_and_read() -> None:
    for address in lps22hb.ADDRESSES:
        chip = Resetting()
        sensor = lps22hb.Lps22hb(Bus({address: chip}))
        sensor.start()
        assert chip.registers[0x10] == 0b0_001_1_0_1_0, "1 Hz, low pass, block update"
        assert chip.registers[0x1A] == 1 and chip.registers[0x11] == 0x10
        for hectopascal, hundredths in ((1013.25, 2150), (540.0, -1234), (1259.9, 0)):
            counts = round(hectopascal * 4096)
            chip.registers[0x28:0x2B] = counts.to_bytes(3, "little")
            chip.registers[0x2B:0x2D] = (hundredths & 0xFFFF).to_bytes(2, "little")
            sensor.read()
            assert abs(sensor.pressure_pa - hectopascal * 100) <= 1
            assert abs(sensor.temperature_dk * 10 - hundredths - 27_315) <= 5


def test_no_barometer_another_chip_and_one_that_hangs_are_refused() -> None:
    stranger = Chip()
    stranger.registers[0x0F] = 0xB3
    for bus in (Bus({}), Bus({0x5D: stranger}), Bus({0x5C: _chip()})):  # the last one stays in its reset
        try:
            lps22hb.Lps22hb(bus).start()
        except OSError:
            continue
        raise AssertionError("that is no barometer")
