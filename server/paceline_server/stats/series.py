"""Any metric as a series: a value for every period."""

from collections.abc import Mapping
from datetime import date

from paceline_server.analysis.history import METRICS
from paceline_server.analysis.periods import means, periods_between
from paceline_server.analysis.race_form import capacity_series
from paceline_server.analysis.training_form import training_form
from paceline_server.stats.service import Standing, known

RESTING_SERIES = "resting_heart_rate"
OF_FORM = ("fitness", "fatigue", "form")


def unit_of(metric: str) -> str:
    """Return a metric's unit; empty for a mere number."""
    told = {"vo2max": "ml/kg/min", RESTING_SERIES: "bpm"}
    return METRICS[metric][2] if metric in METRICS else told.get(metric, "")


def progress_points(
    standing: Standing,
    metric: str,
    kind: str,
    first_weekday: int,
    sport: str | None,
    first: int,
    last: int,
    resting_bpm: Mapping[int, float] | None = None,
) -> list[dict[str, object]]:
    """Return {"start", "value"} of every period from the day `first` to `last`.

    What is summed is 0 where nothing was done. Fitness, fatigue and form are those of the period's last day, VO2max the
    median of its runs, the resting heart rate the mean of its days (`resting_bpm`, by day): None where none is known.
    """
    starts = periods_between(first, last, kind, first_weekday)
    found, usual = _found(standing, metric, kind, first_weekday, sport, last, starts, resting_bpm or {})
    return [
        {"start": date.fromordinal(start).isoformat(), "value": None if value is None else round(value, 3)}
        for start, value in ((start, found.get(start, usual)) for start in starts)
    ]


def _found(
    standing: Standing,
    metric: str,
    kind: str,
    first_weekday: int,
    sport: str | None,
    last: int,
    starts: list[int],
    resting_bpm: Mapping[int, float],
) -> tuple[Mapping[int, float | None], float | None]:
    """Return what is known by the first day of its period, and what holds for the others."""
    history = standing.history
    if metric == "vo2max":
        return capacity_series(history, standing.athletes, kind, first_weekday), None
    if metric == RESTING_SERIES:
        return means(resting_bpm, kind, first_weekday), None
    if metric in OF_FORM:
        return _form(standing, metric, last, starts), None
    chosen = history.until(last, sport)
    if metric == "load":
        return history.load_series(standing.athletes, kind, first_weekday, chosen), 0.0
    return history.series(metric, kind, first_weekday, chosen), 0.0


def _form(standing: Standing, metric: str, last: int, starts: list[int]) -> dict[int, float | None]:
    load = standing.history.load(standing.athletes)
    if load is None:
        return {}
    until = min(last, standing.today)
    begun, daily = standing.history.daily(load, until)
    values = getattr(training_form(daily), metric)
    ends = [*(start - 1 for start in starts[1:]), until]
    return {
        start: known(float(values[min(end, until) - begun]))
        for start, end in zip(starts, ends, strict=True)
        if begun <= min(end, until) and start <= until
    }
