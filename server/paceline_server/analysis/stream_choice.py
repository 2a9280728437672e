"""Of several recordings of one workout: which tells each stream best."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from paceline_server.analysis.cropping import has_values
from paceline_server.analysis.heart_rate import trusted_bpm
from paceline_server.formats.recording import BOUNDS, Column, Recording

_NAMED: Mapping[str, tuple[str, ...]] = {
    "position": ("latitude_deg", "longitude_deg"),
    "distance": ("distance_m", "speed_m_s"),
    "altitude": ("altitude_m",),
    "heart_rate": ("heart_rate_bpm", "heart_rate_confidence"),
    "cadence": ("cadence_spm",),
}
_OTHERS = BOUNDS.keys() - {"time_s"} - {name for names in _NAMED.values() for name in names}
COLUMNS: Mapping[str, tuple[str, ...]] = dict(_NAMED) | {name.rpartition("_")[0]: (name,) for name in sorted(_OTHERS)}
"""Stream → its columns, the first of which tells whether it is known; the streams without columns beside them."""
LAPS, SETS = "laps", "sets"
STREAMS = (*COLUMNS, LAPS, SETS)
CLEARLY = 0.05  # part of the time: so much more is better, whatever else
LONGEST_HOLD_S = 30.0  # a row tells no longer
FINER = 2.0  # so many times the rows: better than what is about as complete
_STRAP, _UNKNOWN, _OPTICAL = 2, 1, 0


class Told(NamedTuple):
    """What a recording tells of a stream: its part of the time, what kind of device it is, and rows a minute."""

    part: float
    kind: int
    a_minute: float


def told_of(recording: Recording, own_distance: bool, longest_s: float) -> dict[str, Told]:
    """Return what a recording tells of each stream, of `longest_s` seconds."""
    columns, found = recording.columns, dict[str, Told]()
    moved = has_values(columns["latitude_deg"]) or _moved(columns)
    for stream, names in COLUMNS.items():
        column = columns.get(names[0])
        if column is None or recording.points < 2 or (stream == "distance" and not _moved(columns)):
            found[stream] = Told(0.0, 0, 0.0)
            continue
        kind = _UNKNOWN
        if stream == "heart_rate":
            confidence = columns["heart_rate_confidence"]
            column = trusted_bpm(column, confidence)
            kind = _OPTICAL if has_values(confidence) else _UNKNOWN if moved else _STRAP
        elif stream == "distance":
            kind = int(own_distance)
        found[stream] = _told(columns["time_s"], column, kind, longest_s)
    for stream, count in ((LAPS, len(recording.laps)), (SETS, len(recording.sets))):
        found[stream] = Told(float(count > 1 or (stream == SETS and count > 0)), 0, float(count))
    return found


def _moved(columns: Mapping[str, Column]) -> bool:
    way_m = columns.get("distance_m")
    return way_m is not None and bool((way_m > 0).any())


def chosen(told: Mapping[str, Mapping[str, Told]], primary: str) -> dict[str, str]:
    """Return by stream the recording (of `told`, by name) to take it from; streams that nobody tells are left out.

    The primary one's, but for what is clearly better: it tells more of the time, or about as much by a better device
    or much finer.
    """
    found: dict[str, str] = {}
    for stream in STREAMS:
        best = primary
        for name in sorted(told.keys() - {primary}):
            if _better(told[name][stream], told[best][stream]):
                best = name
        if told[best][stream].part > 0:
            found[stream] = best
    return found


def _better(one: Told, other: Told) -> bool:
    if one.part > other.part + CLEARLY:
        return True
    if one.part < other.part - CLEARLY or one.part == 0:
        return False
    return one.kind > other.kind or (one.kind == other.kind and one.a_minute > FINER * other.a_minute)


def _told(time_s: Column, column: Column, kind: int, longest_s: float) -> Told:
    known = np.flatnonzero(~np.isnan(column))
    if len(known) < 2:
        return Told(0.0, kind, 0.0)
    steps = np.diff(time_s[known])
    seconds = float(np.minimum(steps, LONGEST_HOLD_S).sum())
    return Told(min(1.0, seconds / max(longest_s, 1.0)), kind, 60 * len(known) / max(seconds, 1.0))


def in_order(told: Mapping[str, Mapping[str, Told]], stream: str, first: str) -> Sequence[str]:
    """Return the names by how well they tell a stream, the chosen one first."""
    return sorted(told, key=lambda name: (name != first, -told[name][stream].part, name))
