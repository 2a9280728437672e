# ruff: noqa: PLR1730 - min() and max() are calls of objects in viper
"""Follows the pulse over a grid of rates: what is likely now, from what was likely a second ago and a new spectrum.

A forward filter over hidden states: the rate diffuses by a few bpm a second, the spectrum weighs each rate, the weights
are kept. The spectrum counts where motion does not explain it (as in Temko, Wiener filtering and phase vocoding, IEEE
Trans. Biomed. Eng. 2017), and by its share of the whole, so that noise without a peak moves nothing.
"""

from array import array

import micropython
from micropython import const

from .pointers import ptr16, ptr32

BINS = const(96)
FIRST_BPM = const(30)
STEP_BPM = const(2)
_EDGE = const(2)  # zeros about the weights
_REACH = const(3)  # bins on either side that count as the same rate: ±6 bpm
_TOTAL_SHIFT = const(16)  # the weights sum up to about 65536

_SPECTRUM_TOP = const(0x4000)
_SHARE = const(1408)  # a clean pulse in the taper's main lobe reaches 256 of it
_FLOOR = const(77)  # what a rate without any power is worth beside it
_MOTION_WEIGHT = const(8)  # motion's strongest peak weighs eight times the strongest of the light


@micropython.viper
def _largest(values: ptr32, count: int) -> int:
    largest = 0
    for i in range(count):
        if values[i] > largest:
            largest = values[i]
    return largest


@micropython.viper
def _unmoved(
    light: ptr32, light_shift: int, motion: ptr32, motion_shift: int, strength: int, likely: ptr32, purity: ptr16
):
    # likely: the light's power, tilted towards high rates, as far as motion does not explain it; purity: 256 where all
    # of it counts. `motion` has half the bins, `strength` is 0 … 256; shifted, both are below 2**14.
    top = 1
    for j in range(BINS):
        power = (light[j] >> light_shift) * (FIRST_BPM + STEP_BPM * j) >> 7
        likely[j] = power
        if power > top:
            top = power
    most = 1
    for j in range(BINS // 2 + 1):
        if motion[j] >> motion_shift > most:
            most = motion[j] >> motion_shift
    scale = _MOTION_WEIGHT * strength * top // most
    for j in range(BINS):
        power = likely[j]
        moved = (motion[j >> 1] + motion[(j + 1) >> 1]) >> (motion_shift + 1)
        half = (j - FIRST_BPM // STEP_BPM + 2) >> 2
        if half >= 0:
            moved += motion[half] >> (motion_shift + 4)
        kept = power * power // (power + (moved * scale >> 8) + 1)
        likely[j] = kept
        purity[j] = (kept << 8) // (power + 1)


@micropython.viper
def _weighed(likely: ptr32):
    # Each rate's share of the whole, its overtones counting for it as far as it stands out itself, on top of the floor.
    total = 1
    for j in range(BINS):
        total += likely[j]
    for j in range(BINS):
        power = likely[j]
        whole = power
        overtone = 2 * j + FIRST_BPM // STEP_BPM
        while overtone < BINS:
            whole += likely[overtone] if likely[overtone] < power else power
            overtone += j + FIRST_BPM // STEP_BPM
        likely[j] = whole * _SHARE // total + _FLOOR


@micropython.viper
def _stepped(weights: ptr32, likely: ptr32, new: ptr32):
    # Diffusion in 64ths, a little for every rate so that none is lost for ever, times the likelihood.
    total = 0
    for j in range(BINS):
        weight = 44 * weights[j + 2] + 9 * (weights[j + 1] + weights[j + 3]) + weights[j] + weights[j + 4]
        weight = ((weight >> 6) + 1) * likely[j]
        new[j] = weight
        total += weight
    divisor = (total >> _TOTAL_SHIFT) + 1
    for j in range(BINS):
        weights[j + _EDGE] = new[j] // divisor


@micropython.viper
def _found(weights: ptr32, likely: ptr32, out: ptr32):
    # out: the middle of the heaviest neighbourhood in 16ths of a bin, its share in 256ths, its bin.
    total = 1
    for j in range(BINS):
        total += weights[j + _EDGE]
    heaviest = 0
    middle = 0
    for j in range(_REACH, BINS - _REACH):
        weight = 0
        for i in range(j - _REACH, j + _REACH + 1):
            weight += weights[i + _EDGE]
        if weight > heaviest:
            heaviest = weight
            middle = j
    moment = 0
    mass = 1
    for i in range(2 * _REACH + 1):
        at = middle - _REACH + i
        weight = (weights[at + _EDGE] >> 2) * (likely[at] - _FLOOR + 1) >> 5
        mass += weight
        moment += weight * i
    out[0] = (middle - _REACH) * 16 + moment * 16 // mass
    out[1] = heaviest * 256 // total
    out[2] = middle


def _shift(power: int) -> int:
    shift = 0
    while power >> shift >= _SPECTRUM_TOP:
        shift += 1
    return shift


class PulseTracker:
    """The weights of all rates; feed it a spectrum a second."""

    def __init__(self) -> None:
        self._weights = array("i", [0] * (BINS + 2 * _EDGE))
        self._likely = array("i", [0] * BINS)
        self._new = array("i", [0] * BINS)
        self._purity = array("H", [0] * BINS)
        self._out = array("i", [0] * 3)
        self._trust = 0  # 256ths of 256ths
        self.restart()

    def restart(self) -> None:
        """Forget the pulse: every rate is as likely."""
        for j in range(BINS):
            self._weights[j + _EDGE] = (1 << _TOTAL_SHIFT) // BINS
        self._trust = 0
        self._middle = 0
        self.share = 0
        self.bpm = 0

    def follow(self, light: array, motion: array, strength: int) -> None:
        """Take the light's power at each rate and motion's at every second one, and how strong motion is (0 … 256).

        Sets `bpm`, `share` (256ths of all weights within ±6 bpm) and `trust`.
        """
        light_shift = _shift(_largest(light, BINS))
        motion_shift = _shift(_largest(motion, BINS // 2 + 1))
        _unmoved(light, light_shift, motion, motion_shift, strength, self._likely, self._purity)
        _weighed(self._likely)
        _stepped(self._weights, self._likely, self._new)
        out = self._out
        _found(self._weights, self._likely, out)
        self.bpm = FIRST_BPM + (out[0] * STEP_BPM + 8) // 16
        self.share = out[1]
        if not -_REACH <= out[2] - self._middle <= _REACH:
            self._trust = 0  # another rate, which has to earn it
        self._middle = out[2]
        self._trust += ((self._purity[out[2]] << 8) - self._trust) >> 3

    @property
    def trust(self) -> int:
        """How much of the light at this rate, over some eight seconds, motion does not explain; 0 … 256."""
        return self._trust >> 8
