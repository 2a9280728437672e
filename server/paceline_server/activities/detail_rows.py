"""An activity ⇄ its row: what is searched has columns, the rest lies in one JSON value."""

from collections.abc import Mapping
from typing import Any

from paceline_server.activities.edits import edits_of, edits_row
from paceline_server.activities.findings_rows import findings_of, findings_row
from paceline_server.activities.model import ACTIVITIES, Activity, Split
from paceline_server.activities.recorded import recorded_of, recorded_row, set_of, set_row
from paceline_server.formats.receipt import Gap, Receipt
from paceline_server.formats.recording import Lap, Length, Pause
from paceline_server.platform.policy import Visibility

_APART = frozenset({"detail", "edits", "revision"})


def row_of(activity: Activity) -> dict[str, Any]:
    """Return the row's values, all but the revision, which the statement counts."""
    values = {column.name: getattr(activity, column.name) for column in ACTIVITIES.c if column.name not in _APART}
    values["visibility"] = str(activity.visibility)
    values["edits"] = edits_row(activity.edits)
    values["detail"] = {
        "receipt": activity.receipt.as_fields(),
        "laps": [[lap.start_s, lap.end_s, lap.trigger] for lap in activity.laps],
        "pauses": [[pause.start_s, pause.end_s] for pause in activity.pauses],
        "splits": [[*_measured(split), split.descent_m] for split in activity.splits],
        "lengths": [[one.start_s, one.end_s, one.strokes, one.pool_m] for one in activity.lengths],
        "sets": [set_row(one) for one in activity.sets],
        "findings": findings_row(activity.findings) if activity.findings is not None else None,
        "measured_distance_m": activity.measured_distance_m,
        "recorded": recorded_row(activity.recorded) if activity.recorded is not None else None,
    }
    return values


def _measured(split: Split) -> tuple[float | None, ...]:
    return split.distance_m, split.duration_s, split.moving_time_s, split.ascent_m, split.heart_rate_avg_bpm


def activity_of(row: Mapping[Any, Any]) -> Activity:
    """Return the activity of a row, one of an earlier version too."""
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    detail: Mapping[str, Any] = values.pop("detail")
    receipt = detail["receipt"]
    first = {name: values[name] for name in ("sport", "start_utc_s", "duration_s", "calories_kcal")}
    values["edits"] = edits_of(values["edits"])
    values["visibility"] = Visibility(values["visibility"])
    return Activity(
        **values,
        receipt=Receipt(
            recorded=receipt["recorded"],
            received=receipt["received"],
            gaps=tuple(Gap(gap["from"], gap["to"]) for gap in receipt["gaps"]),
            sealed=receipt["sealed"],
            problems=tuple(receipt["problems"]),
        ),
        laps=tuple(Lap(*lap) for lap in detail["laps"]),
        pauses=tuple(Pause(*pause) for pause in detail["pauses"]),
        splits=tuple(Split(*split) for split in detail["splits"]),
        lengths=tuple(Length(*length) for length in detail.get("lengths", ())),
        sets=tuple(set_of(one) for one in detail.get("sets", ())),
        findings=findings_of(detail.get("findings")),
        measured_distance_m=detail.get("measured_distance_m"),
        recorded=recorded_of(detail.get("recorded") or {**first, **detail}),
    )
