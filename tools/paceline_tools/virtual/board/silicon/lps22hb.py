"""LPS22HB barometer at register level (ST DS10908 rev 6), address 0x5D: the standard atmosphere at the wearer's height.

Honoured: WHO_AM_I, reset, the rates of CTRL_REG1 (powered down the outputs stay), address increment, output registers.
Not simulated: FIFO, interrupts, thresholds, the low-pass filter, noise.
"""

ADDRESS = 0x5D

_WHO_AM_I, _CTRL_1, _CTRL_2, _OUT, _OUT_END = 0x0F, 0x10, 0x11, 0x28, 0x2D
_DEFAULTS = {0x0F: 0xB1, 0x11: 0x10}
_TEMPERATURE_HUNDREDTHS = 2150


class Lps22hb:
    """The chip; `now_us()` is the world's time, `body` gives the height."""

    def __init__(self, now_us, body) -> None:
        self._now_us = now_us
        self._body = body
        self._reset()

    def write(self, data) -> None:
        """An I²C write: register pointer, then values for it and those behind it."""
        self._pointer = data[0]
        for value in data[1:]:
            if self._pointer == _CTRL_2 and value & 0x04:
                self._reset()
                return
            if self._pointer != _WHO_AM_I and not _OUT <= self._pointer < _OUT_END:
                self._registers[self._pointer] = value
            self._advance()

    def read_into(self, buffer) -> None:
        """An I²C read from the pointer on."""
        if self._registers[_CTRL_1] >> 4 & 7:
            self._measure()
        for i in range(len(buffer)):
            buffer[i] = self._registers[self._pointer]
            self._advance()

    def _measure(self) -> None:
        height_m = self._body.at(self._now_us()).altitude_mm / 1000
        hectopascal = 1013.25 * (1 - height_m / 44330.77) ** 5.255876
        counts = int(hectopascal * 4096 + 0.5)
        for i in range(3):
            self._registers[_OUT + i] = counts >> 8 * i & 0xFF
        self._registers[_OUT + 3] = _TEMPERATURE_HUNDREDTHS & 0xFF
        self._registers[_OUT + 4] = _TEMPERATURE_HUNDREDTHS >> 8

    def _advance(self) -> None:
        if self._registers[_CTRL_2] & 0x10:
            self._pointer = (self._pointer + 1) & 0x7F

    def _reset(self) -> None:
        self._registers = bytearray(128)
        for register, value in _DEFAULTS.items():
            self._registers[register] = value
        self._pointer = 0
