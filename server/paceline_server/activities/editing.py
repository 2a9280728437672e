"""What a request to edit means for what was said so far; pure. It refuses what the recording itself tells."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from msgspec import UNSET

from paceline_server.activities.edits import Edits
from paceline_server.activities.model import LIVE, Activity
from paceline_server.activities.shapes import ActivityEdit, Crop, SetEdit
from paceline_server.errors import ConflictError, InvalidError
from paceline_server.platform.policy import Visibility
from paceline_server.uploads.service import sets_sent

SHORTEST_S = 1.0
MEASURED = ("sport", "start_utc_s", "duration_s", "distance_m", "calories_kcal", "crop_s", "sets", "removed_sets_s")
"""Edits after which an activity is derived anew; the others only show."""


def edited(activity: Activity, asked: ActivityEdit, check_start: Callable[[datetime], float]) -> Edits:
    """Return the edits of an activity with those asked for over them.

    InvalidError or ConflictError say what cannot be: start and duration are said of a workout without points, the
    distance of one without positions, a crop of one that is finished.
    """
    _refuse_what_is_recorded(activity, asked)
    changes: dict[str, Any] = {}
    for name, text in (("title", asked.title), ("notes", asked.notes)):
        if text is not UNSET:
            changes[name] = (text or "").strip()
    if asked.visibility is not UNSET:
        changes["visibility"] = Visibility(asked.visibility or Visibility.PRIVATE)
    if asked.field_visibility is not UNSET:
        said = asked.field_visibility
        words = {} if said is None else {name: getattr(said, name) for name in said.__struct_fields__}
        changes["field_visibility"] = {name: Visibility(word) for name, word in words.items() if word is not None}
    for name, value in (
        ("sport", asked.type),
        ("perceived_effort", asked.perceived_effort),
        ("duration_s", asked.duration),
        ("distance_m", asked.distance),
        ("calories_kcal", asked.calories),
    ):
        if value is not UNSET:
            changes[name] = value
    if asked.start_time is not UNSET:
        changes["start_utc_s"] = None if asked.start_time is None else check_start(asked.start_time)
    if asked.crop is not UNSET:
        changes["crop_s"] = None if asked.crop is None else _crop(activity, asked.crop)
    if asked.sets is not UNSET:
        changes |= _sets(asked.sets or [])
    return replace(activity.edits, **changes)


def is_measured_anew(before: Edits, after: Edits) -> bool:
    """Tell whether the edits change what is derived."""
    return any(getattr(before, name) != getattr(after, name) for name in MEASURED)


def _refuse_what_is_recorded(activity: Activity, asked: ActivityEdit) -> None:
    has_points = activity.receipt.received > 0
    for name, value, refused in (
        ("start_time", asked.start_time, has_points),
        ("duration", asked.duration, has_points),
        ("distance", asked.distance, bool(activity.route_polyline)),
        ("crop", asked.crop, activity.status == LIVE or not has_points),
    ):
        if value is not UNSET and value is not None and refused:
            raise ConflictError("recorded", f"{name} of this activity is told by its recording.", field=name)


def _crop(activity: Activity, crop: Crop) -> tuple[float, float]:
    longest_s = activity.recorded.duration_s if activity.recorded is not None else activity.duration_s
    if not crop.from_s + SHORTEST_S <= crop.to_s <= longest_s:
        raise InvalidError("field", f"crop lies within 0 and {longest_s:g} s, from before to.", field="crop.to_s")
    return crop.from_s, crop.to_s


def _sets(sets: list[SetEdit]) -> dict[str, object]:
    gone = [one for one in sets if one.removed]
    if any(one.start_s is None for one in gone):
        raise InvalidError("field", "A set that is removed is named by its start_s.", field="sets")
    return {
        "sets": sets_sent([one for one in sets if not one.removed]),
        "removed_sets_s": tuple(one.start_s for one in gone),
    }
