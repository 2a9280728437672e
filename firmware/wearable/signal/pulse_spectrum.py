# ruff: noqa: PLR1730 - min() and max() are calls of objects in viper
"""Spectra of a few seconds of samples, in machine code: the only place where thousands of products a second are made.

Viper loads without a sign, so every array here holds numbers from 0 on: samples carry a bias. Sums stay within 31 bits
by the widths given below.
"""

import math
from array import array

import micropython
from micropython import const

from .pointers import ptr16, ptr32

BIAS = const(0x40000)  # of samples in rings: they lie within ±2**18
_SHAPED_BIAS = const(0x8000)
_SHAPED = const(2047)  # largest shaped sample
_TAPER = const(1024)
_SINE = const(511)
CYCLE = const(0x100000)  # phase of one turn; the sine table has 256 steps
_CYCLE_SHIFT = const(12)
_POWER_SHIFT = const(12)  # 104 samples x 2047 x 511 are below 2**27, halved by the taper; three squares then fit


def biased_sine() -> array:
    """Return one turn of a sine and a quarter more for the cosine."""
    sine = array("H", bytes(2 * 320))  # filled in place: a list that grows takes four times as much
    for i in range(320):
        sine[i] = _SHAPED_BIAS + round(_SINE * math.sin(math.pi * i / 128))
    return sine


def taper(length: int) -> array:
    """Return a Hann window from 0 to 1024."""
    turn = 2 * math.pi / (length + 1)
    window = array("H", bytes(2 * length))
    for i in range(length):
        window[i] = round(_TAPER * (0.5 - 0.5 * math.cos(turn * (i + 1))))
    return window


@micropython.viper
def measure(ring: ptr32, length: int, out: ptr32):
    """Write the mean (with the bias), the mean distance from it and the largest one."""
    total = 0
    for i in range(length):
        total += ring[i]
    mean = total // length
    total = 0
    largest = 0
    for i in range(length):
        away = ring[i] - mean
        if away < 0:
            away = 0 - away
        total += away
        if away > largest:
            largest = away
    out[0] = mean
    out[1] = total // length
    out[2] = largest


@micropython.viper
def shape(ring: ptr32, oldest: int, length: int, mean: int, limit: int, taper: ptr16, out: ptr16):
    """Bring the ring, oldest first, about its mean to ±2047, which `limit` (1 … 2**18) and all beyond becomes."""
    at = oldest
    for i in range(length):
        away = ring[at] - mean + limit
        if away < 0:
            away = 0
        if away > 2 * limit:
            away = 2 * limit
        out[i] = (((away * _SHAPED // limit - _SHAPED) * taper[i]) >> 10) + _SHAPED_BIAS
        at += 1
        if at == length:
            at = 0


@micropython.viper
def powers(shaped: ptr16, length: int, first: int, step: int, bins: int, sine: ptr16, kept: int, out: ptr32):
    """Write the power at `bins` phase steps from `first` on; `kept` 1 adds to what is in `out`, 0 replaces it."""
    turn = first
    for k in range(bins):
        real = 0
        imaginary = 0
        phase = 0
        for i in range(length):
            sample = shaped[i] - _SHAPED_BIAS
            at = (phase >> _CYCLE_SHIFT) & 255
            imaginary += sample * (sine[at] - _SHAPED_BIAS)
            real += sample * (sine[at + 64] - _SHAPED_BIAS)
            phase += turn
        real >>= _POWER_SHIFT
        imaginary >>= _POWER_SHIFT
        out[k] = out[k] * kept + real * real + imaginary * imaginary
        turn += step
