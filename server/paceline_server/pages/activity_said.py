"""What the form of an activity says, as an edit; pure."""

import re
from collections.abc import Mapping

from paceline_server.activities.model import FINISHED, Activity
from paceline_server.errors import InvalidError
from paceline_server.words.quantities import duration

SHOWN = "shown_"  # before the name of a part whose visibility the form says
CUTS = ("cut_start", "cut_end")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)", re.A)


def cuts_of(activity: Activity) -> dict[str, str] | None:
    """Return how much is cut away at start and end, as the form shows it; None where nothing can be."""
    if activity.status != FINISHED or activity.receipt.received == 0 or activity.recorded is None:
        return None
    from_s, to_s = activity.edits.crop_s or (0.0, activity.recorded.duration_s)
    return dict(zip(CUTS, (duration(from_s), duration(activity.recorded.duration_s - to_s)), strict=True))


def said_of(form: Mapping[str, object], activity: Activity) -> dict[str, object]:
    """Return the fields of ActivityEdit that the form changes. InvalidError for a time that is none."""
    said: dict[str, object] = {name: _text(form, name) for name in ("title", "notes")}
    if _text(form, "type") != activity.sport:  # the form shows what is; only another one is an edit
        said["type"] = _text(form, "type")
    if "visibility" in form:
        said["visibility"] = _text(form, "visibility")
    if "perceived_effort" in form:
        effort = _text(form, "perceived_effort")
        said["perceived_effort"] = int(effort[:9]) if effort.isascii() and effort.isdigit() else None
    if any(name.startswith(SHOWN) for name in form):
        parts = {name.removeprefix(SHOWN): _text(form, name) for name in form if name.startswith(SHOWN)}
        said["field_visibility"] = {name: value for name, value in parts.items() if value}
    shown, cuts = cuts_of(activity), {name: _text(form, name).strip() for name in CUTS if name in form}
    if shown is not None and len(cuts) == len(CUTS) and cuts != shown and activity.recorded is not None:
        start_s, end_s = (_seconds(cuts[name], name) for name in CUTS)
        longest_s = activity.recorded.duration_s
        said["crop"] = {"from_s": start_s, "to_s": max(0.0, longest_s - end_s)} if start_s or end_s else None
    return said


def _text(form: Mapping[str, object], name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n")


def _seconds(text: str, name: str) -> int:
    found = _CLOCK.fullmatch(text or "0:00")
    if found is None:
        raise InvalidError("field", "Say how much to cut away as minutes and seconds, like 2:30.", field=name)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + seconds
