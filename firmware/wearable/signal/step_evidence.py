"""What one second of movement says about walking: weights to be added up, above 0 for walking.

The weights follow the log-likelihood ratios of a logistic fit on half of the recordings of the bench, in eighths, and
were then rounded by hand; docs/SIGNALS_STEPS.md says which and how.
"""

STILL = 60  # milli-g; a second whose largest movement is smaller holds no step

_PEAK_BOUNDS = (30, STILL, 90)
_PEAK = (-7, -2, -2, 2)
_LEVEL_BOUNDS = (30, 50, 70, 100, 150)
_LEVEL = (-11, -5, 2, 1, 3, 4)
_HURRY_BOUNDS = (40, 50, 60, 85)  # 100 × change between two samples / size: a hand that drifts is below, a tremor above
_HURRY = (-9, -2, 1, 4, 0)

_STRONG = 140  # milli-g from which a hand is busy unless it moves in a rhythm
_STRONG_BOUNDS = (28, 38, 48, 60)
_STRONG_QUALITY = (-14, -6, 2, 8, 12)
_WEAK_BOUNDS = (28, 38, 48, 60)
_WEAK_QUALITY = (-4, 0, 2, 5, 8)
_FAST_BOUNDS = (28, 48, 60, 75)  # a fast rhythm in weak movement: typing, or walking with a quiet hand
_FAST_QUALITY = (-7, -4, -3, 3, 8)
_SLOW_BOUNDS = (28,)  # a slow rhythm in strong movement
_SLOW_QUALITY = (-3, 0)

_PRIOR_SLOWEST = 48 * 16
_PRIOR_FASTEST = 135 * 16
_PRIOR_FROM = 120  # milli-g

_LEAST, _MOST = -12, 12


def _weight(bounds: tuple, weights: tuple, value: int) -> int:
    at = 0
    for bound in bounds:
        if value < bound:
            break
        at += 1
    return weights[at]


def likely_rate(level: int) -> int:
    """Return the step rate in 1/16 a minute that goes with a size of movement at the wrist, in milli-g."""
    return min(_PRIOR_SLOWEST + max(level - _PRIOR_FROM, 0) * 8, _PRIOR_FASTEST)


def evidence(level: int, peak: int, hurry: int, rate: int, quality: int) -> int:
    """Return the weight of a second: sizes in milli-g, hurry in per cent, rate in 1/16 a minute (0 none)."""
    weight = _weight(_PEAK_BOUNDS, _PEAK, peak) + _weight(_LEVEL_BOUNDS, _LEVEL, level)
    weight += _weight(_HURRY_BOUNDS, _HURRY, hurry) + _rhythm(level, rate or likely_rate(level), quality)
    return min(max(weight, _LEAST), _MOST)


def _rhythm(level: int, rate: int, quality: int) -> int:
    likely = likely_rate(level)
    slow = 100 * rate < 66 * likely
    if level >= _STRONG:
        weight = _weight(_STRONG_BOUNDS, _STRONG_QUALITY, quality)
        return min(weight, 0) if slow else weight
    if slow:
        return _weight(_SLOW_BOUNDS, _SLOW_QUALITY, quality)
    if 5 * rate >= 7 * likely:
        return _weight(_FAST_BOUNDS, _FAST_QUALITY, quality)
    return _weight(_WEAK_BOUNDS, _WEAK_QUALITY, quality)
