# pyright: reportMissingImports=false, reportMissingParameterType=false
"""The LPS22HB keeps the laws of its datasheet (DS10908 rev 6): identity, reset, power-down, counts."""

from silicon.lps22hb import Lps22hb
from tools.board_laws.wearer import WorldClock, steady, wearer

_TRACK = "lps22hb.ptrk"


def chip():
    clock = WorldClock()
    return clock, Lps22hb(clock, wearer(_TRACK, steady()))


def read(device, register, count=1):
    buffer = bytearray(count)
    device.write(bytes((register,)))
    device.read_into(buffer)
    return bytes(buffer)


def test_it_says_who_it_is_and_resets():
    _, device = chip()
    assert read(device, 0x0F) == b"\xb1" and read(device, 0x11) == b"\x10"
    device.write(b"\x10\x1a")
    device.write(b"\x0f\x00")
    assert read(device, 0x0F) == b"\xb1"
    device.write(b"\x11\x04")
    assert read(device, 0x10) == b"\0"


def test_powered_down_it_measures_nothing_then_some_air():
    _, device = chip()
    assert read(device, 0x28, 5) == bytes(5)
    device.write(b"\x10\x1a")
    out = read(device, 0x28, 5)
    assert 300 < int.from_bytes(out[:3], "little") / 4096 < 1100
    assert int.from_bytes(out[3:], "little") == 2150
