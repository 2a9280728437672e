"""One recording of several of the same workout, each stream from the one that was chosen for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from paceline_server.analysis.side_by_side import side_by_side
from paceline_server.analysis.stream_choice import COLUMNS, LAPS, in_order, told_of
from paceline_server.formats.recording import Column, Lap, Pause, Recording

LONGEST_GAP_S = 10.0  # nothing is said between rows that are farther apart
HOLE_S = 60.0  # where the chosen one is silent for longer, the next one speaks
PART = 0.5  # what has less than this in common with the base adds its own time
_STEPPED = frozenset({"heart_rate_confidence"})  # never between two values


@dataclass(frozen=True, slots=True)
class Member:
    """A recording with its distance column measured; `ahead_s` is how far its clock is ahead of the base's."""

    name: str
    recording: Recording
    own_distance: bool
    ahead_s: float = 0.0

    @property
    def since_s(self) -> float:
        """Its start by the base's clock."""
        return self.recording.start_utc_s - self.ahead_s


def base_of(members: Sequence[Member], sources: Mapping[str, str], primary: str) -> str:
    """Return whose clock and rows are kept: who tells the position, else the distance, else the primary one."""
    return sources.get("position") or sources.get("distance") or primary


def put_together(members: Sequence[Member], sources: Mapping[str, str], primary: str) -> tuple[Recording, float]:
    """Return the recording, and the seconds from its start to the primary's by one clock.

    Rows are those of the base, and behind and before it those of recordings that are mostly of other time (parts of a
    workout). Other streams lie between their rows; where the chosen one is silent for a minute, the next best speaks.
    """
    base = next(one for one in members if one.name == base_of(members, sources, primary))
    members = [one if one is base else replace(one, ahead_s=_ahead_s(base, one)) for one in members]
    parts = sorted((one for one in members if one is not base and _is_part(base, one)), key=lambda one: one.since_s)
    start_s = min(one.since_s for one in (base, *parts))
    time_s = _times(base, parts, start_s)
    told = {one.name: told_of(one.recording, one.own_distance, float(np.ptp(time_s)) + 1) for one in members}
    by_name = {one.name: one for one in members}
    columns: dict[str, Column] = {"time_s": time_s}
    for stream, names in COLUMNS.items():
        if stream in sources and stream != "distance":
            order = [by_name[name] for name in in_order(told, stream, sources[stream])]
            columns |= _stream(order, names, time_s, start_s)
    if "distance" in sources:
        order = [by_name[name] for name in in_order(told, "distance", sources["distance"])]
        columns |= _distance(order, time_s, start_s, own=bool(parts) or order[0] is not base or base.own_distance)
    lapped = by_name[sources.get(LAPS, base.name)]
    made = Recording.of(
        by_name[primary].recording.sport,
        by_name[primary].recording.source,
        start_s,
        columns,
        laps=tuple(lap for one in _once(lapped, *parts) for lap in _laps(one, start_s, float(time_s[-1]))),
        pauses=_pauses((base, *parts), start_s),
        lengths=tuple(
            replace(one, start_s=one.start_s + base.since_s - start_s, end_s=one.end_s + base.since_s - start_s)
            for one in base.recording.lengths
        ),
    )
    return made, by_name[primary].since_s - start_s


def _once(*members: Member) -> list[Member]:
    return list({one.name: one for one in members}.values())


def _ahead_s(base: Member, other: Member) -> float:
    if min(base.recording.points, other.recording.points) < 2:
        return 0.0
    found = side_by_side(base.recording, other.recording)
    return found.shift_s + found.offset_s


def _span_s(one: Member) -> tuple[float, float]:
    time_s = one.recording.columns["time_s"]
    return (one.since_s + float(time_s[0]), one.since_s + float(time_s[-1])) if len(time_s) else (0.0, 0.0)


def _is_part(base: Member, other: Member) -> bool:
    (first_s, last_s), (begun_s, ended_s) = _span_s(base), _span_s(other)
    common_s = min(last_s, ended_s) - max(first_s, begun_s)
    return other.recording.points > 1 and common_s < PART * (ended_s - begun_s)


def _times(base: Member, parts: Sequence[Member], start_s: float) -> Column:
    times = base.recording.columns["time_s"] + (base.since_s - start_s)
    for part in parts:
        more = part.recording.columns["time_s"] + (part.since_s - start_s)
        after = np.clip(np.searchsorted(times, more), 1, max(1, len(times) - 1))
        inside = (more >= times[0] - LONGEST_GAP_S) & (more <= times[-1] + LONGEST_GAP_S)
        covered = inside & (times[after] - times[after - 1] <= HOLE_S)
        times = np.union1d(times, more[~covered])
    # As the telemetry keeps them, and apart by what it can keep.
    return np.unique(np.rint(times * 1000)) / 1000


def _between(one: Member, name: str, time_s: Column, start_s: float) -> Column:
    column = one.recording.columns.get(name)
    if column is None:
        return np.full(len(time_s), np.nan)
    known = np.flatnonzero(~np.isnan(column))
    if len(known) < 2:
        return np.full(len(time_s), np.nan)
    at_s, values = one.recording.columns["time_s"][known] + (one.since_s - start_s), column[known]
    after = np.clip(np.searchsorted(at_s, time_s), 1, len(at_s) - 1)
    near = (time_s >= at_s[0] - 0.5) & (time_s <= at_s[-1] + 0.5)
    near &= (at_s[after] - at_s[after - 1] <= LONGEST_GAP_S) | (np.abs(_nearest_s(at_s, time_s, after)) < 0.5)
    if name in _STEPPED:
        first = np.abs(time_s - at_s[after - 1]) <= np.abs(time_s - at_s[after])
        return np.where(near, np.where(first, values[after - 1], values[after]), np.nan)
    if name == "longitude_deg":
        turned = np.interp(time_s, at_s, np.unwrap(values, period=360))
        return np.where(near, (turned + 180) % 360 - 180, np.nan)
    return np.where(near, np.interp(time_s, at_s, values), np.nan)


def _nearest_s(at_s: Column, time_s: Column, after: NDArray[np.intp]) -> Column:
    return np.minimum(np.abs(time_s - at_s[after]), np.abs(time_s - at_s[after - 1]))


def _stream(order: Sequence[Member], names: Sequence[str], time_s: Column, start_s: float) -> dict[str, Column]:
    columns = {name: _between(order[0], name, time_s, start_s) for name in names}
    for other in order[1:]:
        silent = _holes(time_s, np.isnan(columns[names[0]]))
        if not silent.any():
            break
        for name in names:
            columns[name] = np.where(silent, _between(other, name, time_s, start_s), columns[name])
    return columns


def _holes(time_s: Column, missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the missing rows that lie in stretches of more than HOLE_S."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(np.int8)))
    found = np.zeros(len(missing), bool)
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        begun_s, ended_s = time_s[max(first - 1, 0)], time_s[min(last, len(time_s) - 1)]
        found[first:last] = ended_s - begun_s > HOLE_S
    return found


def _distance(order: Sequence[Member], time_s: Column, start_s: float, *, own: bool) -> dict[str, Column]:
    """Return the distance, step by step from the first that covers the step, and the speed; without `own` the speed."""
    speed = _stream(order, ("speed_m_s",), time_s, start_s)
    if not own:
        return speed
    steps = np.full(len(time_s) - 1, np.nan)
    for one in order:
        way_m = one.recording.columns.get("distance_m")
        if way_m is None or len(way_m) < 2:
            continue
        at_s = one.recording.columns["time_s"] + (one.since_s - start_s)
        covered = (time_s[:-1] >= at_s[0] - 0.5) & (time_s[1:] <= at_s[-1] + 0.5) & np.isnan(steps)
        steps = np.where(covered, np.diff(np.interp(time_s, at_s, way_m)), steps)
    way_m = np.concatenate([[0.0], np.cumsum(np.maximum(np.nan_to_num(steps), 0.0))])
    return speed | {"distance_m": way_m}


def _laps(one: Member, start_s: float, last_s: float) -> list[Lap]:
    away_s = one.since_s - start_s
    moved = [replace(lap, start_s=lap.start_s + away_s, end_s=lap.end_s + away_s) for lap in one.recording.laps]
    kept = [replace(lap, start_s=max(0.0, lap.start_s), end_s=min(lap.end_s, last_s)) for lap in moved]
    return [lap for lap in kept if lap.end_s > lap.start_s]


def _pauses(members: Sequence[Member], start_s: float) -> tuple[Pause, ...]:
    """Return the pauses of the base and its parts, and what lies between them."""
    found = [
        Pause(max(0.0, pause.start_s + one.since_s - start_s), pause.end_s + one.since_s - start_s)
        for one in members
        for pause in one.recording.pauses
        if pause.end_s + one.since_s > start_s
    ]
    spans = sorted(_span_s(one) for one in members)
    reached_s = spans[0][1]
    for first_s, last_s in spans[1:]:
        if first_s - reached_s > LONGEST_GAP_S:
            found.append(Pause(reached_s - start_s, first_s - start_s))
        reached_s = max(reached_s, last_s)
    return tuple(sorted(found, key=lambda pause: pause.start_s))
