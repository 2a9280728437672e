"""Findings ⇄ what is kept of them with an activity: plain lists and numbers, under the version that they are of."""

from collections.abc import Mapping
from typing import Any

from paceline_server.analysis.best_efforts import Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.quality import Quality
from paceline_server.analysis.splits import SplitMetrics

VERSION = 1  # raise it when what is kept changes its form; older findings then wait for a rebuild, unread


def findings_row(findings: Findings) -> dict[str, Any]:
    """Return what to keep."""
    return {
        "version": VERSION,
        "efforts_by_distance": [list(effort) for effort in findings.efforts_by_distance],
        "efforts_by_time": [list(effort) for effort in findings.efforts_by_time],
        "heart_curve": [list(point) for point in findings.heart_curve],
        "heart_s": [list(pair) for pair in findings.heart_s],
        "moving_heart_s": [list(pair) for pair in findings.moving_heart_s],
        "other_met_h": findings.other_met_h,
        "timer_s": findings.timer_s,
        "drift": findings.drift,
        "grade_adjusted_m": findings.grade_adjusted_m,
        "quality": list(findings.quality),
        "laps": [list(lap) for lap in findings.laps],
    }


def findings_of(row: Mapping[str, Any] | None) -> Findings | None:
    """Return the findings of what was kept; None when there are none, or of another version."""
    if row is None or row.get("version") != VERSION:
        return None
    return Findings(
        efforts_by_distance=tuple(Effort(*effort) for effort in row["efforts_by_distance"]),
        efforts_by_time=tuple(Effort(*effort) for effort in row["efforts_by_time"]),
        heart_curve=tuple((duration_s, bpm) for duration_s, bpm in row["heart_curve"]),
        heart_s=tuple((bpm, spent_s) for bpm, spent_s in row["heart_s"]),
        moving_heart_s=tuple((bpm, spent_s) for bpm, spent_s in row["moving_heart_s"]),
        other_met_h=row["other_met_h"],
        timer_s=row["timer_s"],
        drift=row["drift"],
        grade_adjusted_m=row["grade_adjusted_m"],
        quality=Quality(*row["quality"]),
        laps=tuple(SplitMetrics(*lap) for lap in row["laps"]),
    )
