"""MAX30101 pulse sensor at register level (Maxim 19-7740 rev 3), address 0x57.

Honoured: LED currents, ADC range, sample rate, averaging, pulse width, modes 2, 3 and 7, slots, FIFO pointers with
overflow counter and roll-over, A_FULL and PPG_RDY with the interrupt pin, die temperature, reset, shut-down.
Not simulated: proximity, ambient cancellation, crosstalk between slots.
"""

from silicon.body import PULSE
from silicon.fifo_time import SampleClock

ADDRESS = 0x57
DEPTH = 32

_STATUS_1, _STATUS_2, _ENABLE_1 = 0x00, 0x01, 0x02
_WR_PTR, _OVF, _RD_PTR, _DATA = 0x04, 0x05, 0x06, 0x07
_FIFO_CONFIG, _MODE, _SPO2 = 0x08, 0x09, 0x0A
_LED_1, _SLOTS_12, _SLOTS_34 = 0x0C, 0x11, 0x12
_TEMP_INT, _TEMP_FRAC, _TEMP_ENABLE = 0x1F, 0x20, 0x21
_A_FULL, _PPG_RDY, _PWR_RDY, _TEMP_RDY = 0x80, 0x40, 0x01, 0x02
_RATES = (50, 100, 200, 400, 800, 1000, 1600, 3200)
_COUNTS_PER_STEP = 3400  # of LED current, at 4096 nA and 411 us, on worn skin: 7 mA give about 120,000 counts
# Per thousand of the level that a pulse swings, for red, infrared, green, green (LEDs 1 to 4).
_PERFUSION = (4, 9, 22, 22)
_READ_ONLY = (_STATUS_1, _STATUS_2, _TEMP_INT, _TEMP_FRAC, 0xFE, 0xFF)


class Max30101:
    """The chip; `now_us()` is the world's time, `body` gives the pulse. `interrupt(level)` drives the INT pin."""

    def __init__(self, now_us, body, interrupt=None) -> None:
        self._now_us = now_us
        self._body = body
        self._interrupt = interrupt or (lambda level: None)
        self._clock = SampleClock(now_us)
        self._noise = 1
        self._reset()
        self._registers[_STATUS_1] = _PWR_RDY

    def write(self, data) -> None:
        """An I²C write: register pointer, then values for it and those behind it."""
        self._pointer = data[0]
        for value in data[1:]:
            self._write(self._pointer, value)
            self._advance()

    def read_into(self, buffer) -> None:
        """An I²C read from the pointer on; FIFO_DATA does not advance (p. 14)."""
        self.update()
        for i in range(len(buffer)):
            buffer[i] = self._read(self._pointer)
            self._advance()

    def asleep(self) -> bool:
        """Whether it is shut down."""
        return self._registers[_MODE] & 0x80 != 0

    def next_event_us(self):
        """Return when the INT pin may next fall, or None when no interrupt is enabled."""
        if not self._registers[_ENABLE_1] & (_A_FULL | _PPG_RDY):
            return None
        wanted = 1
        if not self._registers[_ENABLE_1] & _PPG_RDY:
            wanted = max(1, DEPTH - (self._registers[_FIFO_CONFIG] & 15) - len(self._fifo))
        return self._clock.time_of_next(wanted)

    def update_interrupt(self) -> None:
        """Let the INT pin fall if it is time."""
        if self._registers[_ENABLE_1]:
            self.update()

    def update(self) -> None:
        """Fill the FIFO with what was converted since the last look."""
        due = self._clock.due()
        if due <= 0:
            return
        registers = self._registers
        rollover = registers[_FIFO_CONFIG] & 0x10
        free = DEPTH - len(self._fifo)
        lost = max(0, due - free)
        if rollover:
            skipped = max(0, due - DEPTH)
            if skipped:
                self._clock.take(skipped)
            for _ in range(due - skipped):
                self._fifo.append(self._convert(self._clock.take(1)))
            del_count = len(self._fifo) - DEPTH
            if del_count > 0:
                self._fifo = self._fifo[del_count:]
        else:
            for _ in range(min(due, free)):
                self._fifo.append(self._convert(self._clock.take(1)))
            self._clock.take(lost)
        written = due if rollover else min(due, free)
        registers[_WR_PTR] = (registers[_WR_PTR] + written) % DEPTH
        registers[_OVF] = min(31, registers[_OVF] + lost)
        if rollover and lost:
            registers[_RD_PTR] = registers[_WR_PTR]
        self._raise_flags()

    def _raise_flags(self) -> None:
        registers = self._registers
        registers[_STATUS_1] |= _PPG_RDY
        if len(self._fifo) >= DEPTH - (registers[_FIFO_CONFIG] & 15):
            registers[_STATUS_1] |= _A_FULL
        if registers[_STATUS_1] & registers[_ENABLE_1]:
            self._interrupt(0)

    def _advance(self) -> None:
        if self._pointer != _DATA:
            self._pointer = (self._pointer + 1) & 0xFF

    def _read(self, register: int) -> int:
        registers = self._registers
        if register == _DATA:
            return self._read_fifo()
        value = registers[register]
        if register in (_STATUS_1, _STATUS_2):
            registers[register] = 0
            self._interrupt(1)
        return value

    def _read_fifo(self) -> int:
        registers = self._registers
        if not self._fifo:
            return 0
        sample = self._fifo[0]
        value = sample[self._byte]
        self._byte += 1
        if self._byte == len(sample):
            self._byte = 0
            self._fifo = self._fifo[1:]
            registers[_RD_PTR] = (registers[_RD_PTR] + 1) % DEPTH
            registers[_OVF] = 0  # p. 14: a complete sample popped resets it
            registers[_STATUS_1] &= ~(_A_FULL | _PPG_RDY)
            if not registers[_STATUS_1] & registers[_ENABLE_1]:
                self._interrupt(1)
        return value

    def _write(self, register: int, value: int) -> None:
        if register in _READ_ONLY or register == _DATA:
            return
        if register == _MODE and value & 0x40:
            self._reset()
            return
        if register in (_WR_PTR, _OVF, _RD_PTR):
            self.update()
            self._registers[register] = value & 31
            self._fifo = self._fifo[: (self._registers[_WR_PTR] - self._registers[_RD_PTR]) % DEPTH]
            self._byte = 0
            return
        if register == _TEMP_ENABLE and value & 1:
            self._registers[_TEMP_INT] = 31
            self._registers[_TEMP_FRAC] = 8  # 1/16 °C
            self._registers[_STATUS_2] |= _TEMP_RDY
            return
        if register in (_FIFO_CONFIG, _MODE, _SPO2):
            self.update()
        self._registers[register] = value
        if register in (_FIFO_CONFIG, _MODE, _SPO2):
            self._restart()

    def _reset(self) -> None:
        self._registers = bytearray(256)
        self._registers[0xFE] = 0x03
        self._registers[0xFF] = 0x15
        self._pointer = 0
        self._byte = 0
        self._fifo = []
        self._clock.start(0)
        self._interrupt(1)

    def _restart(self) -> None:
        mode = self._registers[_MODE]
        rate = _RATES[(self._registers[_SPO2] >> 2) & 7]
        average = 1 << min(5, self._registers[_FIFO_CONFIG] >> 5)
        running = mode & 7 in (2, 3, 7) and not mode & 0x80
        self._clock.start(1_000_000_000 * average // rate if running else 0)

    def _leds(self):
        mode = self._registers[_MODE] & 7
        if mode == 2:
            return (1,)
        if mode == 3:
            return (1, 2)
        leds = []
        for register in (_SLOTS_12, _SLOTS_34):
            value = self._registers[register]
            leds += [led for led in (value & 7, value >> 4 & 7) if led]
        return leds

    def _convert(self, time_us: int) -> bytes:
        phase = self._body.heart.phase(time_us)
        pulse = PULSE[phase >> 8] if self._body.heart.rate else None  # no heart rate: not worn
        sample = b""
        for led in self._leds():
            sample += self._level(led - 1, pulse).to_bytes(3, "big")
        return sample or b"\0\0\0"

    def _level(self, led: int, pulse) -> int:
        settings = self._registers[_SPO2]
        width = settings & 3
        counts = self._registers[_LED_1 + min(led, 3)] * _COUNTS_PER_STEP
        counts = (counts << 1 >> (settings >> 5 & 3)) >> (3 - width)
        self._noise = (self._noise * 1103515245 + 12345) & 0x7FFFFFFF
        noise = self._noise >> 16 & 31
        if pulse is None:
            counts >>= 6  # nothing in front of it reflects the light
        else:
            # More blood absorbs more light: the pulse is a dip.
            counts -= counts * _PERFUSION[led] * pulse // 255_000
        value = min(0x3FFFF, counts + noise)
        return value >> (3 - width) << (3 - width)
