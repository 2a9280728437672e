"""Lengths of a pool and sets of a strength workout in a FIT file (`length` and `set` messages)."""

from itertools import pairwise

import numpy as np

from paceline_server.formats.fit.messages import FitMessages, field
from paceline_server.formats.recording import Column, ExerciseSet, Length

ACTIVE = 1.0  # of length_type and set_type; 0 is idle, or rest


def lengths_of(messages: FitMessages, start_utc_s: float, end_s: float, pool_m: float | None) -> tuple[Length, ...]:
    """Return the lengths that were swum in a pool of this size, in order and apart; none without its size."""
    found = messages.columns("length")
    if pool_m is None or not len(found):
        return ()
    begin_s = field(found, "start_time") - start_utc_s
    last_s = np.minimum(begin_s + np.nan_to_num(field(found, "total_elapsed_time")), end_s)
    strokes = np.nan_to_num(field(found, "total_strokes"))
    active = (field(found, "length_type") == ACTIVE) & (last_s > 0) & (begin_s <= end_s)
    return tuple(
        Length(start, end, int(count), pool_m)
        for (start, end), count in zip(_apart(begin_s[active], last_s[active]), strokes[active].tolist(), strict=True)
    )


def sets_of(messages: FitMessages, start_utc_s: float, end_s: float) -> tuple[ExerciseSet, ...]:
    """Return the sets that were done, rests left out, in order and apart; 0 repetitions: not counted."""
    found = messages.columns("set")
    if not len(found):
        return ()
    begin_s = field(found, "start_time") - start_utc_s
    last_s = np.minimum(begin_s + np.nan_to_num(field(found, "duration")), end_s)
    repetitions = np.nan_to_num(field(found, "repetitions"))
    active = (field(found, "set_type") == ACTIVE) & (last_s > 0) & (begin_s <= end_s)
    return tuple(
        ExerciseSet(start, end, int(count))
        for (start, end), count in zip(
            _apart(begin_s[active], last_s[active]), repetitions[active].tolist(), strict=True
        )
    )


def swum_distance_m(time_s: Column, lengths: tuple[Length, ...]) -> Column:
    """Return the distance at each time, when it grows evenly within each length."""
    edges = [0.0, *(edge for one in lengths for edge in (one.start_s, one.end_s))]
    ends = np.cumsum([one.pool_m for one in lengths])
    swum = np.concatenate([[0.0, 0.0], np.repeat(ends, 2)[:-1]])
    return np.interp(time_s, edges, swum)


def _apart(begins: Column, ends: Column) -> list[tuple[float, float]]:
    """Return (start, end) pairs by start; whole seconds of the start let neighbours overlap a little: cut there."""
    pairs = sorted(zip(np.maximum(begins, 0.0).tolist(), ends.tolist(), strict=True))
    cut = [(start, max(start, min(end, after))) for (start, end), (after, _) in pairwise(pairs)]
    return [*cut, *pairs[-1:]]
