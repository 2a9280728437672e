# pyright: reportMissingImports=false, reportMissingParameterType=false
"""The MAX17048 keeps the laws of its datasheet (19-6171 rev 7)."""

from silicon.max17048 import Max17048
from tools.board_laws.wearer import WorldClock


def read(device, register):
    buffer = bytearray(2)
    device.write(bytes((register,)))
    device.read_into(buffer)
    return buffer[0] << 8 | buffer[1]


def test_defaults():
    device = Max17048(WorldClock())
    assert read(device, 0x08) & 0xFFF0 == 0x0010
    assert read(device, 0x0C) == 0x971C and read(device, 0x0A) == 0x8030 and read(device, 0x14) == 0x00FF


def test_charge_and_voltage_fall_with_time():
    clock = WorldClock()
    device = Max17048(clock, 80)
    assert read(device, 0x04) == 80 * 256
    volts = read(device, 0x02) * 78.125e-6
    assert 3.9 < volts < 4.1
    clock.pass_ms(3_600_000)
    assert read(device, 0x04) == 78 * 256 and read(device, 0x02) * 78.125e-6 < volts
    device.set_charge(5)
    assert read(device, 0x04) == 5 * 256


def test_the_reset_command_restores_the_configuration():
    device = Max17048(WorldClock())
    device.write(b"\x0c\x12\x34")
    assert read(device, 0x0C) == 0x1234
    device.write(b"\xfe\x54\x00")
    assert read(device, 0x0C) == 0x971C
