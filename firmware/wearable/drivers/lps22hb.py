"""LPS22HB barometer (ST DS10908 rev 6): pressure and temperature once a second, compensated by the chip itself."""

import errno

from micropython import const

ADDRESSES = (0x5D, 0x5C)  # by its SA0 pin

_WHO_AM_I = const(0x0F)  # p. 38
_CTRL_REG1 = const(0x10)  # p. 39
_CTRL_REG2 = const(0x11)
_RES_CONF = const(0x1A)  # p. 43; to be written while powered down
_PRESS_OUT_XL = const(0x28)  # p. 47: three bytes of pressure, two of temperature

_WHO_AM_I_LPS22HB = const(0xB1)
_SW_RESET = const(0x04)
_AUTO_INCREMENT = const(0x10)
_LOW_CURRENT = const(0x01)
_RATE_1_HZ_FILTERED_BLOCK_UPDATE = const(0x1A)  # low pass at a ninth of the rate
_ZERO = const(27_315)  # 0 °C in hundredths of a kelvin


class Lps22hb:
    """`pressure_pa` and `temperature_dk` (tenths of a kelvin) are of the last read()."""

    def __init__(self, i2c) -> None:
        self._i2c = i2c
        self._address = ADDRESSES[0]
        self._one = bytearray(1)
        self._out = bytearray(5)
        self.pressure_pa = 0
        self.temperature_dk = 0

    def start(self) -> None:
        """Find, reset and configure the chip; OSError when there is none."""
        for address in ADDRESSES:
            self._address = address
            try:
                found = self._read(_WHO_AM_I) == _WHO_AM_I_LPS22HB
            except OSError:
                continue
            if found:
                break
        else:
            raise OSError(errno.ENODEV)
        self._write(_CTRL_REG2, _SW_RESET)
        for _ in range(100):
            if not self._read(_CTRL_REG2) & _SW_RESET:
                break
        else:
            raise OSError(errno.ENODEV)
        self._write(_CTRL_REG2, _AUTO_INCREMENT)
        self._write(_RES_CONF, _LOW_CURRENT)
        self._write(_CTRL_REG1, _RATE_1_HZ_FILTERED_BLOCK_UPDATE)

    def read(self) -> None:
        """Take the newest measurement; OSError when the chip is gone."""
        out = self._out
        self._i2c.readfrom_mem_into(self._address, _PRESS_OUT_XL, out)
        # 4096 counts a hectopascal; 26 to 126 kPa.
        self.pressure_pa = ((out[2] << 16 | out[1] << 8 | out[0]) * 25 + 512) >> 10
        hundredths = out[4] << 8 | out[3]
        if hundredths >= 32768:
            hundredths -= 65536
        self.temperature_dk = (hundredths + _ZERO + 5) // 10

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(self._address, register, self._one)
        return self._one[0]

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(self._address, register, self._one)
