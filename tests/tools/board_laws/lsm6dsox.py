# pyright: reportMissingImports=false, reportMissingParameterType=false
"""The LSM6DSOX keeps the laws of its datasheet (DS12814 rev 4): identity, reset, rates, tagged FIFO, overrun."""

from silicon.lsm6dsox import Lsm6dsox
from tools.board_laws.wearer import WorldClock, steady, wearer

_TRACK = "lsm6dsox.ptrk"


def chip(rows=None):
    clock = WorldClock()
    return clock, Lsm6dsox(clock, wearer(_TRACK, steady() if rows is None else rows))


def read(device, register, count=1):
    buffer = bytearray(count)
    device.write(bytes((register,)))
    device.read_into(buffer)
    return buffer


def start(device, control=0x2C, batch=0x02, mode=0x06):
    device.write(bytes((0x10, control)))
    device.write(bytes((0x09, batch)))
    device.write(bytes((0x0A, mode)))


def level(device):
    low, high = read(device, 0x3A, 2)
    return low | (high & 3) << 8


def axes(word):
    values = [word[i] | word[i + 1] << 8 for i in (1, 3, 5)]
    return [value - 65536 if value >= 32768 else value for value in values]


def test_identity_and_defaults():
    _, device = chip()
    assert read(device, 0x0F)[0] == 0x6C
    assert read(device, 0x12)[0] == 0x04
    assert read(device, 0x10)[0] == 0
    device.write(b"\x0f\x00")
    assert read(device, 0x0F)[0] == 0x6C


def test_reset_clears_the_configuration_and_its_own_bit():
    clock, device = chip()
    start(device)
    clock.pass_ms(500)
    device.write(b"\x12\x01")
    assert read(device, 0x12)[0] == 0x04 and read(device, 0x10)[0] == 0 and level(device) == 0


def test_rates_set_how_many_words_come():
    for code, per_10_s in ((1, 125), (2, 260), (3, 520)):
        clock, device = chip()
        start(device, control=code << 4, batch=code)
        total = 0
        for _ in range(20):
            clock.pass_ms(500)
            count = level(device)
            read(device, 0x78, 7 * count)
            total += count
        assert abs(total - per_10_s) <= 1, (code, total)


def test_words_are_tagged_and_a_burst_goes_round():
    clock, device = chip()
    start(device)
    clock.pass_ms(1000)
    raw = read(device, 0x78, 7 * 20)
    assert all(raw[i] >> 3 == 0x02 for i in range(0, 140, 7))
    assert level(device) == 6


def test_continuous_mode_overruns_and_says_so_once():
    clock, device = chip()
    start(device)
    clock.pass_ms(60_000)
    status = read(device, 0x3B)[0]
    assert status & 0x48 == 0x48 and status & 0x20
    read(device, 0x78, 7)
    assert read(device, 0x3B)[0] & 0x48 == 0


def test_fifo_mode_stops_when_full_and_bypass_empties():
    clock, device = chip()
    start(device, mode=0x01)
    clock.pass_ms(60_000)
    first = bytes(read(device, 0x78, 7))
    assert level(device) == 511 and first[0] >> 3 == 2
    device.write(b"\x0a\x00")
    assert level(device) == 0


def test_the_watermark_is_flagged():
    clock, device = chip()
    device.write(b"\x07\x0a")
    start(device)
    clock.pass_ms(380)
    assert read(device, 0x3B)[0] & 0x80 == 0
    clock.pass_ms(20)
    assert read(device, 0x3B)[0] & 0x80


def test_at_rest_it_feels_one_g_in_every_range():
    for control, per_g in ((0x20, 16393), (0x28, 8197), (0x2C, 4098), (0x24, 2049)):
        clock, device = chip(steady(cadence=0))
        start(device, control=control)
        clock.pass_ms(1000)
        x, y, z = axes(read(device, 0x78, 7))
        assert abs(z - per_g) < per_g // 40 and abs(x) < per_g // 40 and abs(y) < per_g // 40


def test_steps_swing_at_the_cadence():
    clock, device = chip(steady(cadence=150))
    start(device, control=0x3C, batch=3)
    values = []
    for _ in range(40):
        clock.pass_ms(500)
        raw = read(device, 0x78, 7 * level(device))
        values += [axes(raw[i : i + 7])[2] for i in range(0, len(raw), 7)]
    steps = 0
    above = False
    for value in values:
        if value > 4098 + 600 and not above:
            above = True
            steps += 1
        elif value < 4098 - 200:
            above = False
    assert abs(steps - 50) <= 1, steps


def test_int1_tells_the_watermark_with_the_polarity_that_was_set():
    for polarity, active in ((0x00, 1), (0x20, 0)):
        levels = []
        clock = WorldClock()
        device = Lsm6dsox(clock, wearer(_TRACK, steady()), levels.append)
        for register, value in ((0x12, 0x44 | polarity), (0x07, 52), (0x08, 0), (0x0D, 0x08), (0x09, 0x02)):
            device.write(bytes((register, value)))
        device.write(b"\x10\x2c")
        device.write(b"\x0a\x06")
        assert levels[-1] == 1 - active
        assert abs(device.next_event_us() - clock.us - 2_000_000) < 100
        clock.pass_ms(1_990)
        device.update_interrupt()
        assert levels[-1] == 1 - active
        clock.pass_ms(20)
        device.update_interrupt()
        assert levels[-1] == active and device.next_event_us() is None
        device.write(b"\x78")
        device.read_into(bytearray(7))
        assert levels[-1] == 1 - active, "one word below the watermark again"
