"""Two recordings beside each other: how far their clocks are apart, and how alike they are in the same seconds."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from paceline_server.analysis.distance import EARTH_RADIUS_M, cumulative_distance_m
from paceline_server.analysis.heart_rate import trusted_bpm
from paceline_server.formats.recording import Column, Recording

LONGEST_GAP_S = 60.0  # over a longer one nothing is said of what lies between
SAMPLES = 300  # of the shorter recording, at which the two are compared
FEWEST = 10  # samples that both must know
NEAR_S, FAR_S, SHIFT_S = 30, 600, 120  # how far clocks are searched: at first, where that shows nothing, beside a shift
COARSE_S = 5
LOOKED_AT = 6  # of the coarse ones: laps look alike at several
ZONE_STEP_S = 1800  # wrong zones are off by whole or half hours
LARGEST_SHIFT_S = 14 * 3600
FOUND_M, FOUND_BPM = 15.0, 3.0  # so near, nothing better is searched for
MOST_BPM = 10.0  # two sensors may be so far apart all the time
_PRICE = 0.01  # metres or bpm that a second of offset must be worth


@dataclass(frozen=True, slots=True)
class Places:
    """Metres between the positions of the same moment, and the lesser of the two tracks' extents."""

    median_m: float
    most_m: float  # nine tenths are nearer
    extent_m: float


@dataclass(frozen=True, slots=True)
class Hearts:
    """How the heart rates of the same moments go together; `correlation` is None where one hardly changes."""

    apart_bpm: float
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Ways:
    """The distances covered in the common time, and how far they are apart on the way, as a part of the longer."""

    one_m: float
    other_m: float
    apart: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """`shift_s` (half hours) and `offset_s` are what the other's clock is ahead; the rest holds with that put right.

    `of_shorter` and `of_longer` are the common time as parts; None: not known by both.
    """

    shift_s: float
    offset_s: float
    raw_overlap_s: float
    overlap_s: float
    of_shorter: float
    of_longer: float
    places: Places | None
    hearts: Hearts | None
    ways: Ways | None


@dataclass(frozen=True, slots=True)
class _Trace:
    """What a recording knows, in seconds since a common origin: of each column the rows that know it."""

    first_s: float
    last_s: float
    known: dict[str, tuple[Column, Column]]

    def at(self, name: str, moments_s: Column) -> Column:
        """Return a column between its rows, NaN in gaps and outside."""
        time_s, values = self.known[name]
        if len(time_s) < 2:
            return np.full(len(moments_s), np.nan)
        after = np.clip(np.searchsorted(time_s, moments_s), 1, len(time_s) - 1)
        told = (moments_s >= time_s[0]) & (moments_s <= time_s[-1])
        told &= time_s[after] - time_s[after - 1] <= LONGEST_GAP_S
        return np.where(told, np.interp(moments_s, time_s, values), np.nan)


def side_by_side(one: Recording, other: Recording) -> Likeness:
    """Compare two recordings of at least two rows each: O(rows), a few milliseconds."""
    if other.duration_s < one.duration_s:
        return _turned(side_by_side(other, one))
    shorter, longer = _traces(one, other)
    shift_s, offset_s = _ahead_s(shorter, longer)
    ahead_s = shift_s + offset_s
    overlap_s = _overlap_s(shorter, longer, ahead_s)
    moments_s = _moments_s(shorter)
    there_s = moments_s + ahead_s
    return Likeness(
        shift_s,
        offset_s,
        _overlap_s(shorter, longer, 0.0),
        overlap_s,
        overlap_s / max(one.duration_s, 1.0),
        overlap_s / max(other.duration_s, 1.0),
        _places(shorter, longer, moments_s, there_s),
        _hearts(shorter.at("heart", moments_s), longer.at("heart", there_s)),
        _ways(shorter.at("way", moments_s), longer.at("way", there_s)),
    )


def _turned(found: Likeness) -> Likeness:
    ways = found.ways
    return Likeness(
        -found.shift_s,
        -found.offset_s,
        found.raw_overlap_s,
        found.overlap_s,
        found.of_shorter,
        found.of_longer,
        found.places,
        found.hearts,
        Ways(ways.other_m, ways.one_m, ways.apart) if ways is not None else None,
    )


def _traces(one: Recording, other: Recording) -> tuple[_Trace, _Trace]:
    latitudes = one.columns["latitude_deg"]
    placed = np.flatnonzero(~np.isnan(latitudes))
    centre = (
        (float(latitudes[placed[0]]), float(one.columns["longitude_deg"][placed[0]])) if len(placed) else (0.0, 0.0)
    )
    return _trace(one, 0.0, centre), _trace(other, other.start_utc_s - one.start_utc_s, centre)


def _trace(recording: Recording, start_s: float, centre: tuple[float, float]) -> _Trace:
    columns = recording.columns
    time_s = columns["time_s"] + start_s
    a_degree_m = np.radians(1.0) * EARTH_RADIUS_M
    east_deg = (columns["longitude_deg"] - centre[1] + 180) % 360 - 180
    way_m = cumulative_distance_m(columns)
    values = {
        "north": (columns["latitude_deg"] - centre[0]) * a_degree_m,
        "east": east_deg * a_degree_m * np.cos(np.radians(centre[0])),
        "heart": trusted_bpm(columns["heart_rate_bpm"], columns["heart_rate_confidence"]),
        "way": way_m if len(way_m) and way_m[-1] > 0 else np.full(len(time_s), np.nan),
    }
    told = {name: ~np.isnan(column) for name, column in values.items()}
    known = {name: (time_s[told[name]], column[told[name]]) for name, column in values.items()}
    return _Trace(float(time_s[0]), float(time_s[-1]), known)


def _moments_s(trace: _Trace) -> Column:
    count = int(np.clip(trace.last_s - trace.first_s, FEWEST, SAMPLES))
    return np.linspace(trace.first_s, trace.last_s, count)


def _overlap_s(shorter: _Trace, longer: _Trace, ahead_s: float) -> float:
    first_s, last_s = shorter.first_s + ahead_s, shorter.last_s + ahead_s
    return max(0.0, min(last_s, longer.last_s) - max(first_s, longer.first_s))


def _ahead_s(shorter: _Trace, longer: _Trace) -> tuple[float, float]:
    """Return the shift and the offset with which the two are most alike; the least that shows it."""
    searched = _Search(shorter, longer)
    found = FOUND_M if searched.by_place else FOUND_BPM
    overlapping = _overlap_s(shorter, longer, 0.0) > 0
    best = searched.best(range(-NEAR_S, NEAR_S + 1)) if overlapping else (np.inf, 0.0)
    if best[0] <= found:
        return 0.0, best[1]
    if overlapping:
        best = min(best, searched.best_around(0, FAR_S))
    shift_s = ZONE_STEP_S * round((longer.first_s - shorter.first_s) / ZONE_STEP_S)
    if best[0] <= found or not 0 < abs(shift_s) <= LARGEST_SHIFT_S:
        return 0.0, best[1] if best[0] <= found else 0.0
    shifted = searched.best_around(shift_s, SHIFT_S)
    return (float(shift_s), shifted[1] - shift_s) if shifted[0] <= found else (0.0, 0.0)


class _Search:
    """Tries clocks: how far the columns of two traces are apart when one is moved."""

    def __init__(self, shorter: _Trace, longer: _Trace) -> None:
        self._moments_s = _moments_s(shorter)
        self._here = {name: shorter.at(name, self._moments_s) for name in ("north", "east", "heart")}
        self._longer = longer
        self.by_place = self._known("north") >= FEWEST and len(longer.known["north"][0]) > 1

    def best(self, ahead_s: Iterable[float]) -> tuple[float, float]:
        """Return how far apart they are with the best of the clocks, and that; infinite when none can be told."""
        tried = [(self._apart(float(each)), float(each)) for each in ahead_s]
        apart, best_s = min(tried, key=lambda each: (each[0] + _PRICE * abs(each[1]), abs(each[1])))
        return apart, best_s

    def best_around(self, middle_s: int, width_s: int) -> tuple[float, float]:
        """Do so within a width of a middle, coarse and then fine; offsets from the middle cost, the middle does not."""

        def price(tried: tuple[float, int]) -> float:
            return tried[0] + _PRICE * abs(tried[1])

        coarse = sorted(
            ((self._apart(middle_s + each), each) for each in range(-width_s, width_s + 1, COARSE_S)), key=price
        )
        near = {at_s + each for _, at_s in coarse[:LOOKED_AT] for each in range(-COARSE_S, COARSE_S + 1)}
        apart, best_s = min(((self._apart(middle_s + each), each) for each in sorted(near)), key=price)
        return apart, float(middle_s + best_s)

    def _apart(self, ahead_s: float) -> float:
        """Metres, and where laps repeat themselves the hearts, too; without places bpm."""
        moments_s = self._moments_s + ahead_s
        beats = self._steps("heart", moments_s)
        told = beats[~np.isnan(beats)]
        # Sensors may differ by some beats all the time: that is no question of clocks.
        apart_bpm = float(np.abs(told - np.median(told)).mean()) if len(told) >= self._fewest("heart") else None
        if not self.by_place:
            return apart_bpm if apart_bpm is not None else np.inf
        metres = np.hypot(self._steps("north", moments_s), self._steps("east", moments_s))
        told = metres[~np.isnan(metres)]
        if len(told) < self._fewest("north"):
            return np.inf
        return float(np.median(told)) + min(apart_bpm or 0.0, MOST_BPM) / 2

    def _steps(self, name: str, moments_s: Column) -> Column:
        return self._here[name] - self._longer.at(name, moments_s)

    def _known(self, name: str) -> int:
        return int((~np.isnan(self._here[name])).sum())

    def _fewest(self, name: str) -> float:
        return max(FEWEST, 0.4 * self._known(name))


def _places(shorter: _Trace, longer: _Trace, moments_s: Column, there_s: Column) -> Places | None:
    here = [shorter.at(name, moments_s) for name in ("north", "east")]
    there = [longer.at(name, there_s) for name in ("north", "east")]
    apart = np.hypot(here[0] - there[0], here[1] - there[1])
    told = ~np.isnan(apart)
    if told.sum() < FEWEST:
        return None
    extents = [float(np.hypot(np.ptp(north[told]), np.ptp(east[told]))) for north, east in (here, there)]
    return Places(float(np.median(apart[told])), float(np.quantile(apart[told], 0.9)), min(extents))


def _hearts(one: Column, other: Column) -> Hearts | None:
    told = ~np.isnan(one) & ~np.isnan(other)
    if told.sum() < FEWEST:
        return None
    one, other = one[told], other[told]
    changing = min(float(one.std()), float(other.std())) >= 2.0
    correlation = float(np.corrcoef(one, other)[0, 1]) if changing else None
    return Hearts(float(np.abs(one - other).mean()), correlation)


def _ways(one: Column, other: Column) -> Ways | None:
    told = np.flatnonzero(~np.isnan(one) & ~np.isnan(other))
    if len(told) < FEWEST:
        return None
    one, other = one[told] - one[told[0]], other[told] - other[told[0]]
    whole_m = max(float(one[-1]), float(other[-1]))
    if whole_m <= 0:
        return None
    return Ways(float(one[-1]), float(other[-1]), float(np.abs(one - other).max()) / whole_m)
