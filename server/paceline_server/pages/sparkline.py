"""A column as an SVG path, for readers without scripts and until the scripts have drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BUCKETS = 200


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The path of a curve, and the values at its lower and upper end."""

    path: str
    low: float
    high: float


def sparkline(values: Sequence[float | None], width: int, height: int) -> Sparkline | None:
    """Draw the means of equal stretches of the values, the highest on top; None for less than two values."""
    means = _means(values, BUCKETS)
    known = sorted(value for value in means if value is not None)
    if len(known) < 2:
        return None
    cut = len(known) // 50  # the stray values at both ends do not flatten the rest
    low, high = known[cut], known[-1 - cut]
    spread = (high - low) or 1.0
    parts: list[str] = []
    pen = "M"
    for index, value in enumerate(means):
        if value is None:
            pen = "M"
            continue
        share = min(1.0, max(0.0, (value - low) / spread))
        parts.append(f"{pen}{index * width / (len(means) - 1):.0f} {round(2 * (1 - share) * height) / 2:g}")
        pen = "L"
    return Sparkline("".join(parts), low, high)


def _means(values: Sequence[float | None], buckets: int) -> list[float | None]:
    stride = max(1, math.ceil(len(values) / buckets))
    means: list[float | None] = []
    for start in range(0, len(values), stride):
        known = [value for value in values[start : start + stride] if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means
