"""What a heart rate without care gives: a peak counter and an autocorrelation over the last eight seconds of light."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from paceline_tools.bench.pulse_recordings import LIGHT_RATE_HZ, WINDOW_S

_WINDOW = WINDOW_S * LIGHT_RATE_HZ
_SHORTEST = 60 * LIGHT_RATE_HZ // 220
_LONGEST = 60 * LIGHT_RATE_HZ // 30

Numbers: TypeAlias = NDArray[np.float64]


def each_second(light: NDArray[np.int32], rate_of: Callable[[Numbers], float]) -> Numbers:
    """Return the rate after each second; NaN before the first full window and where none is found."""
    smooth = np.convolve(light, np.ones(3) / 3, "same")
    moving = smooth - np.convolve(np.pad(smooth, 12, "edge"), np.ones(25) / 25, "valid")
    ends = range(LIGHT_RATE_HZ, len(light) + 1, LIGHT_RATE_HZ)
    return np.array([rate_of(moving[end - _WINDOW : end]) if end >= _WINDOW else np.nan for end in ends])


def peak_count(window: Numbers) -> float:
    """Return the rate by the mean distance of peaks above half the deviation and at least 0.28 s apart."""
    window = -window if abs(window.min()) > window.max() else window
    floor = window.std() / 2
    peaks: list[int] = []
    for i in range(1, len(window) - 1):
        if window[i] > floor and window[i - 1] < window[i] >= window[i + 1]:
            if not peaks or i - peaks[-1] > _SHORTEST:
                peaks.append(i)
            elif window[i] > window[peaks[-1]]:
                peaks[-1] = i
    return 60 * LIGHT_RATE_HZ * (len(peaks) - 1) / (peaks[-1] - peaks[0]) if len(peaks) > 2 else np.nan


def autocorrelation(window: Numbers) -> float:
    """Return the rate by the highest peak of the autocorrelation between 30 and 220 bpm."""
    away = window - window.mean()
    sums = np.correlate(away, away, "full")[len(away) - 1 :][: _LONGEST + 2]
    lags = [lag for lag in range(_SHORTEST, _LONGEST + 1) if sums[lag - 1] < sums[lag] >= sums[lag + 1]]
    if not lags:
        return np.nan
    lag = max(lags, key=lambda lag: sums[lag])
    before, here, after = sums[lag - 1 : lag + 2]
    return 60 * LIGHT_RATE_HZ / (lag + (before - after) / (2 * (before - 2 * here + after)))
