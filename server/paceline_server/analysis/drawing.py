"""The columns of an activity as pages draw them: a stretch, smoothed, with the gradient, in as many rows as asked."""

from collections.abc import Mapping

import numpy as np

from paceline_server.analysis.cropping import has_values
from paceline_server.analysis.grade import gradients
from paceline_server.analysis.running_mean import mean_around
from paceline_server.analysis.thinning import LEAST, thinned
from paceline_server.formats.recording import Column

GRADE = "grade_percent"
SMOOTHED = ("speed_m_s", "power_w")
CHART_MEAN_S = 15.0
MOST_POINTS = 20_000
LEAST_POINTS = LEAST


def drawn(
    columns: Mapping[str, Column],
    points: int,
    *,
    from_s: float | None = None,
    to_s: float | None = None,
    mean_s: float = 0.0,
) -> dict[str, Column]:
    """Return at most `points` rows from one second to another, and one in each long gap (analysis/thinning.py).

    Speed and power are means over `mean_s` (0: as measured). GRADE is added where way and altitude are known. Smoothing
    and gradient are of all rows, before any is left out, so that a stretch is drawn as it is within the whole.
    """
    whole = dict(columns)
    for name in SMOOTHED:
        if mean_s > 0 and has_values(whole.get(name)):
            whole[name] = mean_around(whole["time_s"], whole[name], mean_s)
    slope = _grade_percent(columns)
    if slope is not None:
        whole[GRADE] = slope
    few = thinned(between(whole, from_s, to_s), points)
    return {name: np.round(column, 6 if name.endswith("_deg") else 2) for name, column in few.items()}


def between(columns: Mapping[str, Column], from_s: float | None, to_s: float | None) -> dict[str, Column]:
    """Return the rows from one second since the start to another, both included; times and distances stay."""
    time_s = columns["time_s"]
    first = 0 if from_s is None else int(np.searchsorted(time_s, from_s, "left"))
    after = len(time_s) if to_s is None else int(np.searchsorted(time_s, to_s, "right"))
    return {name: column[first:after] for name, column in columns.items()}


def _grade_percent(columns: Mapping[str, Column]) -> Column | None:
    distance_m, altitude_m = columns.get("distance_m"), columns.get("altitude_m")
    if distance_m is None or altitude_m is None or not has_values(distance_m) or not has_values(altitude_m):
        return None
    slope = gradients(np.maximum.accumulate(np.nan_to_num(distance_m)), altitude_m)
    return None if slope is None else np.round(100 * slope, 1)
