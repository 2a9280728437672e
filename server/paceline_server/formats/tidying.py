"""From rows as files hold them to columns as a Recording wants them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from paceline_server.formats.recording import BOUNDS, Column

FOOT_SPORTS = frozenset({"running", "walking", "hiking"})
MOST_STRIDES_PER_MINUTE: Mapping[str, float] = {"running": 120, "walking": 75, "hiking": 75}
"""A typical cadence below this counts one foot only: nobody runs at 120 steps per minute or walks at 75."""


def tidy(columns: Mapping[str, ArrayLike]) -> tuple[float, dict[str, Column]]:
    """Return the first time and columns a Recording takes, from columns whose `time_s` counts from any moment.

    Rows without a time are dropped, the others sorted by time; rows with the same time become one, with the first value
    that is known of each column (some programs write position and distance in two rows). A value outside its bounds
    becomes missing, and so do half a position and the position 0, 0, which devices write for "none". No row at all
    gives (0.0, empty columns).
    """
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}
    time_s = arrays["time_s"]
    kept = np.flatnonzero(np.isfinite(time_s))
    _, first, row_of = np.unique(time_s[kept], return_index=True, return_inverse=True)
    rows = kept[first]
    double = np.ones(len(kept), np.bool_)
    double[first] = False
    again = np.flatnonzero(double)[::-1]  # backwards: the earliest is written last
    tidied = {name: _within_bounds(name, array[rows]) for name, array in arrays.items() if name != "time_s"}
    for name, column in tidied.items() if len(again) else ():
        told = _within_bounds(name, arrays[name][kept[again]])
        useful = ~np.isnan(told) & np.isnan(column[row_of[again]])
        column[row_of[again[useful]]] = told[useful]
    if "latitude_deg" in tidied:
        latitude, longitude = tidied["latitude_deg"], tidied["longitude_deg"]
        none = np.isnan(latitude) | np.isnan(longitude) | ((latitude == 0) & (longitude == 0))
        latitude[none] = longitude[none] = np.nan
    start = float(time_s[rows[0]]) if len(rows) else 0.0
    tidied["time_s"] = time_s[rows] - start
    return start, tidied


def steps_per_minute(cadence: Column, sport: str, *, strides: bool = False) -> Column:
    """Return cadence in steps per minute for sports on foot, unchanged for all others.

    Many devices count the strides of one leg. `strides` says that the format does so by its specification; otherwise
    the typical value decides.
    """
    if sport not in FOOT_SPORTS:
        return cadence
    moving = cadence[cadence > 0]
    if not strides and (not len(moving) or np.median(moving) >= MOST_STRIDES_PER_MINUTE[sport]):
        return cadence
    return cadence * 2


def _within_bounds(name: str, column: Column) -> Column:
    low, high = BOUNDS[name]
    return np.where((column >= low) & (column <= high), column, np.nan)
