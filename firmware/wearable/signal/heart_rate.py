"""Heart rate from light at 25 Hz (18-bit numbers of a MAX3010x, more light = larger) and acceleration at 26 Hz.

Slow part off, pairs averaged; once a second the spectrum of the last eight seconds of light, beside that of motion,
goes to a tracker.
"""

from array import array

from micropython import const

from .pulse_spectrum import BIAS, CYCLE, biased_sine, measure, powers, shape, taper
from .pulse_tracker import BINS, FIRST_BPM, STEP_BPM, PulseTracker

SAMPLE_RATE_HZ = const(25)
MOTION_RATE_HZ = const(26)

_WINDOW = const(100)  # pairs: eight seconds
_MOTION_WINDOW = const(104)
_MOTION_BINS = const(49)  # every second rate, and one beyond the last
_SETTLING_S = const(5)
_SLOW_SHIFT = const(4)  # the leaky mean: high pass at 0.25 Hz
_FRACTION_BITS = const(4)

_WORN_LEVEL = const(10_000)  # reflected light without skin stays far below (of 262143)
_FLAT_SIZE = const(6)  # a pulse moves the light by more than sensor noise does
_LOOSE_PART = const(25)  # of the level: no pulse moves the light by a 25th of it on average, a loose strap does
_SPIKE = const(4)  # times the mean size: all beyond is cut
_STILL_LIMIT = const(256)  # motion below 0.06 g is shaped as if that large
_MOVING = const(41)  # 0.01 g: motion of this amplitude counts half

_STILL_STRENGTH = const(64)  # of 256: 0.006 g
_GOOD, _FAIR, _UNSURE = const(230), const(210), const(77)  # of 256: share of the weights at this rate
_TRUSTED = const(56)  # of 256: below, motion explains what is seen
_LOWEST_BPM = const(40)  # slower is more often a drift of the light


class HeartRate:
    """`bpm` (0 none), `confidence` (0 none or not worn, 1 unsure, 2 fair, 3 good) and `worn`, renewed each second."""

    def __init__(self) -> None:
        self._light = array("i", [BIAS] * _WINDOW)
        self._x = array("i", [BIAS] * _MOTION_WINDOW)
        self._y = array("i", [BIAS] * _MOTION_WINDOW)
        self._z = array("i", [BIAS] * _MOTION_WINDOW)
        self._axes = (self._x, self._y, self._z)
        self._shaped = array("H", [0] * _MOTION_WINDOW)
        self._taper = taper(_WINDOW)
        self._motion_taper = taper(_MOTION_WINDOW)
        self._sine = biased_sine()
        self._light_power = array("i", [0] * BINS)
        self._motion_power = array("i", [0] * _MOTION_BINS)
        self._sizes = array("i", [0] * 3)
        self._tracker = PulseTracker()
        self._at = 0
        self._motion_at = 0
        self._moves = 0  # samples of motion since the last answer, and one before that stands alone
        self._odd = False
        self._away = 0
        self._last = 0
        self._mean = 0  # with fraction bits
        self._countdown = SAMPLE_RATE_HZ
        self._worn_s = 0
        self.bpm = 0
        self.confidence = 0
        self.worn = False
        self.still = False  # motion could be measured and is no match for a pulse
        self._beats = None  # takes the light too, and what is known of the rate

    def tell(self, beats) -> None:
        """From now on `beats` takes the light, too, and once a second what is known of the rate (beats.Beats)."""
        self._beats = beats

    def put(self, sample: int) -> None:
        """Take one sample of light."""
        self._last = sample
        if self._beats:
            self._beats.put(sample)
        away = (sample << _FRACTION_BITS) - self._mean
        self._mean += away >> _SLOW_SHIFT
        self._odd = not self._odd
        if self._odd:
            self._away = away
        else:
            at = self._at
            self._light[at] = ((away + self._away) >> (_FRACTION_BITS + 1)) + BIAS
            at += 1
            self._at = 0 if at == _WINDOW else at
        self._countdown -= 1
        if self._countdown == 0:
            self._countdown = SAMPLE_RATE_HZ
            self._answer()

    def move(self, x: int, y: int, z: int) -> None:
        """Take one sample of acceleration, in LSB of 0.244 mg (±32767)."""
        self._moves += 1
        at = self._motion_at
        if self._moves & 1:
            self._x[at] = x + BIAS
            self._y[at] = y + BIAS
            self._z[at] = z + BIAS
            return
        self._x[at] = (self._x[at] + x + BIAS) >> 1
        self._y[at] = (self._y[at] + y + BIAS) >> 1
        self._z[at] = (self._z[at] + z + BIAS) >> 1
        at += 1
        self._motion_at = 0 if at == _MOTION_WINDOW else at

    def _answer(self) -> None:
        worn = self._mean >> _FRACTION_BITS >= _WORN_LEVEL
        if worn and not self.worn:
            self._restart()
        self.worn = worn
        self.bpm = self.confidence = 0
        self.still = False
        if worn:
            self._worn_s += 1
            measure(self._light, _WINDOW, self._sizes)
            if self._worn_s >= _SETTLING_S and self._sizes[1] >= _FLAT_SIZE:
                self._follow()
        if self._beats:
            self._beats.expect(self.bpm if self.confidence >= 2 and self.still else 0)
        self._moves &= 1

    def _restart(self) -> None:
        self._worn_s = 0
        self._mean = self._last << _FRACTION_BITS
        self._tracker.restart()
        for i in range(_WINDOW):
            self._light[i] = BIAS

    def _follow(self) -> None:
        sizes = self._sizes
        swing = sizes[1]
        limit = min(_SPIKE * swing, BIAS - 1)
        shape(self._light, self._at, _WINDOW, sizes[0], limit, self._taper, self._shaped)
        first = FIRST_BPM * CYCLE // (30 * SAMPLE_RATE_HZ)
        step = (STEP_BPM * CYCLE + 15 * SAMPLE_RATE_HZ) // (30 * SAMPLE_RATE_HZ)
        powers(self._shaped, _WINDOW, first, step, BINS, self._sine, 0, self._light_power)
        tracker = self._tracker
        strength = self._motion()
        self.still = strength < _STILL_STRENGTH and self._moves > 1
        tracker.follow(self._light_power, self._motion_power, strength)
        loose = swing * _LOOSE_PART > self._mean >> _FRACTION_BITS
        self.confidence = min(self._graded(tracker), 1) if loose else self._graded(tracker)
        self.bpm = tracker.bpm if self.confidence else 0

    def _motion(self) -> int:
        # Fills the spectrum of motion and returns its strength, 0 … 256, by its largest peak.
        if self._moves <= 1:
            return 0  # the sensor is silent: what the rings hold is old
        sizes = self._sizes
        limit = _STILL_LIMIT
        for axis in self._axes:
            measure(axis, _MOTION_WINDOW, sizes)
            limit = max(limit, sizes[2])
        first = FIRST_BPM * CYCLE // (30 * MOTION_RATE_HZ)
        step = (2 * STEP_BPM * CYCLE + 15 * MOTION_RATE_HZ) // (30 * MOTION_RATE_HZ)
        kept = 0
        for axis in self._axes:
            measure(axis, _MOTION_WINDOW, sizes)
            shape(axis, self._motion_at, _MOTION_WINDOW, sizes[0], limit, self._motion_taper, self._shaped)
            powers(self._shaped, _MOTION_WINDOW, first, step, _MOTION_BINS, self._sine, kept, self._motion_power)
            kept = 1
        return _strength(max(self._motion_power), limit)

    def _graded(self, tracker: PulseTracker) -> int:
        share = tracker.share
        if share < _UNSURE:
            return 0
        if share < _FAIR or tracker.trust < _TRUSTED or tracker.bpm < _LOWEST_BPM:
            return 1
        return 3 if share >= _GOOD and self._moves > 1 else 2


def _strength(power: int, limit: int) -> int:
    # A sine of _MOVING LSB, shaped by the limit, has this power: (amplitude x 511 x half the taper's sum >> 12)².
    amplitude = _MOVING * 2047 // limit
    moving = amplitude * 511 // 4 * _MOTION_WINDOW // 4096
    moving = moving * moving + 1
    while power >= 1 << 20:
        power >>= 1
        moving >>= 1
    return power * 256 // (power + moving)
