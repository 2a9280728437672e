"""Findings ⇄ what is kept of them with an activity: plain lists and numbers, under the version that they are of."""

from collections.abc import Mapping, Sequence
from typing import Any

from paceline_server.analysis.best_efforts import Effort
from paceline_server.analysis.cycling_power import RideWork
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.power import Power
from paceline_server.analysis.quality import Quality
from paceline_server.analysis.splits import SplitMetrics
from paceline_server.analysis.steps import Cadence
from paceline_server.analysis.stretches import Stretch

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
        "cadence": _list(findings.cadence),
        "power": _list(findings.power),
        "ride_work": _list(findings.ride_work),
        "intervals": [list(one) for one in findings.intervals],
        "rounds": [list(one) for one in findings.rounds],
        "descent_m": findings.descent_m,
        "by_tiles": findings.by_tiles,
        "rough_altitude": findings.rough_altitude,
        "miles": [list(one) for one in findings.miles],
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
        # What follows was not found by older programs, whose rows are else the same.
        cadence=Cadence(*row["cadence"]) if row.get("cadence") else None,
        power=_power(row["power"]) if row.get("power") else None,
        ride_work=RideWork(*row["ride_work"]) if row.get("ride_work") else None,
        intervals=tuple(Stretch(*one) for one in row.get("intervals", ())),
        rounds=tuple(Stretch(*one) for one in row.get("rounds", ())),
        descent_m=row.get("descent_m"),
        by_tiles=row.get("by_tiles", False),
        rough_altitude=row.get("rough_altitude"),
        miles=tuple(SplitMetrics(*one) for one in row.get("miles", ())),
    )


def _list(found: tuple[Any, ...] | None) -> list[Any] | None:
    return None if found is None else list(found)


def _power(row: Sequence[Any]) -> Power:
    mean_w, highest_w, normalised_w, curve = row
    return Power(mean_w, highest_w, normalised_w, tuple((seconds, watts) for seconds, watts in curve))
