"""A column as an SVG path, for readers without scripts and until the scripts have drawn."""

import math
from collections.abc import Sequence

BUCKETS = 240


def sparkline(values: Sequence[float | None], width: int, height: int, *, falling: bool = False) -> str:
    """Return the path of the means of equal stretches; `falling` puts the lowest value on top. "" without values."""
    means = _means(values, BUCKETS)
    known = sorted(value for value in means if value is not None)
    if len(known) < 2:
        return ""
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
        y = share * height if falling else (1 - share) * height
        parts.append(f"{pen}{index * width / (len(means) - 1):.1f} {y:.1f}")
        pen = "L"
    return "".join(parts)


def _means(values: Sequence[float | None], buckets: int) -> list[float | None]:
    stride = max(1, math.ceil(len(values) / buckets))
    means: list[float | None] = []
    for start in range(0, len(values), stride):
        known = [value for value in values[start : start + stride] if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means
