"""Near-duplicates made of a recording: what another device would have recorded, and what only looks like it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from paceline_server.analysis.cropping import cut_columns
from paceline_server.analysis.same_workout import Same
from paceline_server.formats.recording import Column, Recording

Pair = tuple[Recording, Recording]
HOUR_S, WEEK_S = 3600.0, 7 * 86400.0
_METRES = 111_195.0
_YES, _ASKED, _NO = frozenset({Same.YES}), frozenset({Same.YES, Same.PERHAPS}), frozenset({Same.NO})


def long_enough(recording: Recording) -> bool:
    """Tell whether a recording has what the near-duplicates are made of."""
    columns = recording.columns
    known = int((~np.isnan(columns["latitude_deg"])).sum())
    moved = known and max(float(np.nanmax(columns[name]) - np.nanmin(columns[name])) for name in PLACES) > 0.004
    return bool(moved) and 600 <= recording.duration_s < 86400 and known >= 300


PLACES = ("latitude_deg", "longitude_deg")


def _changed(recording: Recording, **columns: Column) -> Recording:
    kept = {name: column for name, column in recording.columns.items() if name != "distance_m"}
    return replace(recording, columns=kept | columns)


def _without(recording: Recording, *names: str) -> Recording:
    return _changed(recording, **{name: np.full(recording.points, np.nan) for name in names})


def _later(recording: Recording, seconds: float) -> Recording:
    return replace(recording, start_utc_s=recording.start_utc_s + seconds)


def _noisy(recording: Recording) -> Recording:
    """Return what another receiver would have: errors of some metres that change within a minute."""
    rng = np.random.default_rng(recording.points)
    minutes = np.arange(0.0, recording.duration_s + 60, 20.0)
    since_s = recording.columns["time_s"] - recording.columns["time_s"][0]
    errors = [np.interp(since_s, minutes, rng.normal(0, 4 / _METRES, len(minutes))) for _ in PLACES]
    latitude, longitude = (recording.columns[name] for name in PLACES)
    wide = np.cos(np.radians(np.nanmean(latitude)))
    return _changed(recording, latitude_deg=latitude + errors[0], longitude_deg=longitude + errors[1] / wide)


def _repaced(recording: Recording, part: float = 0.03) -> Recording:
    """Return the same way at a pace that is a little another, now faster, now slower."""
    rng = np.random.default_rng(recording.points + 1)
    time_s = recording.columns["time_s"]
    marks_s = np.arange(0.0, time_s[-1] + 300, 120.0)
    pace = 1 + part * np.interp(time_s, marks_s, rng.normal(0, 1, len(marks_s)))
    moved_s = time_s[0] + np.cumsum(np.diff(time_s, prepend=time_s[0]) * np.clip(pace, 0.5, 2))
    places = {name: _along(moved_s, time_s, recording.columns[name]) for name in PLACES}
    return _changed(_without(recording, "speed_m_s"), **places)


def _along(at_s: Column, time_s: Column, values: Column) -> Column:
    known = ~np.isnan(values)
    return np.interp(at_s, time_s[known], values[known])


def _backwards(recording: Recording) -> Recording:
    turned = {
        name: _along(recording.columns["time_s"], recording.columns["time_s"], recording.columns[name])[::-1]
        for name in PLACES
    }
    return _changed(_without(recording, "speed_m_s"), **turned)


def _part(recording: Recording, first: float, last: float) -> Recording:
    begin_s, end_s = (part * recording.duration_s + float(recording.columns["time_s"][0]) for part in (first, last))
    cut = cut_columns(
        {name: column for name, column in recording.columns.items() if name != "distance_m"}, begin_s, end_s
    )
    return Recording(recording.sport, recording.source, recording.start_utc_s + begin_s, cut)


def _elsewhere(recording: Recording) -> Recording:
    north = np.clip(recording.columns["latitude_deg"] + 0.02, -90, 90)
    return _changed(_without(recording, "heart_rate_bpm"), latitude_deg=north)


def _with_hearts(recording: Recording) -> Recording:
    beats = recording.columns["heart_rate_bpm"]
    if not np.isnan(beats).all():
        return recording
    time_s = recording.columns["time_s"]
    return _changed(recording, heart_rate_bpm=np.rint(140 + 20 * np.sin(time_s / 180) + 8 * np.sin(time_s / 47)))


def _halves(recording: Recording) -> Pair | None:
    halves = _part(recording, 0, 0.5), _part(recording, 0.501, 1)
    return halves if min(one.points for one in halves) > 1 else None


def _apart(recording: Recording, of_one: str) -> Pair:
    """Return a watch without a heart rate, or a heart rate alone, beside a strap that knows nothing else."""
    whole = _with_hearts(recording)
    strap = _without(whole, *PLACES, "speed_m_s", "altitude_m", "cadence_spm")
    return (_without(whole, of_one) if of_one else whole), strap


MADE: Mapping[str, tuple[Callable[[Recording], Pair | None], frozenset[Same]]] = {
    "another receiver beside it": (lambda one: (one, _noisy(one)), _YES),
    "… whose clock is 17 s ahead": (lambda one: (one, _later(_noisy(one), 17)), _YES),
    "… begun a little later, ended earlier": (lambda one: (one, _part(_noisy(one), 0.05, 0.93)), _ASKED),
    "… whose battery was empty after two fifths": (lambda one: (one, _part(_noisy(one), 0, 0.4)), _ASKED),
    "the same data with the local time as UTC (+2 h)": (lambda one: (one, _later(one, 2 * HOUR_S)), _YES),
    "a strap beside a watch with a heart rate": (lambda one: _apart(one, ""), _YES),
    "a strap beside a watch without": (lambda one: _apart(one, "heart_rate_bpm"), _ASKED),
    "the same way a week later, to the second": (lambda one: (one, _later(_repaced(_noisy(one)), WEEK_S)), _NO),
    "the same data a week later": (lambda one: (one, _later(one, WEEK_S)), _NO),
    "the same way, begun whole hours later": (lambda one: (one, _later(_repaced(_noisy(one)), _after_s(one))), _NO),
    "the way back, begun whole hours later": (lambda one: (one, _later(_backwards(one), _after_s(one))), _NO),
    "the same second, two kilometres away": (lambda one: (one, _elsewhere(one)), _NO),
    "two halves, one after the other": (_halves, _NO),
    "laps: the same way again at once": (lambda one: (one, _later(_repaced(one), one.duration_s + 20)), _NO),
}
"""What is made → how, and what it may be told to be."""


def _after_s(recording: Recording) -> float:
    return HOUR_S * (recording.duration_s // HOUR_S + 1)
