"""Lengths and sets of a session of a journal, and the distance that lengths make."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from paceline_protocol.layout import Fields
from paceline_protocol.records import LENGTH, SET

from paceline_server.formats.journal_clock import BootClock
from paceline_server.formats.journal_timeline import Timeline
from paceline_server.formats.recording import Column, ExerciseSet, Length


@dataclass(frozen=True, slots=True)
class Exercise:
    """A LENGTH or SET record."""

    kind: int
    clock: BootClock
    fields: Fields


def lengths_of(done: Sequence[Exercise], timeline: Timeline, start_utc_s: int) -> tuple[Length, ...]:
    """Return the lengths in their order; none begins before the one before it ended."""
    lengths: list[Length] = []
    before = 0.0
    for one in done:
        if one.kind == LENGTH:
            fields = one.fields
            end = max(before, float(timeline.utc_at(one.clock, fields.t_s) - start_utc_s))
            begin = min(end, max(before, end - fields.duration_ds / 10))
            lengths.append(Length(begin, end, fields.strokes, fields.pool_cm / 100))
            before = end
    return tuple(lengths)


def sets_of(done: Sequence[Exercise], timeline: Timeline, start_utc_s: int) -> tuple[ExerciseSet, ...]:
    """Return the sets in their order; none begins before the one before it ended."""
    sets: list[ExerciseSet] = []
    before = 0.0
    for one in done:
        if one.kind == SET:
            fields = one.fields
            end = max(before, float(timeline.utc_at(one.clock, fields.t_s) - start_utc_s))
            begin = min(end, max(before, end - fields.duration_s))
            sets.append(ExerciseSet(begin, end, fields.repetitions))
            before = end
    return tuple(sets)


def swum_m(time_s: Column, lengths: Sequence[Length]) -> Column:
    """Return the distance swum at every row: even within a length, none at the wall."""
    edges, swum = [0.0], [0.0]
    for length in lengths:
        edges += [length.start_s, length.end_s]
        swum += [swum[-1], swum[-1] + length.pool_m]
    return np.interp(time_s, edges, swum)
