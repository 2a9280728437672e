"""The I²C drivers against chips at register level."""

from firmware.i2c_chips import Bus, Chip, Lsm6dsox, Max30101
from wearable.battery import Battery
from wearable.drivers import lsm6dsox, max3010x, max17048


def _heart() -> "tuple[max3010x.Max3010x, Max30101]":
    chip = Max30101()
    driver = max3010x.Max3010x(Bus({max3010x.ADDRESS: chip}))
    driver.start()
    return driver, chip


def test_the_heart_sensor_is_set_to_green_at_25_hz() -> None:
    _, chip = _heart()
    assert chip.registers[0x08] == 0b010_1_1111, "four samples averaged, rollover, a call at 17 samples"
    assert chip.registers[0x02] == 0x80, "the call is wired to INT"
    assert chip.registers[0x0A] == 0b0_01_001_11, "8192 nA, 100 Hz, 18 bits"
    assert chip.registers[0x09] == 0x07
    assert chip.registers[0x11] == 3 and chip.registers[0x12] == 0
    assert chip.registers[0x0E] > 0 and chip.registers[0x0C] == chip.registers[0x0D] == 0


def test_every_light_sample_comes_once_and_in_order() -> None:
    driver, chip = _heart()
    found = []
    for i in range(300):
        chip.expose(i * 873 & 0x3FFFF)
        if i % 11 == 10:
            found += list(driver.samples[: driver.read()])
    found += list(driver.samples[: driver.read()])
    assert found == [i * 873 & 0x3FFFF for i in range(300)]
    assert driver.lost == 0


def test_an_overflow_of_the_light_fifo_is_counted() -> None:
    driver, chip = _heart()
    for i in range(50):
        chip.expose(i)
    assert driver.read() == 32
    assert list(driver.samples)[-1] == 49
    assert driver.lost == 18


def test_another_chip_is_refused() -> None:
    for driver, chip in (
        (max3010x.Max3010x, Max30101(part_id=0x11)),
        (lsm6dsox.Lsm6dsox, Chip()),
        (max3010x.Max3010x, None),
    ):
        address = max3010x.ADDRESS if driver is max3010x.Max3010x else lsm6dsox.ADDRESS
        bus = Bus({address: chip} if chip else {})
        try:
            driver(bus).start()
        except OSError:
            continue
        raise AssertionError("a stranger was taken for the sensor")


def _motion() -> "tuple[lsm6dsox.Lsm6dsox, Lsm6dsox]":
    chip = Lsm6dsox()
    driver = lsm6dsox.Lsm6dsox(Bus({lsm6dsox.ADDRESS: chip}))
    driver.start()
    return driver, chip


def test_the_accelerometer_is_set_to_26_hz_8_g_and_a_continuous_fifo() -> None:
    _, chip = _motion()
    assert chip.registers[0x10] == 0b0010_11_00
    assert chip.registers[0x09] == 0x02
    assert chip.registers[0x0A] == 0x06
    assert chip.registers[0x12] & 0x04, "register addresses count up in a burst"


def test_every_acceleration_comes_once_signed_and_in_order() -> None:
    driver, chip = _motion()
    moved = [(i * 397 % 65536 - 32768, -i, 4098 + i) for i in range(200)]
    found = []
    for i, (x, y, z) in enumerate(moved):
        chip.move(x, y, z)
        if i % 50 == 49:
            count = driver.read()
            while count:
                found += [tuple(driver.samples[3 * k : 3 * k + 3]) for k in range(count)]
                count = driver.read()
    assert found == moved


def test_words_of_other_sensors_are_left_out() -> None:
    driver, chip = _motion()
    chip.move(1, 2, 3)
    chip.move(9, 9, 9, tag=4)
    chip.move(4, 5, 6)
    assert driver.read() == 2
    assert list(driver.samples[:6]) == [1, 2, 3, 4, 5, 6]


def test_an_overrun_of_the_motion_fifo_is_counted() -> None:
    driver, chip = _motion()
    for i in range(600):
        chip.move(i, 0, 0)
    while driver.read():
        pass
    assert driver.overruns == 1


def test_the_fuel_gauge_tells_millivolt_and_per_cent() -> None:
    chip = Chip()
    chip.registers[2:4] = (3_870_000_000 // 78_125).to_bytes(2, "big")
    chip.registers[4:6] = bytes((87, 200))
    gauge = max17048.Max17048(Bus({max17048.ADDRESS: chip}))
    assert gauge.millivolt() in (3869, 3870)
    assert gauge.percent() == 88
    chip.registers[4:6] = bytes((101, 0))
    assert gauge.percent() == 100
    for steps, rate in ((0, 0), (-10, -21), (100, 208), (-32768, -68158)):
        chip.registers[0x16:0x18] = (steps & 0xFFFF).to_bytes(2, "big")
        assert gauge.rate() == rate


def test_the_hours_left_follow_from_charge_and_rate() -> None:
    chip = Chip()
    gauge = max17048.Max17048(Bus({max17048.ADDRESS: chip}))
    battery = Battery()
    for percent, steps, hours, charging in (
        (80, 0, -1, False),
        (80, -48, 8, False),
        (50, -1, 166, False),
        (100, -96, 5, False),
        (30, 200, -1, True),
        (0, -50, 0, False),
    ):
        chip.registers[4:6] = bytes((percent, 0))
        chip.registers[0x16:0x18] = (steps & 0xFFFF).to_bytes(2, "big")
        battery.read(gauge)
        assert (battery.hours_left, battery.charging) == (hours, charging)
