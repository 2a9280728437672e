"""What an owner said over what was recorded. It is kept apart, so that nothing that arrives or is rebuilt undoes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from paceline_server.activities.recorded import SetDone, set_of, set_row
from paceline_server.platform.policy import Visibility

SAME_SET_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """None, "" or nothing: it is as it was recorded.

    `field_visibility` narrows who sees a part of the activity. `crop_s` are seconds since the recorded start, from and
    to. A set whose start is that of a recorded one corrects it; `removed_sets_s` are starts of sets that were none.
    """

    title: str = ""
    notes: str = ""
    visibility: Visibility = Visibility.PRIVATE
    field_visibility: Mapping[str, Visibility] = field(default_factory=dict)
    perceived_effort: int | None = None
    sport: str | None = None
    start_utc_s: float | None = None
    duration_s: float | None = None
    distance_m: float | None = None
    calories_kcal: float | None = None
    crop_s: tuple[float, float] | None = None
    sets: tuple[SetDone, ...] = ()
    removed_sets_s: tuple[float, ...] = ()

    def all_sets(self, recorded: tuple[SetDone, ...]) -> tuple[SetDone, ...]:
        """Return the sets with corrections over those recorded, the timed ones in order, the others behind them."""
        left = list(self.sets)
        shown: list[SetDone] = []
        for one in recorded:
            said = next((each for each in left if _same_start(each.start_s, one.start_s)), None)
            if said is not None:
                left.remove(said)
                shown.append(_over(one, said))
            elif not any(_same_start(start_s, one.start_s) for start_s in self.removed_sets_s):
                shown.append(one)
        shown += left
        timed = sorted((one for one in shown if one.start_s is not None), key=lambda one: one.start_s or 0.0)
        return (*timed, *(one for one in shown if one.start_s is None))


NO_EDITS = Edits()


def edits_row(edits: Edits) -> dict[str, Any]:
    """Return what to keep: only what was said."""
    said = {one.name: getattr(edits, one.name) for one in fields(Edits)}
    row = {name: value for name, value in said.items() if value != getattr(NO_EDITS, name)}
    if edits.sets:
        row["sets"] = [set_row(one) for one in edits.sets]
    if edits.field_visibility:
        row["field_visibility"] = dict(edits.field_visibility)
    return row


def edits_of(row: Mapping[str, Any]) -> Edits:
    """Return the edits of what was kept."""
    values = dict(row)
    if "visibility" in values:
        values["visibility"] = Visibility(values["visibility"])
    if "field_visibility" in values:
        values["field_visibility"] = {name: Visibility(word) for name, word in values["field_visibility"].items()}
    if "sets" in values:
        values["sets"] = tuple(set_of(one) for one in values["sets"])
    for name in ("crop_s", "removed_sets_s"):
        if name in values:
            values[name] = tuple(values[name])
    return Edits(**values)


def _same_start(one_s: float | None, other_s: float | None) -> bool:
    return one_s is not None and other_s is not None and abs(one_s - other_s) < SAME_SET_S


def _over(counted: SetDone, said: SetDone) -> SetDone:
    # The times stay those of the wearable.
    return SetDone(said.exercise, said.repetitions, said.load_kg, said.rest_s, counted.start_s, counted.end_s)
