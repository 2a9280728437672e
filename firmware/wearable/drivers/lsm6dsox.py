"""LSM6DSOX accelerometer (ST DS12814 rev 4): ±8 g at 26 Hz through its FIFO in continuous mode, read in bursts.

Its INT1 line is low while the FIFO holds as many samples as call_at() was told, or more.
"""

import errno
from array import array

from micropython import const

ADDRESS = const(0x6A)
SAMPLE_RATE_HZ = const(26)
LSB_PER_G = const(4098)  # p. 9: 0.244 mg per LSB at ±8 g

_FIFO_CTRL1 = const(0x07)  # p. 49
_FIFO_CTRL2 = const(0x08)
_FIFO_CTRL3 = const(0x09)  # p. 50
_FIFO_CTRL4 = const(0x0A)
_INT1_CTRL = const(0x0D)  # p. 53
_WHO_AM_I = const(0x0F)
_CTRL1_XL = const(0x10)  # p. 55
_CTRL3_C = const(0x12)
_CTRL6_C = const(0x15)  # p. 61
_FIFO_STATUS1 = const(0x3A)  # p. 71
_FIFO_DATA_OUT_TAG = const(0x78)  # a burst goes round from 0x7E to 0x78 (AN5272)

_WHO_AM_I_LSM6DSOX = const(0x6C)
_SW_RESET = const(0x01)
_BLOCK_UPDATE_ACTIVE_LOW_AUTO_INCREMENT = const(0x64)
_INT1_FIFO_THRESHOLD = const(0x08)
_LOW_POWER = const(0x10)  # XL_HM_MODE: high performance disabled
_RATE_26_HZ_RANGE_8_G = const(0x2C)
_BATCH_ACCELEROMETER_26_HZ = const(0x02)
_BYPASS = const(0x00)
_CONTINUOUS = const(0x06)
_OVERRUN = const(0x08)  # FIFO_STATUS2, FIFO_OVR_LATCHED, cleared by reading
_TAG_ACCELEROMETER = const(0x02)  # p. 87: in the upper five bits of the tag byte

_WORD = const(7)  # tag, x, y, z
_BURST = const(32)
FIFO_DEPTH = const(512)


class Lsm6dsox:
    """The accelerometer; `samples` holds x, y, z triples of the last read(), `overruns` counts FIFO overflows."""

    def __init__(self, i2c) -> None:
        self._i2c = i2c
        self._status = bytearray(2)
        self._raw = bytearray(_BURST * _WORD)
        self._bursts: "list[memoryview | None]" = [None] * (_BURST + 1)
        self._one = bytearray(1)
        self.samples = array("h", [0] * (3 * _BURST))
        self.overruns = 0

    def start(self) -> None:
        """Reset and configure the chip; OSError(ENODEV) when it is another one or does not leave its reset."""
        if self._read(_WHO_AM_I) != _WHO_AM_I_LSM6DSOX:
            raise OSError(errno.ENODEV)
        self._write(_CTRL3_C, _SW_RESET)
        for _ in range(100):
            if not self._read(_CTRL3_C) & _SW_RESET:
                break
        else:
            raise OSError(errno.ENODEV)
        self._write(_CTRL3_C, _BLOCK_UPDATE_ACTIVE_LOW_AUTO_INCREMENT)
        self._write(_FIFO_CTRL4, _BYPASS)
        self._write(_CTRL1_XL, _RATE_26_HZ_RANGE_8_G)
        self._write(_FIFO_CTRL3, _BATCH_ACCELEROMETER_26_HZ)
        self.call_at(_BURST)
        self._write(_INT1_CTRL, _INT1_FIFO_THRESHOLD)
        self._write(_FIFO_CTRL4, _CONTINUOUS)

    def call_at(self, samples: int) -> None:
        """Let INT1 fall when the FIFO holds so many samples, 1–511."""
        self._write(_FIFO_CTRL1, samples & 0xFF)
        self._write(_FIFO_CTRL2, samples >> 8)

    def save_power(self, saved: bool) -> None:
        """Measure with a tenth of the current and more noise (2.4 mg RMS), or as well as the chip can."""
        self._write(_CTRL6_C, _LOW_POWER if saved else 0)

    def read(self) -> int:
        """Read up to 32 words and return how many samples came; call again until it returns 0."""
        self._i2c.readfrom_mem_into(ADDRESS, _FIFO_STATUS1, self._status)
        if self._status[1] & _OVERRUN:
            self.overruns += 1
        words = min((self._status[1] & 3) << 8 | self._status[0], _BURST)
        if words == 0:
            return 0
        raw = self._raw
        self._i2c.readfrom_mem_into(ADDRESS, _FIFO_DATA_OUT_TAG, self._burst(words))
        samples = self.samples
        put = 0
        for word in range(words):
            at = word * _WORD
            if raw[at] >> 3 != _TAG_ACCELEROMETER:
                continue
            for i in range(at + 1, at + _WORD, 2):
                value = raw[i] | raw[i + 1] << 8
                samples[put] = value - 65536 if value >= 32768 else value
                put += 1
        return put // 3

    def _burst(self, words: int) -> memoryview:
        # Views of the lengths that occur are kept: a new one would be taken from the heap.
        burst = self._bursts[words]
        if burst is None:
            burst = self._bursts[words] = memoryview(self._raw)[: words * _WORD]
        return burst

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(ADDRESS, register, self._one)
