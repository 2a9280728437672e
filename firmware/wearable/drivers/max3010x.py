"""MAX30101 optical heart-rate sensor (Maxim 19-7740, rev 3): 25 samples a second out of its FIFO, read in bursts.

Its INT line falls when the FIFO holds FIFO_CALL samples, and rises when they are read.

The MAX30102 has the same registers and part id, but no green LED: pass slot=INFRARED for it.
"""

import errno
from array import array

from micropython import const

ADDRESS = const(0x57)
SAMPLE_RATE_HZ = const(25)
FIFO_DEPTH = const(32)
FIFO_CALL = const(17)  # the longest FIFO_A_FULL leaves room for: 0.68 s, with 0.6 s to spare

# Values of the LED slots (datasheet p. 22).
RED = const(1)
INFRARED = const(2)
GREEN = const(3)

_STATUS_1 = const(0x00)  # p. 10: register map
_ENABLE_1 = const(0x02)
_FIFO_WR_PTR = const(0x04)
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
_A_FULL = const(0x80)  # p. 12
_SHUT_DOWN = const(0x80)  # MODE_CONFIG (p. 18)
_RESET = const(0x40)  # MODE_CONFIG, cleared by the chip when done (p. 18)
_MULTI_LED = const(0x07)
_AVERAGE_4_ROLLOVER_CALL = const(0x5F)  # p. 17: SMP_AVE = 4 samples, FIFO_ROLLOVER_EN, FIFO_A_FULL = 15 free
_RANGE_8192_RATE_100_WIDTH_411 = const(0x27)  # p. 19: 8192 nA, 100 samples/s, 411 us = 18 bits
LED_STEP_UA = const(200)  # p. 20
START_CURRENT = const(0x3F)
_BYTES_A_SAMPLE = const(3)


class Max3010x:
    """One LED of a MAX30101 at 25 Hz; `samples` holds what the last read() found, `lost` counts FIFO losses."""

    def __init__(self, i2c, slot: int = GREEN) -> None:
        self._i2c = i2c
        self._slot = slot
        self._state = bytearray(7)  # status, interrupts enabled, FIFO pointers
        self._raw = bytearray(FIFO_DEPTH * _BYTES_A_SAMPLE)
        self._bursts: "list[memoryview | None]" = [None] * (FIFO_DEPTH + 1)
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
        self._write(_FIFO_CONFIG, _AVERAGE_4_ROLLOVER_CALL)
        self._write(_SPO2_CONFIG, _RANGE_8192_RATE_100_WIDTH_411)
        for register in range(_LED1_PA, _LED4_PA + 1):
            self._write(register, 0)
        self.light(START_CURRENT)
        self._write(_SLOTS_1_2, self._slot)
        self._write(_SLOTS_3_4, 0)
        for register in range(_FIFO_WR_PTR, _FIFO_DATA):
            self._write(register, 0)
        self._write(_ENABLE_1, _A_FULL)
        self._write(_MODE_CONFIG, _MULTI_LED)

    def light(self, current: int) -> None:
        """Set the LED's current, 0–255 steps of LED_STEP_UA; the sample under way is a mixture."""
        self._write(_LED1_PA + self._slot - RED, current)

    def sleep(self) -> None:
        """Shut the chip down (0.7 µA) until start(); OSError when it is not there."""
        self._write(_MODE_CONFIG, _SHUT_DOWN)

    def read(self) -> int:
        """Empty the FIFO into `samples` (18-bit numbers, oldest first) and return how many there are."""
        state = self._state  # reading the status lets INT rise
        self._i2c.readfrom_mem_into(ADDRESS, _STATUS_1, state)
        write, overflow, read = state[4], state[5], state[6]
        count = (write - read) & (FIFO_DEPTH - 1)
        if overflow & 0x1F:
            self.lost += overflow & 0x1F
            count = FIFO_DEPTH
        if count == 0:
            return 0
        raw = self._raw
        self._i2c.readfrom_mem_into(ADDRESS, _FIFO_DATA, self._burst(count))
        samples = self.samples
        at = 0
        for i in range(count):
            samples[i] = (raw[at] & 3) << 16 | raw[at + 1] << 8 | raw[at + 2]
            at += _BYTES_A_SAMPLE
        return count

    def _burst(self, count: int) -> memoryview:
        # Views of the lengths that occur are kept: a new one would be taken from the heap.
        burst = self._bursts[count]
        if burst is None:
            burst = self._bursts[count] = memoryview(self._raw)[: count * _BYTES_A_SAMPLE]
        return burst

    def _read(self, register: int) -> int:
        self._i2c.readfrom_mem_into(ADDRESS, register, self._one)
        return self._one[0]

    def _write(self, register: int, value: int) -> None:
        self._one[0] = value
        self._i2c.writeto_mem(ADDRESS, register, self._one)
