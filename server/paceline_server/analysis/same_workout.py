"""Whether two recordings of one person are of the same workout: by their time and what they hold, not by the start."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from paceline_server.analysis.side_by_side import (
    LARGEST_SHIFT_S,
    SHIFT_S,
    ZONE_STEP_S,
    Hearts,
    Likeness,
    Places,
    Ways,
    side_by_side,
)
from paceline_server.errors import told
from paceline_server.formats.recording import Recording

LEAST_OF_SHORTER, LEAST_OF_LONGER = 0.8, 0.5  # of common time, to be told for sure
LEAST_COMMON = 0.5  # of the shorter: with less it is another workout
LEAST_RAW = 0.2  # of the shorter, by the clocks as they are: else only a wrong zone explains it
MOVED_M = 100.0  # a track of less extent tells nothing
SAME_M, SAME_MOST_M = 25.0, 75.0
OTHER_M = 150.0
COPY_M, COPY_MOST_M, COPY_BPM = 3.0, 8.0, 1.0  # the very same data, but for the clock
SAME_BPM, SAME_CORRELATION, LOOSE_BPM = 3.0, 0.85, 8.0
OTHER_BPM, OTHER_CORRELATION = 12.0, 0.3
SAME_WAY, SAME_WAY_RATIO, OTHER_WAY_RATIO = 0.05, 0.9, 0.7


class Same(StrEnum):
    """What can be said of two recordings."""

    YES = "same"
    PERHAPS = "perhaps"  # somebody who knows has to say
    NO = "other"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict, why, in words with figures, and all figures; None where the times alone tell enough."""

    same: Same
    reasons: tuple[str, ...]
    likeness: Likeness | None = None


def may_be_same(one_start_s: float, one_s: float, other_start_s: float, other_s: float) -> bool:
    """Tell by starts and durations alone whether `compare` could say anything but no."""
    overlap_s = min(one_start_s + one_s, other_start_s + other_s) - max(one_start_s, other_start_s)
    if overlap_s > LEAST_RAW * min(one_s, other_s):
        return True
    away_s = abs(one_start_s - other_start_s)
    shift_s = ZONE_STEP_S * round(away_s / ZONE_STEP_S)
    alike = min(one_s, other_s) >= LEAST_OF_SHORTER * max(one_s, other_s)
    return alike and 0 < shift_s <= LARGEST_SHIFT_S and abs(away_s - shift_s) <= SHIFT_S


def compare(one: Recording, other: Recording) -> Verdict:
    """Return the verdict. Both are of one person: whose they are is nothing that recordings tell."""
    if not may_be_same(*_times(one), *_times(other)):
        return Verdict(Same.NO, (told("They were recorded at different times."),))
    if one.points < 2 or other.points < 2:
        return Verdict(Same.PERHAPS, (told("They are of the same time, and one of them holds nothing to compare."),))
    found = side_by_side(one, other)
    return Verdict(_judged(found, one, other), tuple(_reasons(found)), found)


def _times(recording: Recording) -> tuple[float, float]:
    first_s = float(recording.columns["time_s"][0]) if recording.points else 0.0
    return recording.start_utc_s + first_s, recording.duration_s


def _judged(found: Likeness, one: Recording, other: Recording) -> Same:
    if found.shift_s:
        return Same.YES if _is_copy(found) and found.of_longer >= LEAST_OF_SHORTER else Same.NO
    if found.raw_overlap_s <= LEAST_RAW * min(one.duration_s, other.duration_s) or found.of_shorter < LEAST_COMMON:
        return Same.NO
    alike = _alike(found)
    sure = found.of_shorter >= LEAST_OF_SHORTER and found.of_longer >= LEAST_OF_LONGER
    return Same.PERHAPS if alike is Same.YES and not sure else alike


def _alike(found: Likeness) -> Same:
    """Weigh what both know: the places first, then the hearts, then the ways."""
    hearts, ways = _of_hearts(found.hearts), _of_ways(found.ways)
    if found.places is not None:
        places = _of_places(found.places)
        if places is Same.NO:  # of a virtual ride and its watch, the hearts tell
            return Same.PERHAPS if hearts is Same.YES else Same.NO
        if places is Same.YES or Same.YES in (hearts, ways):
            return places if found.places.extent_m >= MOVED_M else _best(hearts, ways)
        return Same.NO if Same.NO in (hearts, ways) else Same.PERHAPS
    if found.hearts is not None:
        if hearts is Same.NO and found.ways is not None and ways is Same.YES:
            return Same.PERHAPS
        return hearts
    if found.ways is not None:
        return ways
    return Same.PERHAPS if found.of_longer >= LEAST_OF_LONGER else Same.NO


def _best(hearts: Same, ways: Same) -> Same:
    return Same.YES if Same.YES in (hearts, ways) else Same.PERHAPS


def _of_places(places: Places) -> Same:
    if places.median_m > OTHER_M:
        return Same.NO
    return Same.YES if places.median_m <= SAME_M and places.most_m <= SAME_MOST_M else Same.PERHAPS


def _of_hearts(hearts: Hearts | None) -> Same:
    if hearts is None:
        return Same.PERHAPS
    together = hearts.correlation
    if hearts.apart_bpm <= SAME_BPM and (together is None or together >= SAME_CORRELATION / 2):
        return Same.YES
    if together is not None and together >= SAME_CORRELATION and hearts.apart_bpm <= LOOSE_BPM:
        return Same.YES
    return Same.NO if hearts.apart_bpm > OTHER_BPM and (together or 0.0) < OTHER_CORRELATION else Same.PERHAPS


def _of_ways(ways: Ways | None) -> Same:
    if ways is None:
        return Same.PERHAPS
    ratio = min(ways.one_m, ways.other_m) / max(ways.one_m, ways.other_m)
    if ratio < OTHER_WAY_RATIO:
        return Same.NO
    return Same.YES if ratio >= SAME_WAY_RATIO and ways.apart <= SAME_WAY else Same.PERHAPS


def _is_copy(found: Likeness) -> bool:
    places, hearts, ways = found.places, found.hearts, found.ways
    if places is not None:
        return places.median_m <= COPY_M and places.most_m <= COPY_MOST_M and places.extent_m >= MOVED_M
    steady = ways is None or _of_ways(ways) is Same.YES
    return hearts is not None and hearts.correlation is not None and hearts.apart_bpm <= COPY_BPM and steady


def _reasons(found: Likeness) -> Iterator[str]:
    shorter, longer = f"{100 * found.of_shorter:.0f} %", f"{100 * found.of_longer:.0f} %"
    yield told(f"They have {_span(found.overlap_s)} in common: {shorter} of the shorter, {longer} of the longer.")
    if found.shift_s:
        yield told(f"One clock is {abs(found.shift_s) / 3600:g} h ahead, as with a wrong time zone.")
    if abs(found.offset_s) >= 1:
        yield told(f"One clock is {abs(found.offset_s):.0f} s ahead.")
    if found.places is not None:
        near, most = found.places.median_m, found.places.most_m
        yield told(f"At the same moment the positions are {_length(near)} apart (nine tenths within {_length(most)}).")
    if found.hearts is not None:
        together = found.hearts.correlation
        apart = f"{found.hearts.apart_bpm:.1f}"
        if together is None:
            yield told(f"The heart rates are {apart} bpm apart.")
        else:
            yield told(f"The heart rates are {apart} bpm apart and go together by {together:.2f}.")
    if found.ways is not None:
        one, other = f"{found.ways.one_m:,.0f} m", f"{found.ways.other_m:,.0f} m"
        yield told(f"The distances of the common time are {one} and {other}.")
    if found.places is None and found.hearts is None and found.ways is None:
        yield told("They hold nothing that could be compared.")


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def _length(metres: float) -> str:
    return f"{metres / 1000:,.1f} km" if metres >= 1000 else f"{metres:.0f} m"
