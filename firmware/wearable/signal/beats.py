"""Times between heart beats from light at 25 Hz: where it falls fastest, to a fraction of a sample.

Blood darkens the skin within a tenth of a second of the pulse's arrival; that fall is steeper and less moved by breath
than the light's lowest point (Hemon & Phillips, J Clin Monit Comput 30 (2016) 157-168, compare such marks). The
largest fall of about a pulse's length is a beat; a parabola through its neighbours says when. Works only where a
tracker is sure of the rate and the wearer is still: `expect` says so.
"""

from micropython import const

_FRACTION = const(256)  # of a sample
_SAMPLES_MINUTE = const(1500)
_DECAY_SHIFT = const(7)  # of the usual fall, each sample: a quarter in two seconds
_LEVEL_BITS = const(4)


class Beats:
    """Calls `found(interval)` soon after each beat: since the one before in 1/1024 s, 0 where that is not sure."""

    def __init__(self, found) -> None:
        self._found = found
        self._a = self._b = self._c = self._d = 0  # the last four samples
        self._before = self._last = 0  # the last two falls
        self._period = 0  # expected, in fractions; 0: not looking
        self._forget()

    def expect(self, bpm: int) -> None:
        """Take the heart rate, each second; 0 when it is not sure or the wearer moves."""
        if bpm:
            self._period = _FRACTION * _SAMPLES_MINUTE // bpm
        elif self._period:
            self._period = 0
            if self._since >= 0:
                self._found(0)
            self._forget()

    def put(self, sample: int) -> None:
        """Take one sample of light."""
        fall = self._a + self._b - self._d - sample
        self._a = self._b
        self._b = self._c
        self._c = self._d
        self._d = sample
        if self._period:
            self._look(fall)
        self._before = self._last
        self._last = fall

    def _forget(self) -> None:
        self._usual = 0  # fall of a beat, with level bits
        self._since = -1  # fractions since the last beat, −1 without one
        self._held = 0  # the fall that may be the next beat, …
        self._held_age = 0  # … fractions since then …
        self._held_since = 0  # … and from the last beat to it

    def _look(self, fall: int) -> None:
        # One sample on; the fall before may have been a top.
        if self._since >= 0:
            self._since += _FRACTION
        self._held_age += _FRACTION
        self._usual -= self._usual >> _DECAY_SHIFT
        half = self._period >> 1
        if self._held and self._held_age > half:
            self._beat()
        top = self._last
        if top < self._before or top <= fall or (top << _LEVEL_BITS + 1) <= self._usual or top <= self._held:
            return
        # The parabola's top: how long before now, in fractions.
        ago = _FRACTION - (_FRACTION // 2) * (self._before - fall) // (self._before - 2 * top + fall)
        if self._since < 0 or self._since - ago > half:
            self._held = top
            self._held_age = ago
            self._held_since = self._since - ago

    def _beat(self) -> None:
        held = self._held << _LEVEL_BITS
        if self._since >= 0:
            period = self._period
            sure = 12 * period < 16 * self._held_since < 21 * period
            self._found(self._held_since * 4 // 25 if sure else 0)
            held = min(held, 2 * self._usual)  # one blow must not hide the pulse behind it
        self._usual = max(self._usual, held)
        self._since = self._held_age
        self._held = 0
