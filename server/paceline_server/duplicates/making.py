"""The activity that is put together of recordings: what is run apart, and what its owner said of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from paceline_server.activities.edits import NO_EDITS, Edits
from paceline_server.activities.intake import Incoming
from paceline_server.activities.model import FINISHED, Activity
from paceline_server.activities.recorded import Recorded, SetDone
from paceline_server.analysis.put_together import Member, base_of, put_together
from paceline_server.analysis.stream_choice import SETS, STREAMS, chosen, told_of
from paceline_server.duplicates.comparing import Taped, recording_of
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import ExerciseSet
from paceline_server.platform.policy import Visibility

MOST_TO_LEAST = tuple(Visibility)  # the narrowest first
Used = dict[str, dict[str, object]]
"""Stream → `from`: the recording that it is from, `parts`: of each recording the part of the time that it tells."""


@dataclass(frozen=True, slots=True)
class Source:
    """A recording of a group, as it goes to the process apart."""

    activity_id: str
    taped: Taped
    recorded: Recorded


def planned(sources: Sequence[Source], primary: str, choices: Mapping[str, str]) -> tuple[Used, bool]:
    """Return where each stream is from, and whether that is more than the primary recording by itself.

    It is, too, when a recording is mostly of another time: then it is a part of the workout.
    """
    longest_s = max(one.taped.duration_s for one in sources)
    told = {one.activity_id: told_of(_member(one).recording, one.recorded.own_distance, longest_s) for one in sources}
    wanted = {stream: name for stream, name in choices.items() if name in told and stream in STREAMS}
    found = chosen(told, primary) | wanted
    used: Used = {
        stream: {"from": found[stream], "parts": {name: round(told[name][stream].part, 3) for name in told}}
        for stream in STREAMS
        if stream in found
    }
    first = next(one.taped for one in sources if one.activity_id == primary)
    return used, not set(found.values()) <= {primary} or any(_is_apart(first, one.taped) for one in sources)


def incoming_of(
    sources: Sequence[Source], used: Mapping[str, str], primary: str, edits: Edits, crop_s: tuple[float, float] | None
) -> Incoming:
    """Return the recording put together, on its way in; `crop_s` is the primary's, by its own clock."""
    members = [_member(one) for one in sources]
    recording, primary_s = put_together(members, used, primary)
    by_id = {one.activity_id: one for one in sources}
    base = by_id[base_of(members, used, primary)]
    whole = abs(recording.duration_s - _member(base).recording.duration_s) < 1.0
    ways = by_id[used.get("distance", base.activity_id)].recorded
    hearts = by_id[used.get("heart_rate", primary)].recorded
    energies = (hearts.calories_kcal, *(one.recorded.calories_kcal for one in sources))
    if crop_s is not None:
        edits = replace(edits, crop_s=_within(crop_s, primary_s, recording.duration_s))
    return Incoming(
        status=FINISHED,
        recording=recording,
        receipt=Receipt(recorded=recording.points, received=recording.points),
        duration_s=base.recorded.duration_s if whole else None,
        distance_m=ways.distance_m if whole else None,
        calories_kcal=next((each for each in energies if each is not None), None),
        sets=_sets(by_id, used, primary, recording.start_utc_s),
        edits=edits,
        waits=True,
    )


def said_of(members: Sequence[Activity], primary: Activity) -> Edits:
    """Return what is said of the activity put together: the primary's words, shown to no more than any of them is."""
    words = [primary, *(one for one in members if one is not primary)]
    fields = {name for one in members for name in one.edits.field_visibility}
    return replace(
        NO_EDITS,
        title=next((one.edits.title for one in words if one.edits.title), ""),
        notes=next((one.edits.notes for one in words if one.edits.notes), ""),
        perceived_effort=next((e for one in words if (e := one.edits.perceived_effort) is not None), None),
        sport=primary.edits.sport,
        visibility=min((one.visibility for one in members), key=MOST_TO_LEAST.index),
        field_visibility={
            name: min(
                (one.edits.field_visibility.get(name, one.visibility) for one in members), key=MOST_TO_LEAST.index
            )
            for name in sorted(fields)
        },
    )


def _member(source: Source) -> Member:
    recorded = source.recorded
    timed = [one for one in recorded.sets if one.start_s is not None and one.end_s is not None]
    recording = replace(
        recording_of(source.taped),
        sport=recorded.sport,
        laps=recorded.laps,
        pauses=recorded.pauses,
        lengths=recorded.lengths,
        sets=tuple(ExerciseSet(one.start_s or 0.0, one.end_s or 0.0, one.repetitions) for one in timed),
    )
    return Member(source.activity_id, recording, recorded.own_distance)


def _is_apart(one: Taped, other: Taped) -> bool:
    ends = (each.start_utc_s + each.duration_s for each in (one, other))
    common_s = min(ends) - max(one.start_utc_s, other.start_utc_s)
    return one is not other and common_s <= 0 and other.blob is not None


def _within(crop_s: tuple[float, float], away_s: float, longest_s: float) -> tuple[float, float] | None:
    from_s, to_s = (min(max(0.0, each + away_s), longest_s) for each in crop_s)
    return (from_s, to_s) if to_s - from_s >= 1 else None


def _sets(by_id: Mapping[str, Source], used: Mapping[str, str], primary: str, start_s: float) -> tuple[SetDone, ...]:
    source = by_id[used.get(SETS, primary)]
    away_s = source.recorded.start_utc_s - start_s
    return tuple(
        replace(one, start_s=one.start_s + away_s, end_s=one.end_s + away_s)
        if one.start_s is not None and one.end_s is not None
        else one
        for one in source.recorded.sets
    )
