# pyright: reportMissingImports=false, reportMissingParameterType=false
"""The MAX30101 keeps the laws of its datasheet (19-7740 rev 3): registers, FIFO, overflow, rates, interrupt."""

from silicon.max30101 import Max30101
from tools.board_laws.wearer import WorldClock, steady, wearer

_TRACK = "max30101.ptrk"


def chip(interrupt=None, rows=None):
    clock = WorldClock()
    device = Max30101(clock, wearer(_TRACK, steady() if rows is None else rows), interrupt)
    return clock, device


def read(device, register, count=1):
    buffer = bytearray(count)
    device.write(bytes((register,)))
    device.read_into(buffer)
    return buffer


def configure(device, fifo=0x10, spo2=0x27, mode=0x03):
    device.write(bytes((0x08, fifo)))
    device.write(bytes((0x0A, spo2)))
    device.write(bytes((0x0C, 36, 36, 36)))
    device.write(bytes((0x09, mode)))


def pointers(device):
    return tuple(read(device, 0x04, 3))


def test_defaults_after_power_on_and_after_reset():
    _, device = chip()
    assert read(device, 0x00)[0] == 0x01, "PWR_RDY, cleared by reading"
    assert read(device, 0x00)[0] == 0x00
    assert read(device, 0xFF)[0] == 0x15
    device.write(b"\x0c\x24")
    device.write(b"\x09\x40")
    assert read(device, 0x0C)[0] == 0 and read(device, 0x09)[0] == 0


def test_part_id_cannot_be_written():
    _, device = chip()
    device.write(b"\xff\x00")
    assert read(device, 0xFF)[0] == 0x15


def test_registers_advance_and_the_fifo_register_does_not():
    clock, device = chip()
    configure(device)
    assert bytes(read(device, 0x08, 3)) == b"\x10\x03\x27"
    clock.pass_ms(30)
    samples = read(device, 0x07, 12)
    assert samples[0:3] != b"\0\0\0" and samples[6:9] != b"\0\0\0"
    assert pointers(device) == (3, 0, 2)


def test_rate_and_averaging_set_how_many_samples_come():
    for fifo, spo2, in_4_s in ((0x10, 0x27, 400), (0x50, 0x27, 100), (0x10, 0x23, 200), (0xB0, 0x2F, 50)):
        clock, device = chip()
        configure(device, fifo, spo2)
        total = 0
        for _ in range(40):
            clock.pass_ms(100)
            write, lost, readout = pointers(device)
            assert lost == 0
            count = (write - readout) % 32
            read(device, 0x07, count * 6)
            total += count
        assert abs(total - in_4_s) <= 1, (total, in_4_s)


def test_the_write_pointer_wraps():
    clock, device = chip()
    configure(device)
    for _ in range(4):
        clock.pass_ms(100)
        read(device, 0x07, 60)
    assert pointers(device) == (8, 0, 8)


def test_a_full_fifo_without_rollover_keeps_the_oldest_and_counts():
    clock, device = chip()
    configure(device, fifo=0x00)
    clock.pass_ms(320)
    assert pointers(device) == (0, 0, 0)
    clock.pass_ms(50)
    assert pointers(device) == (0, 5, 0)
    read(device, 0x07, 6)
    assert pointers(device) == (0, 0, 1), "popping a whole sample resets the counter"


def test_a_full_fifo_with_rollover_goes_on_and_saturates_the_counter():
    clock, device = chip()
    configure(device)
    clock.pass_ms(2000)
    write, lost, readout = pointers(device)
    assert (lost, write) == (31, readout)
    read(device, 0x07, 32 * 6)
    assert pointers(device)[1] == 0


def test_fewer_bits_leave_the_low_ones_zero():
    for spo2, low in ((0x24, 7), (0x25, 3), (0x26, 1)):
        clock, device = chip()
        configure(device, spo2=spo2)
        clock.pass_ms(100)
        values = read(device, 0x07, 60)
        assert all(values[i] & low == 0 for i in range(2, 60, 3)), spo2


def test_values_fit_18_bits_and_more_current_means_more_light():
    def mean(current):
        clock, device = chip()
        device.write(bytes((0x0A, 0x27)))
        device.write(bytes((0x0C, current, current)))
        device.write(b"\x09\x02")
        clock.pass_ms(300)
        raw = read(device, 0x07, 90)
        values = [raw[i] << 16 | raw[i + 1] << 8 | raw[i + 2] for i in range(0, 90, 3)]
        assert max(values) < 1 << 18
        return sum(values) // 30

    assert mean(0) < 100 < mean(20) < mean(40)
    assert mean(255) == (1 << 18) - 1


def test_the_pulse_beats_at_the_heart_rate():
    clock, device = chip(rows=steady(heart_rate=90))
    configure(device, fifo=0x50, mode=0x02)
    values = []
    for _ in range(80):
        clock.pass_ms(500)
        write, _, readout = pointers(device)
        raw = read(device, 0x07, (write - readout) % 32 * 3)
        values += [raw[i] << 16 | raw[i + 1] << 8 | raw[i + 2] for i in range(0, len(raw), 3)]
    middle = sum(values) // len(values)
    beats = 0
    below = False
    for value in values:
        if value < middle - 120 and not below:
            below = True
            beats += 1
        elif value > middle + 20:
            below = False
    assert abs(beats - 60) <= 1, beats


def test_nobody_wearing_it_reflects_little():
    clock, device = chip(rows=steady(heart_rate=0))
    configure(device, mode=0x02)
    clock.pass_ms(100)
    raw = read(device, 0x07, 3)
    assert raw[0] << 16 | raw[1] << 8 | raw[2] < 10_000


def test_almost_full_pulls_the_interrupt_until_the_status_is_read():
    levels = []
    clock, device = chip(levels.append)
    device.write(b"\x02\x80")
    configure(device, fifo=0x1F)
    levels.clear()
    assert device.next_event_us() == clock.us + 170_000
    clock.pass_ms(160)
    device.update_interrupt()
    assert 0 not in levels
    clock.pass_ms(10)
    device.update_interrupt()
    assert levels[-1] == 0
    assert read(device, 0x00)[0] & 0x80
    assert levels[-1] == 1
