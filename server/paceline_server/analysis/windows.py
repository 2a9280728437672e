"""Best windows of a curve between points: exact, because the best one has an end at a point.

Between the points the curve is a straight line, so what a window gains while it slides is piecewise linear, too, and
has its extremes where the window begins or ends at a point. Both sorts are tried, the other end interpolated.
"""

import numpy as np

from paceline_server.analysis.by_row import between
from paceline_server.formats.recording import Column

MOST_FILLED = 4  # points that may be put in for each one that is there


def evened(x: Column, y: Column) -> tuple[Column, Column, float | None]:
    """Return the same curve, and its one step where it has one: whole steps that differ are filled up to single ones.

    Points on a curve change nothing of it; even ones make largest_rise() a subtraction.
    """
    steps = between(x)
    if len(steps) == 0:
        return x, y, None
    if steps.min() == steps.max():
        return x, y, float(steps[0])
    if x[-1] - x[0] > MOST_FILLED * len(x) or (steps != np.floor(steps)).any():
        return x, y, None
    filled = x[0] + np.arange(round(x[-1] - x[0]) + 1.0)
    return filled, np.interp(filled, x, y), 1.0


def largest_rise(x: Column, y: Column, width: float, step: float | None = None) -> tuple[float, float] | None:
    """Return (most that y rises within `width` of x, where that window begins); None when x is shorter.

    x ascends strictly; y is finite. `step` is that of evened(): it only makes this faster.
    """
    if len(x) < 2 or x[-1] - x[0] < width:
        return None
    if step is not None and width % step == 0:
        rows = int(width / step)
        rises = y[rows:] - y[: len(y) - rows]
        best = int(rises.argmax())
        return float(rises[best]), float(x[best])
    begins = x[: int(x.searchsorted(x[-1] - width, "right"))]
    forward = np.interp(begins + width, x, y) - y[: len(begins)]
    first = int(x.searchsorted(x[0] + width))
    backward = y[first:] - np.interp(x[first:] - width, x, y)
    ahead, behind = int(forward.argmax()), int(backward.argmax())
    if forward[ahead] >= backward[behind]:
        return float(forward[ahead]), float(x[ahead])
    return float(backward[behind]), float(x[first + behind] - width)


def shortest_span(x: Column, y: Column, rise: float) -> tuple[float, float] | None:
    """Return (shortest stretch of x in which y rises by `rise`, where it begins); None when y rises less in all.

    x ascends strictly, y never falls; `rise` is above 0. Where y stands still a window begins after the stand and ends
    before it.
    """
    if len(x) < 2 or y[-1] - y[0] < rise:
        return None
    # np.interp reads the last of equal points, which is right for where a window begins.
    first = min(int(y.searchsorted(y[0] + rise)), len(x) - 1)
    begins = np.interp(y[first:] - rise, y, x)
    backward = x[first:] - begins
    behind = int(backward.argmin())
    best = backward[behind]
    # What ends within the step before a point begins no later than what ends at the point, and ends after the point
    # before. So few of the windows that begin at a point have to be tried. Of them np.interp reads too long what ends
    # in a stand, but the stand begins at a point.
    near = first + (x[first - 1 : -1] - begins <= best).nonzero()[0]
    begin = int(y.searchsorted(y[near[0] - 1] - rise))
    end = int(y.searchsorted(y[near[-1]] - rise, "right"))
    forward = np.interp(y[begin:end] + rise, y, x) - x[begin:end]
    ahead = int(forward.argmin()) if end > begin else -1
    if ahead >= 0 and forward[ahead] <= best:
        return float(forward[ahead]), float(x[begin + ahead])
    return float(best), float(x[first + behind] - best)
