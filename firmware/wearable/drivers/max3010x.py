"""MAX30101 optical heart-rate sensor (Maxim 19-7740, rev 3): 25 samples a second out of its FIFO, read in bursts.

The MAX30102 has the same registers and part id, but no green LED: pass slot=INFRARED for it.
"""

import errno
from array import array

from micropython import const

ADDRESS = const(0x57)
SAMPLE_RATE_HZ = const(25)
FIFO_DEPTH = const(32)

# Values of the LED slots (datasheet p. 22).
RED = const(1)
INFRARED = const(2)
GREEN = const(3)

_FIFO_WR_PTR = const(0x04)  # p. 10: register map
_FIFO_DATA = const(0x07)  # does not advance: a burst reads sample after sample (p. 14)
_FIFO_CONFIG = const(0x08)
_MODE_CONFIG = const(0x09)
_SPO2_CONFIG = const(0x0A)
_LED1_PA = const(0x0C)
_LED2_PA = const(0x0D)
_LED3_PA = const(0x0E)
_LED4_PA = const(0x0F)
_SLOTS_1_2 = const(0x11)
_SLOTS_3_4 = const(0x12)
_PART_ID = const(0xFF)

_PART_ID_MAX3010X = const(0x15)
_RESET = const(0x40)  # MODE_CONFIG, cleared by the chip when done (p. 18)
_MULTI_LED = const(0x07)
_AVERAGE_4_ROLLOVER = const(0x50)  # p. 17: SMP_AVE = 4 samples, FIFO_ROLLOVER_EN
_RANGE_8192_RATE_100_WIDTH_411 = const(0x27)  # p. 19: 8192 nA, 100 samples/s, 411 us = 18 bits
_LED_CURRENT = const(0x3F)  # p. 20: 0.2 mA a step
_BYTES_A_SAMPLE = const(3)


class Max3010x:
    """One LED of a MAX30101 at 25 Hz; `samples` holds what the last read() found, `lost` counts FIFO losses."""

    def __init__(self, i2c, slot: int = GREEN) -> None:
        self._i2c = i2c
        self._slot = slot
        self._pointers = bytearray(3)
        self._raw = bytearray(FIFO_DEPTH * _BYTES_A_SAMPLE)
        self._one = bytearray(1)
        self.samples = array("i", [0] * FIFO_DEPTH)
        self.lost = 0

    def start(self) -> None:
        """Reset and configure the chip; OSError(ENODEV) when it is another one or does not leave its reset."""
        if self._read(_PART_ID) != _PART_ID_MAX3010X:
            raise OSError(errno.ENODEV)
        self._write(_MODE_CONFIG, _RESET)
        for _ in range(100):
            if not self._read(_MODE_CONFIG) & _RESET:
                break
        else:
            raise OSError(errno.ENODEV)
        self._write(_FIFO_CONFIG, _AVERAGE_4_ROLLOVER)
        self._write(_SPO2_CONFIG, _RANGE_8192_RATE_100_WIDTH_411)
        self._write(_LED1_PA, _LED_CURRENT if self._slot == RED else 0)
        self._write(_LED2_PA, _LED_CURRENT if self._slot == INFRARED else 0)
        self._write(_LED3_PA, _LED_CURRENT if self._slot == GREEN else 0)
        self._write(_LED4_PA, 0)
        self._write(_SLOTS_1_2, self._slot)
        self._write(_SLOTS_3_4, 0)
        for register in range(_FIFO_WR_PTR, _FIFO_DATA):
            self._write(register, 0)
        self._write(_MODE_CONFIG, _MULTI_LED)

    def read(self) -> int:
        """Empty the FIFO into `samples` (18-bit numbers, oldest first) and return how many there are."""
        self._i2c.readfrom_mem_into(ADDRESS, _FIFO_WR_PTR, self._pointers)
        write, overflow, read = self._pointers
        count = (write - read) & (FIFO_DEPTH - 1)
        if overflow & 0x1F:
            self.lost += overflow & 0x1F
            count = FIFO_DEPTH
        if count == 0:
            return 0
        raw = self._raw
        self._i2c.readfrom_mem_into(ADDRESS, _FIFO_DATA, memoryview(raw)[: count * _BYTES_A_SAMPLE])
        samples = self.samples
        at = 0
        for i in range(count):
            samples[i] = (raw[at] & 3) << 16 | raw[at + 1] << 8 | raw[at + 2]
            at += _BYTES_A_SAMPLE
        return count

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(ADDRESS, register, self._one)
