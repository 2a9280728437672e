"""Fewer rows of many columns for a screen, chosen so that peaks, turns of the way and gaps stay.

The rows are parted into runs of one length. Of each run stay its first row, the rows with the lowest and the highest
value of each series (min-max decimation: a peak of one row stays, where a mean or every n-th row would lose it), and
the row that is the longest way round between the run's ends on the map. Rows are kept as they are, never averaged.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from paceline_server.formats.recording import Column

SERIES = ("speed_m_s", "heart_rate_bpm", "altitude_m", "power_w", "cadence_spm")
STAND = ("time_s", "latitude_deg", "longitude_deg", "distance_m")  # known in a gap as well: where one was last
LEAST = 32
SHORTEST_GAP_S = 30.0
USUAL_STEPS = 5.0  # a gap is longer than so many usual steps: some recorders write a row in half a minute

Rows = NDArray[np.intp]


def thinned(columns: Mapping[str, Column], most: int) -> dict[str, Column]:
    """Return at most `most` (≥ LEAST) rows of columns of equal length, `time_s` among them.

    In every gap of over SHORTEST_GAP_S (the longest ones, where there are very many) stands a row that has only time
    and the place before (STAND), so that what is drawn of the others breaks there.
    """
    gaps = long_gaps(columns["time_s"], most // 12)
    rows = np.union1d(kept_rows(columns, most - 3 * len(gaps)), np.concatenate([gaps, gaps + 1]))
    kept = {name: column[rows] for name, column in columns.items()}
    if len(gaps) == 0:
        return kept
    at = np.searchsorted(rows, gaps, "right")
    put_in = {name: column[gaps] if name in STAND else np.full(len(gaps), np.nan) for name, column in columns.items()}
    put_in["time_s"] = (columns["time_s"][gaps] + columns["time_s"][gaps + 1]) / 2
    return {name: np.insert(kept[name], at, put_in[name]) for name in kept}


def long_gaps(time_s: Column, most: int) -> Rows:
    """Return the rows after which nothing was recorded for long, ascending; the longest `most` of them."""
    steps = np.diff(time_s)
    if len(steps) == 0:
        return np.empty(0, np.intp)
    found = np.flatnonzero(steps > max(SHORTEST_GAP_S, USUAL_STEPS * float(np.median(steps))))
    return found if len(found) <= most else np.sort(found[np.argsort(-steps[found], kind="stable")[:most]])


def kept_rows(columns: Mapping[str, Column], most: int) -> Rows:
    """Return the rows that stay, ascending; all of them when there are no more than `most`."""
    count = len(columns["time_s"])
    if count <= most:
        return np.arange(count)
    series = [columns[name] for name in SERIES if name in columns and not np.isnan(columns[name]).all()]
    placed = "latitude_deg" in columns and not np.isnan(columns["latitude_deg"]).all()
    runs = max(1, (most - 1) // (2 + 2 * len(series)))
    rows = _of_runs(columns, series, runs, placed=placed)
    # A row that is the extreme of several series leaves room for more runs.
    again = _of_runs(columns, series, min(count, runs * (most - 1) // len(rows)), placed=placed)
    return again if len(again) <= most else rows


def _of_runs(columns: Mapping[str, Column], series: Sequence[Column], runs: int, *, placed: bool) -> Rows:
    count = len(columns["time_s"])
    firsts = np.unique((np.arange(runs) * count) // runs)
    found = [firsts, np.array([count - 1])]
    for values in series:
        found += [_extremes(np.where(np.isnan(values), np.inf, values), firsts)]
        found += [_extremes(np.where(np.isnan(values), np.inf, -values), firsts)]
    if placed:
        found.append(_corners(columns["latitude_deg"], columns["longitude_deg"], firsts))
    return np.unique(np.concatenate(found))


def _extremes(values: Column, firsts: Rows) -> Rows:
    """Return the first row of each run at which its lowest value stands; the run's first where none is finite."""
    lowest = np.minimum.reduceat(values, firsts)
    run = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(values))))
    hits = np.flatnonzero(values == lowest[run])
    return hits[np.searchsorted(run[hits], np.arange(len(firsts)))]


def _corners(latitude_deg: Column, longitude_deg: Column, firsts: Rows) -> Rows:
    """Return the row of each run that is the longest way round from its first to its last row; the first if unknown."""
    lengths = np.diff(np.append(firsts, len(latitude_deg)))
    across = longitude_deg * np.cos(np.radians(latitude_deg))
    round_about = np.zeros(len(across))
    for ends in (firsts, firsts + lengths - 1):
        end = np.repeat(ends, lengths)
        round_about += np.hypot(latitude_deg - latitude_deg[end], across - across[end])
    return _extremes(np.where(np.isnan(round_about), np.inf, -round_about), firsts)
