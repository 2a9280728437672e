"""A part of a recording, and the box around a route."""

from collections.abc import Mapping

import numpy as np

from paceline_server.formats.recording import Column


def cut_columns(columns: Mapping[str, Column], from_s: float, to_s: float) -> dict[str, Column]:
    """Return the rows between two seconds since the start, both included; time and distance begin anew."""
    time_s = columns["time_s"]
    rows = slice(int(np.searchsorted(time_s, from_s, "left")), int(np.searchsorted(time_s, to_s, "right")))
    cut = {name: column[rows] for name, column in columns.items()}
    cut["time_s"] = cut["time_s"] - from_s
    if "distance_m" in cut and len(cut["distance_m"]):
        cut["distance_m"] = cut["distance_m"] - cut["distance_m"][0]
    return cut


def ends(values: Column) -> tuple[float | None, float | None]:
    """Return the lowest and the highest known value; None, None when nothing is known."""
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if len(known) else (None, None)


def has_values(column: Column | None) -> bool:
    """Tell whether there is a column in which anything is known."""
    return column is not None and not bool(np.isnan(column).all())
