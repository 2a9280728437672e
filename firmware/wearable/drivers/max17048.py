"""MAX17048 fuel gauge (Maxim 19-6171, rev 7): cell voltage, state of charge and how fast that changes."""

from micropython import const

ADDRESS = const(0x36)

_VCELL = const(0x02)  # p. 10: 78.125 uV a step
_SOC = const(0x04)  # p. 10: upper byte whole per cent, lower byte 1/256
_CRATE = const(0x16)  # p. 11: signed, 0.208 % an hour a step


class Max17048:
    """The cell, measured by the chip at its own pace."""

    def __init__(self, i2c) -> None:
        self._i2c = i2c
        self._pair = bytearray(2)

    def millivolt(self) -> int:
        """Return the cell's voltage."""
        return self._read(_VCELL) * 5 // 64

    def percent(self) -> int:
        """Return the state of charge, 0–100, rounded; a full cell may measure above 100, which is held there."""
        return min((self._read(_SOC) + 128) >> 8, 100)

    def rate(self) -> int:
        """Return the change of charge in thousandths of the whole per hour, below 0 while discharging."""
        steps = self._read(_CRATE)
        return (steps - 65536 if steps >= 32768 else steps) * 208 // 100

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._pair)
        return self._pair[0] << 8 | self._pair[1]
