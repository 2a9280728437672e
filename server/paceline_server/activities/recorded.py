"""What a source says of a workout, beside its columns: kept with the activity, so that an edit can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paceline_server.formats.recording import Lap, Length, Pause, Recording


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set of a strength workout; seconds since the start, None for one that nobody timed.

    0 repetitions: not known; `rest_s` is the rest that followed, None where the next set's start tells it or nothing
    does; `exercise` is a word such as bench_press, "" when it was not said.
    """

    exercise: str = ""
    repetitions: int = 0
    load_kg: float | None = None
    rest_s: float | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A workout as its source tells it. Totals are None where the source has none of its own.

    `own_distance` says that the distance column is the source's, not reckoned from positions and speeds. `utc_offset_s`
    is what its clock stood east of UTC, None where it does not say.
    """

    sport: str
    start_utc_s: float
    duration_s: float
    distance_m: float | None = None
    calories_kcal: float | None = None
    own_distance: bool = False
    laps: tuple[Lap, ...] = ()
    pauses: tuple[Pause, ...] = ()
    lengths: tuple[Length, ...] = ()
    sets: tuple[SetDone, ...] = ()
    utc_offset_s: int | None = None


def sets_counted(recording: Recording) -> tuple[SetDone, ...]:
    """Return the sets that a wearable counted."""
    return tuple(SetDone(repetitions=one.repetitions, start_s=one.start_s, end_s=one.end_s) for one in recording.sets)


def set_row(one: SetDone) -> list[Any]:
    """Return a set as it is kept: what wearables count first."""
    return [one.start_s, one.end_s, one.repetitions, one.exercise, one.load_kg, one.rest_s]


def set_of(row: Sequence[Any]) -> SetDone:
    """Return the set of a kept row; the first ones had three values."""
    start_s, end_s, repetitions, *more = row
    exercise, load_kg, rest_s = more or ("", None, None)
    return SetDone(exercise, repetitions, load_kg, rest_s, start_s, end_s)


def recorded_row(recorded: Recorded) -> dict[str, Any]:
    """Return what to keep."""
    return {
        "sport": recorded.sport,
        "start_utc_s": recorded.start_utc_s,
        "duration_s": recorded.duration_s,
        "distance_m": recorded.distance_m,
        "calories_kcal": recorded.calories_kcal,
        "own_distance": recorded.own_distance,
        "laps": [[lap.start_s, lap.end_s, lap.trigger] for lap in recorded.laps],
        "pauses": [[pause.start_s, pause.end_s] for pause in recorded.pauses],
        "lengths": [[one.start_s, one.end_s, one.strokes, one.pool_m] for one in recorded.lengths],
        "sets": [set_row(one) for one in recorded.sets],
        "utc_offset_s": recorded.utc_offset_s,
    }


def recorded_of(row: Mapping[str, Any]) -> Recorded:
    """Return what was kept; of an activity from before there were edits, `row` is what it shows itself."""
    lengths = tuple(Length(*one) for one in row.get("lengths", ()))
    return Recorded(
        sport=row["sport"],
        start_utc_s=row["start_utc_s"],
        duration_s=row["duration_s"],
        distance_m=row.get("distance_m"),
        calories_kcal=row["calories_kcal"],
        own_distance=row.get("own_distance", bool(lengths)),
        laps=tuple(Lap(*lap) for lap in row["laps"]),
        pauses=tuple(Pause(*pause) for pause in row["pauses"]),
        lengths=lengths,
        sets=tuple(set_of(one) for one in row.get("sets", ())),
        utc_offset_s=row.get("utc_offset_s"),
    )
