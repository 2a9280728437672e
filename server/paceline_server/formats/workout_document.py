"""A workout as a platform keeps it in pieces, as one document of ours: its type, track and series, joined when read.

It holds what the platform said, so that a better way of joining needs no new export. JSON; times are seconds since
`start_s`, series and track are columns of equal length, null where a value is missing.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct

from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.recording import BOUNDS, Column, Lap, Pause, Recording, is_utc_offset
from paceline_server.formats.sports import sport_of
from paceline_server.formats.tidying import steps_per_minute, tidy

WORKOUT_MARK = b'{"paceline_workout":1,'
NEAR_S = 10.0  # further from any sample nothing is known, as of heart rates in FIT
LONGEST_S = 30 * 86400.0
MOST_PARTS = 10_000
SAMPLED = ("heart_rate_bpm", "cadence_spm", "power_w", "speed_m_s")

Stretch = tuple[float, float]
Values = list[float | None]


class Series(Struct):
    """Values at moments."""

    time_s: list[float]
    values: list[float]


class Workout(Struct, omit_defaults=True):
    """A workout; `kind` is the platform's word for the sport, `distance_m` its total.

    `series` are by column (SAMPLED, and distance_m: metres since the start); `track` columns with `time_s`;
    `utc_offset_s` what its clock stood east of UTC.
    """

    paceline_workout: Annotated[int, Meta(ge=1, le=1)]
    source: str
    kind: str
    start_s: float
    duration_s: float
    distance_m: float | None = None
    pauses: Annotated[list[Stretch], Meta(max_length=MOST_PARTS)] = []
    laps: Annotated[list[Stretch], Meta(max_length=MOST_PARTS)] = []
    series: dict[str, Series] = {}
    track: dict[str, Values] = {}
    utc_offset_s: int | None = None


_DECODER = msgspec.json.Decoder(Workout)


def write_workout(workout: Workout) -> bytes:
    """Return the document, always the same bytes of the same workout."""
    return msgspec.json.encode(workout)


def read_workout(data: bytes) -> Contents:
    """Return the one recording of a document. FormatError for what is none."""
    try:
        workout = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise FormatError(f"Damaged document of a workout: {error}", "workout") from error
    return Contents((recording_of(workout),))


def recording_of(workout: Workout) -> Recording:
    """Return the recording: the rows of the track, those of series where it has none, the start and the end."""
    if not 0 <= workout.duration_s <= LONGEST_S:
        raise FormatError(f"A workout of {workout.duration_s:g} s", "workout")
    track = _track(workout.track)
    series = {name: _sorted(one) for name, one in workout.series.items() if name in BOUNDS}
    ends = np.array([0.0, workout.duration_s])
    moments = np.unique(np.concatenate([ends, *(time_s for time_s, _ in series.values())]))
    time_s = np.unique(np.concatenate([track["time_s"], ends, moments[_away_s(moments, track["time_s"]) > NEAR_S]]))
    columns = {name: _placed(time_s, track["time_s"], column) for name, column in track.items() if name != "time_s"}
    for name in SAMPLED:
        if name in series:
            columns[name] = _over(columns.get(name), _at(time_s, *series[name]))
    columns["distance_m"] = _distance_m(time_s, workout, series.get("distance_m"))
    sport = sport_of(workout.kind)
    if "cadence_spm" in columns:
        columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], sport)
    began_s, columns = tidy({"time_s": time_s, **columns})
    end_s = began_s + float(columns["time_s"][-1])
    laps = tuple(Lap(one[0] - began_s, one[1] - began_s) for one in _stretches(workout.laps, began_s, end_s))
    pauses = tuple(Pause(one[0] - began_s, one[1] - began_s) for one in _stretches(workout.pauses, began_s, end_s))
    source = " ".join(workout.source.split())[:80] or "import"
    away_s = workout.utc_offset_s if is_utc_offset(workout.utc_offset_s) else None
    start_s = workout.start_s + began_s
    return Recording.of(sport, source, start_s, columns, laps=laps, pauses=pauses, utc_offset_s=away_s)


def _track(columns: Mapping[str, Values]) -> dict[str, Column]:
    arrays = {name: np.array(values, dtype=np.float64) for name, values in columns.items() if name in BOUNDS}
    if ("latitude_deg" in arrays) != ("longitude_deg" in arrays):
        raise FormatError("A position needs both latitude and longitude", "track")
    time_s = arrays.setdefault("time_s", np.empty(0))
    if any(len(array) != len(time_s) for array in arrays.values()):
        raise FormatError("The columns of the track are not of one length", "track")
    _, first = np.unique(time_s, return_index=True)
    kept = first[np.isfinite(time_s[first])]
    return {name: array[kept] for name, array in arrays.items()}


def _sorted(series: Series) -> tuple[Column, Column]:
    if len(series.time_s) != len(series.values):
        raise FormatError("Times and values of a series are not as many", "series")
    time_s, first = np.unique(np.array(series.time_s, dtype=np.float64), return_index=True)
    return time_s, np.array(series.values, dtype=np.float64)[first]


def _away_s(moments: Column, from_s: Column) -> Column:
    """Return how far each moment is from the nearest of the others, which ascend."""
    if not len(from_s):
        return np.full(len(moments), np.inf)
    after = np.clip(np.searchsorted(from_s, moments), 1, max(len(from_s) - 1, 1))
    after = np.minimum(after, len(from_s) - 1)
    return np.minimum(np.abs(moments - from_s[np.maximum(after - 1, 0)]), np.abs(moments - from_s[after]))


def _placed(time_s: Column, at_s: Column, column: Column) -> Column:
    placed = np.full(len(time_s), np.nan)
    placed[np.searchsorted(time_s, at_s)] = column
    return placed


def _at(time_s: Column, at_s: Column, values: Column) -> Column:
    if not len(at_s):
        return np.full(len(time_s), np.nan)
    return np.where(_away_s(time_s, at_s) <= NEAR_S, np.interp(time_s, at_s, values), np.nan)


def _over(column: Column | None, other: Column) -> Column:
    return other if column is None else np.where(np.isnan(column), other, column)


def _distance_m(time_s: Column, workout: Workout, series: tuple[Column, Column] | None) -> Column:
    """Return the distance of the platform: growing evenly between what it counted; else its total, told at the end."""
    column = np.full(len(time_s), np.nan)
    if series is not None and len(series[0]):
        at_s, metres = series
        known = time_s >= 0  # after the last count nothing was added
        column[known] = np.interp(time_s[known], [min(0.0, at_s[0]), *at_s], [0.0, *np.maximum.accumulate(metres)])
    elif not workout.track and workout.distance_m is not None:
        column[np.searchsorted(time_s, 0.0)] = 0.0
        column[np.searchsorted(time_s, workout.duration_s)] = workout.distance_m
    return column


def _stretches(stretches: list[Stretch], began_s: float, end_s: float) -> list[Stretch]:
    """Return what lies within the recording, in order and apart."""
    kept: list[Stretch] = []
    for begin, end in sorted((max(begin, began_s), min(end, end_s)) for begin, end in stretches):
        free_from = max(begin, kept[-1][1]) if kept else begin
        if end > free_from:
            kept.append((free_from, end))
    return kept
