"""LSM6DSOX accelerometer at register level (ST DS12814 rev 4), address 0x6A.

Honoured: WHO_AM_I, CTRL1_XL rate and range, software reset, status and output registers, FIFO in bypass, FIFO and
continuous mode with tagged words, level, overrun and watermark, the INT1 pin for the watermark with its polarity, the
bit of the low-power mode (no effect on the noise). Not simulated: gyroscope (reads 0), embedded functions.
"""

from silicon.body import STEP
from silicon.fifo_time import SampleClock

ADDRESS = 0x6A
DEPTH = 512  # words: 3 KiB of six bytes (p. 34)

_FIFO_CTRL1, _FIFO_CTRL2, _FIFO_CTRL3, _FIFO_CTRL4 = 0x07, 0x08, 0x09, 0x0A
_INT1_CTRL, _CTRL6_C = 0x0D, 0x15
_WHO_AM_I, _CTRL1_XL, _CTRL3_C, _STATUS, _OUT_X = 0x0F, 0x10, 0x12, 0x1E, 0x28
_FIFO_STATUS1, _FIFO_STATUS2, _TAG, _DATA_END = 0x3A, 0x3B, 0x78, 0x7E
_OVERRUN_LATCHED, _FULL, _OVERRUN, _WATERMARK = 0x08, 0x20, 0x40, 0x80
# Millihertz of the rate codes of CTRL1_XL and FIFO_CTRL3 (p. 50, 55).
_RATES_MHZ = (0, 12500, 26000, 52000, 104000, 208000, 417000, 833000, 1667000, 3333000, 6667000, 1600)
_LSB_PER_G = (16393, 2049, 8197, 4098)  # ±2, ±16, ±4, ±8 g
_TAG_ACCELEROMETER = 0x02
_STEP_MG = 700  # a step swings the vertical axis by about that much


class Lsm6dsox:
    """The chip; `now_us()` is the world's time, `body` gives the steps. z points up at rest.

    `interrupt(level)` drives its INT1 pin.
    """

    def __init__(self, now_us, body, interrupt=None) -> None:
        self._now_us = now_us
        self._body = body
        self._interrupt = interrupt or (lambda level: None)
        self._clock = SampleClock(now_us)
        self._noise = 1
        self._reset()

    def write(self, data) -> None:
        """An I²C write: register pointer, then values for it and those behind it."""
        self._pointer = data[0]
        for value in data[1:]:
            self._write(self._pointer, value)
            self._advance()

    def read_into(self, buffer) -> None:
        """An I²C read from the pointer on; past 0x7E it goes round to the FIFO tag."""
        self.update()
        if self._pointer == _TAG and len(buffer) % 7 == 0:
            self._read_words(buffer)
            return
        for i in range(len(buffer)):
            buffer[i] = self._read(self._pointer)
            self._advance()

    def low_power(self) -> bool:
        """Whether the accelerometer runs without its high-performance mode."""
        return self._registers[_CTRL6_C] & 0x10 != 0

    def watermark(self) -> int:
        """The FIFO level, in words, that INT1 tells; 0 never."""
        return self._registers[_FIFO_CTRL1] | (self._registers[_FIFO_CTRL2] & 1) << 8

    def next_event_us(self):
        """Return when INT1 may next change by itself, or None."""
        if not self._registers[_INT1_CTRL] & 0x08 or not self.watermark() or self._level >= self.watermark():
            return None
        return self._clock.time_of_next(self.watermark() - self._level)

    def update_interrupt(self) -> None:
        """Let INT1 follow the FIFO."""
        if self._registers[_INT1_CTRL] & 0x08:
            self.update()

    def _drive(self) -> None:
        active = self._registers[_INT1_CTRL] & 0x08 and self.watermark() and self._level >= self.watermark()
        active_low = self._registers[_CTRL3_C] & 0x20  # H_LACTIVE
        self._interrupt(int(bool(active)) ^ int(bool(active_low)))

    def update(self) -> None:
        """Batch what was measured since the last look: times only, the values are made when they are read."""
        due = self._clock.due()
        if due <= 0:
            return
        mode = self._registers[_FIFO_CTRL4] & 7
        first = self._clock.take(due)
        self._newest = first + (due - 1) * self._clock.period_us()
        self._fresh = True
        if mode not in (1, 6) or not self._registers[_FIFO_CTRL3] & 15:
            return
        free = DEPTH - self._level
        if due > free:
            self._overrun = True
            if mode == 1:
                due = max(0, free)
            else:
                self._drop(due - free)
        self._level += due
        self._drive()

    def _drop(self, count: int) -> None:
        self._level -= min(count, self._level)

    def _read_words(self, buffer) -> None:
        for at in range(0, len(buffer), 7):
            if self._level:
                # The oldest word kept lies `level` periods behind the newest sample.
                time_us = self._newest - (self._level - 1) * self._clock.period_us()
                self._level -= 1
                self._word = self._tagged(time_us)
            buffer[at : at + 7] = self._word
        self._overrun = False
        self._drive()

    def _read(self, register: int) -> int:
        if register == _FIFO_STATUS1:
            return self._level & 0xFF if self._level < DEPTH else 0
        if register == _FIFO_STATUS2:
            return self._fifo_status()
        if register == _STATUS:
            return int(self._fresh)
        if _OUT_X <= register < _OUT_X + 6:
            self._fresh = False
            return self._tagged(self._newest)[1 + register - _OUT_X] if self._newest else 0
        if _TAG <= register <= _DATA_END:
            if register == _TAG:
                word = bytearray(7)
                self._read_words(word)
            return self._word[register - _TAG]
        return self._registers[register]

    def _fifo_status(self) -> int:
        level = self._level
        status = level >> 8 & 3
        watermark = self.watermark()
        if self._overrun:
            status |= _OVERRUN | _OVERRUN_LATCHED
        if level >= DEPTH:
            status |= _FULL
        if watermark and level >= watermark:
            status |= _WATERMARK
        return status

    def _write(self, register: int, value: int) -> None:
        if register == _CTRL3_C and value & 0x01:
            self._reset()
            return
        if register in (_WHO_AM_I, _STATUS, _FIFO_STATUS1, _FIFO_STATUS2) or register >= 0x75:
            return
        self.update()
        self._registers[register] = value
        if register == _CTRL1_XL:
            rate = _RATES_MHZ[min(value >> 4, 11)]
            self._clock.start(1_000_000_000_000 // rate if rate else 0)
        elif register == _FIFO_CTRL4 and value & 7 == 0:
            self._level = 0
            self._overrun = False
        self._drive()

    def _advance(self) -> None:
        if self._pointer == _DATA_END:
            self._pointer = _TAG
        elif self._registers[_CTRL3_C] & 0x04:
            self._pointer = (self._pointer + 1) & 0xFF

    def _reset(self) -> None:
        self._registers = bytearray(256)
        self._registers[_WHO_AM_I] = 0x6C
        self._registers[_CTRL3_C] = 0x04
        self._pointer = 0
        self._level = 0
        self._newest = 0
        self._fresh = False
        self._overrun = False
        self._word = bytes(7)
        self._clock.start(0)

    def _tagged(self, time_us: int) -> bytes:
        scale = _LSB_PER_G[self._registers[_CTRL1_XL] >> 2 & 3]
        phase = self._body.legs.phase(time_us)
        swing = (STEP[phase >> 8] - 128) * _STEP_MG // 256 if self._body.legs.rate else 0
        self._noise = (self._noise * 1103515245 + 12345) & 0x7FFFFFFF
        noise = (self._noise >> 16 & 15) - 8
        word = bytearray(7)
        word[0] = _TAG_ACCELEROMETER << 3
        for i, milli_g in enumerate((swing // 4 + noise, noise, 1000 + swing + noise)):
            value = max(-32768, min(32767, milli_g * scale // 1000))
            word[1 + 2 * i] = value & 0xFF
            word[2 + 2 * i] = value >> 8 & 0xFF
        return word
