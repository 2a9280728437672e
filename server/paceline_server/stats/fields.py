"""What was found out about an activity as the API shows it."""

from paceline_server.activities.fields import split_fields
from paceline_server.activities.model import ActivitySummary
from paceline_server.analysis.best_efforts import Effort
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.power import Power
from paceline_server.analysis.stress import Stress
from paceline_server.analysis.stretches import Stretch
from paceline_server.stats.judgement import Judgement


def analysis_fields(
    activity: ActivitySummary, findings: Findings, judged: Judgement | None, hidden: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Return the findings, and what they mean for the athlete: None for others, whom thresholds and weight tell of.

    `hidden` are the parts that were taken out of the findings (activities/shown.py).
    """
    adjusted_m = findings.grade_adjusted_m
    return {
        "efforts_by_distance": [_effort(effort) for effort in findings.efforts_by_distance],
        "efforts_by_time": [_effort(effort) for effort in findings.efforts_by_time],
        "heart_rate_curve": [
            {"duration_s": seconds, "heart_rate_bpm": round(bpm, 1)} for seconds, bpm in findings.heart_curve
        ],
        **_judged(judged),
        "heart_rate_drift": _rounded(findings.drift, 4),
        "grade_adjusted_pace_s_km": (
            round(activity.moving_time_s / adjusted_m * 1000, 1)
            if adjusted_m is not None and adjusted_m >= 10
            else None
        ),
        "position_known": None if "map" in hidden else round(findings.quality.position, 4),
        "heart_rate_known": None if "heart_rate" in hidden else round(findings.quality.heart_rate, 4),
        "climb_by_tiles": findings.by_tiles,
        "cadence_avg_spm": None if findings.cadence is None else round(findings.cadence.mean_spm, 1),
        "step_length_m": None if findings.cadence is None else _rounded(findings.cadence.step_m, 3),
        "power": None if findings.power is None else _power(findings.power),
        "intervals": [_stretch(one) for one in findings.intervals],
        "rounds": [_stretch(one) for one in findings.rounds],
        "laps": [split_fields(lap) for lap in findings.laps],
    }


def _judged(judged: Judgement | None) -> dict[str, object]:
    if judged is None:
        return {
            "heart_rate_zones": [],
            "heart_rate_zones_estimated": None,
            "training_impulse": None,
            "stress": None,
            "energy_kcal": None,
            "energy_basal_kcal": None,
            "energy_assumed": None,
            "power_estimated_w": None,
        }
    return {
        "heart_rate_zones": [{"from_bpm": floor, "time_s": round(seconds, 1)} for floor, seconds in judged.zones],
        "heart_rate_zones_estimated": judged.zones_estimated,
        "training_impulse": _rounded(judged.impulse, 1),
        "stress": None if judged.stress is None else _stress(judged.stress),
        "energy_kcal": round(judged.energy.kcal),
        "energy_basal_kcal": round(judged.energy.basal_kcal),
        "energy_assumed": judged.energy_assumed,
        "power_estimated_w": _rounded(judged.estimated_power_w, 0),
    }


def _stress(stress: Stress) -> dict[str, object]:
    return {"score": round(stress.score, 1), "intensity": round(stress.intensity, 3), "by": stress.by}


def _effort(effort: Effort) -> dict[str, float]:
    return {
        "distance_m": round(effort.distance_m, 1),
        "duration_s": round(effort.duration_s, 2),
        "start_s": round(effort.start_s, 2),
    }


def _stretch(one: Stretch) -> dict[str, object]:
    return {
        "start_s": round(one.start_s, 1),
        "end_s": round(one.end_s, 1),
        "distance_m": round(one.distance_m, 1),
        "heart_rate_avg_bpm": _rounded(one.heart_rate_avg_bpm, 1),
    }


def _power(power: Power) -> dict[str, object]:
    return {
        "mean_w": round(power.mean_w, 1),
        "highest_w": round(power.highest_w),
        "normalised_w": _rounded(power.normalised_w, 1),
        "curve": [{"duration_s": seconds, "power_w": round(watts, 1)} for seconds, watts in power.curve],
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
