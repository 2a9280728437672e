"""The current of the heart sensor's LED: as much as the skin needs, as little as will do; and samples that hide it.

What goes on to the heart rate is what the sensor would have seen at START: raw x START / current. A LED is not quite
linear, so the step that is left when the current changes is taken off and given back over some seconds, slower than
any pulse.
"""

from micropython import const

START = const(63)  # 12.6 mA in steps of 0.2 mA: a wrist reflects a third of the range
LEAST = const(8)  # enough to see whether there is skin
MOST = const(127)

_SATURATED = const(220_000)  # of 262143
_BRIGHT = const(160_000)
_DARK = const(50_000)  # with steps of 3:4 and 4:3 a level once inside stays inside
_SETTLING = const(5)  # batches of the FIFO between two changes: 3.4 s
_MIXED = const(2)  # samples that may hold light of both currents
_LARGEST = const(0xFFFFF)
_LEVEL_SHIFT = const(3)
_FRACTION_BITS = const(8)
_FORGET_SHIFT = const(7)  # 5 s


class LedCurrent:
    """`current` is what the sensor shall have; put() each sample, then decide() once a batch."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The sensor was started anew, at START."""
        self.current = START
        self._settling = _SETTLING
        self._mixed = 0
        self._probing = False  # nobody wears it
        self._changed = False
        self._level = -1
        self._out = 0
        self._offset = 0

    def put(self, raw: int) -> int:
        """Take one sample as measured and return it as if measured at START, without a step."""
        if self._mixed:
            self._mixed -= 1
            return self._out
        self._level = raw if self._level < 0 else self._level + ((raw - self._level) >> _LEVEL_SHIFT)
        out = min(raw * START // self.current, _LARGEST)
        if self._changed:
            self._changed = False
            self._offset = (self._out - out) << _FRACTION_BITS
        self._offset -= self._offset >> _FORGET_SHIFT
        self._out = out + (self._offset >> _FRACTION_BITS)
        return self._out

    def decide(self, worn: bool) -> bool:
        """Return True when `current` changed: the sensor has to be told at once, before it measures on."""
        if self._settling:
            self._settling -= 1
        current = wanted = self.current
        level = self._level
        if level >= _SATURATED:
            wanted = current >> 1
        elif self._settling:
            return False
        elif self._probing == worn:
            self._probing = not worn
            wanted = START if worn else LEAST
        elif not worn:
            return False
        elif level > _BRIGHT:
            wanted = current * 3 >> 2
        elif level < _DARK:
            wanted = current * 4 // 3
        wanted = max(LEAST, min(wanted, MOST))
        if wanted == current:
            return False
        self.current = wanted
        self._settling = _SETTLING
        self._mixed = _MIXED
        self._changed = True
        self._level = -1
        return True
