"""Statistics as the API shows them."""

from datetime import date
from typing import Any

from paceline_server.analysis.consistency import consistency
from paceline_server.analysis.history import METRICS, Best, Chosen, History
from paceline_server.analysis.race_form import capacity_now, predictions, race_form
from paceline_server.analysis.resting_trend import RestingTrend
from paceline_server.analysis.streaks import Streak, day_streak, week_streak
from paceline_server.analysis.training_form import evenness, training_form
from paceline_server.platform.answers import utc_text
from paceline_server.stats.service import Standing, known


def stats_fields(standing: Standing, first_weekday: int) -> dict[str, object]:
    """Return totals, streaks, bests and form."""
    history, today = standing.history, standing.today
    spans = (("lifetime", "all"), ("year_to_date", "year"), ("this_month", "month"), ("this_week", "week"))
    return {
        "today": _date(today),
        "lifetime_workouts": len(history.activity_ids),
        **{name: totals_fields(history, history.within(kind, today, first_weekday)) for name, kind in spans},
        "by_sport": {sport: totals_fields(history, history.of_sport(sport)) for sport in history.sports},
        "streaks": {
            "days": _streak(day_streak(history.day, today)),
            "weeks": _streak(week_streak(history.day, today, first_weekday)),
        },
        "personal_bests": [
            {"sport": sport, "distance_m": metres, **_best(each[-1]), "history": [_best(one) for one in each]}
            for (sport, metres), each in history.bests.items()
        ],
        "consistency": consistency_fields(standing, first_weekday),
        "training": training_fields(standing),
        "running": running_fields(standing),
    }


def consistency_fields(standing: Standing, first_weekday: int) -> dict[str, float] | None:
    """Return how steadily one trained; None in the first weeks."""
    found = consistency(standing.history.day, standing.today, first_weekday)
    return None if found is None else {name: round(value, 3) for name, value in found._asdict().items()}


def totals_fields(history: History, chosen: Chosen) -> dict[str, float]:
    """Return the sums over chosen activities."""
    totals = {f"{metric}_{unit}": round(history.total(metric, chosen), 3) for metric, (_, _, unit) in METRICS.items()}
    return {"count": int(history.total("count", chosen)), **totals}


def training_fields(standing: Standing) -> dict[str, float | None] | None:
    """Return today's form; None when no load can be told."""
    load = standing.history.load(standing.athletes)
    if load is None:
        return None
    _, daily = standing.history.daily(load, standing.today)
    form, even = training_form(daily), evenness(daily)
    return {
        "load_this_week": round(float(daily[-7:].sum()), 2),
        "fitness": known(float(form.fitness[-1])),
        "fatigue": known(float(form.fatigue[-1])),
        "form": known(float(form.form[-1])),
        "ramp": known(float(form.ramp[-1])),
        "monotony": known(float(even.monotony[-1])),
        "strain": known(float(even.strain[-1])),
    }


def running_fields(standing: Standing) -> dict[str, Any] | None:
    """Return what could be run now; None when neither an effort nor a heart rate of the last weeks tells it."""
    form = race_form(standing.history, standing.today)
    capacity = capacity_now(standing.history, standing.athletes, standing.today)
    if form is None and capacity is None:
        return None
    return {
        "vo2max_ml_kg_min": None if capacity is None else round(capacity.ml_kg_min, 1),
        "vo2max_spread_ml_kg_min": None if capacity is None else round(capacity.spread, 1),
        "vo2max_runs": 0 if capacity is None else capacity.runs,
        "vdot": None if form is None else round(form.vdot, 1),
        "vdot_activity_id": None if form is None else form.activity_id,
        "races": [
            {
                "distance_m": one.distance_m,
                "duration_s": round(one.duration_s, 1),
                "shortest_s": round(one.shortest_s, 1),
                "longest_s": round(one.longest_s, 1),
            }
            for one in (predictions(form) if form is not None else ())
        ],
    }


def resting_fields(trend: RestingTrend) -> dict[str, float]:
    """Return the resting heart rate of these days beside the usual one."""
    return {
        "recent_bpm": round(trend.recent_bpm, 1),
        "usual_bpm": round(trend.usual_bpm, 1),
        "known_days": trend.known_days,
    }


def _best(best: Best) -> dict[str, object]:
    return {
        "duration_s": best.duration_s,
        "activity_id": best.activity_id,
        "start_time": utc_text(best.start_utc_s),
    }


def _streak(streak: Streak) -> dict[str, int]:
    return {"current": streak.current, "longest": streak.longest}


def _date(day: int) -> str:
    return date.fromordinal(day).isoformat()
