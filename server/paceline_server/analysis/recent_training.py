"""What somebody did of late, in the figures by which advice is given.

A day's load is the training impulse (training_impulse.py) when it can be told for nearly all of the last six weeks,
else the minutes moved: mixed, weeks without a sensor would look like rest. A session counts as hard when a tenth of its
time, and 5 minutes, were at or above the fourth zone.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

from paceline_server.analysis.history import Athletes, History
from paceline_server.analysis.training_form import evenness, training_form
from paceline_server.formats.recording import Column

SPAN_DAYS, MONTH_DAYS, WEEK_DAYS = 42, 28, 7
GAP_LOOK_DAYS = 90
LEAST_TOLD = 0.8
HARD_PART, HARD_S = 0.1, 300.0
LONG_TIMES = 1.25  # of the usual time: beyond it a session is a long one


@dataclass(frozen=True, slots=True)
class RecentTraining:
    """Figures up to `today` (as date.toordinal() counts); None where nothing tells them.

    `by_heart`: loads are training impulses, else minutes; `heart_part` is the part of the moving time of six weeks with
    a heart rate that tells a load. `weeks` are the loads of the last four times seven days, the latest last; `load_7`
    is the last of them. `usual_s` and `sport` are of the sport with the most time in six weeks (before a gap: in the 90
    days before it), `longest_s` and `longest_m` of its longest session in 30 days. `idle_days` are days since the last
    session, `before_gap` sessions in the 90 days up to that one. `hard_part` is of the time of 28 days, `easy_since`
    the days since the last hard session, `short_since` those since the last long one.
    """

    today: int
    sessions: int
    known_days: int
    idle_days: int | None
    before_gap: int
    sessions_7: int
    sessions_28: int
    days_in_row: int
    by_heart: bool
    heart_part: float
    weeks: tuple[float, ...]
    usual_week: float
    fitness: float
    fatigue: float
    form: float
    monotony: float | None
    sport: str | None
    usual_s: float
    longest_s: float
    longest_m: float
    hard_part: float | None
    easy_since: int | None
    short_since: int | None

    @property
    def load_7(self) -> float:
        """The load of the last seven days."""
        return self.weeks[-1]


def recent_training(history: History, athletes: Athletes, today: int) -> RecentTraining:
    """Return the figures of a history, of which activities after today count nothing."""
    known = history.until(today)
    days = history.day[known]
    moving_s = history.sums["moving_ms"] / 1000
    load, by_heart, heart_part = _loads(history, athletes, today, moving_s)
    first, daily = history.daily(load, today)
    form, even = training_form(daily), evenness(daily)
    weeks = np.concatenate([np.zeros(5 * WEEK_DAYS), daily])[-5 * WEEK_DAYS :].reshape(5, WEEK_DAYS).sum(axis=1)
    last = int(days.max()) if len(days) else None
    until = today if last is None else last
    sport, chosen = _usual_sport(history, until, moving_s)
    month = chosen & (history.day > until - 30)
    hard, hard_part = _hard(history, athletes, today)
    usual_s = float(median(moving_s[chosen].tolist())) if chosen.any() else 0.0
    long = chosen & (moving_s >= LONG_TIMES * usual_s)
    monotony = float(even.monotony[-1])
    return RecentTraining(
        today=today,
        sessions=len(days),
        known_days=today - first + 1 if len(days) else 0,
        idle_days=None if last is None else today - last,
        before_gap=int((days > until - GAP_LOOK_DAYS).sum()),
        sessions_7=int((days > today - WEEK_DAYS).sum()),
        sessions_28=int((days > today - MONTH_DAYS).sum()),
        days_in_row=_days_in_row(set(days.tolist()), today),
        by_heart=by_heart,
        heart_part=heart_part,
        weeks=tuple(weeks[1:].tolist()),
        usual_week=float(weeks[:4].mean()),
        fitness=float(form.fitness[-1]),
        fatigue=float(form.fatigue[-1]),
        form=float(form.fitness[-1] - form.fatigue[-1]),
        monotony=None if np.isnan(monotony) else monotony,
        sport=sport,
        usual_s=usual_s,
        longest_s=float(moving_s[month].max()) if month.any() else 0.0,
        longest_m=float(history.sums["distance_cm"][month].max()) / 100 if month.any() else 0.0,
        hard_part=hard_part,
        easy_since=_since(history.day[hard & known], today),
        short_since=_since(history.day[long & known], today),
    )


def _loads(history: History, athletes: Athletes, today: int, moving_s: Column) -> tuple[Column, bool, float]:
    by_heart = history.load(athletes)
    lately = history.until(today) & (history.day > today - SPAN_DAYS)
    whole = float(moving_s[lately].sum())
    told = 0.0 if by_heart is None or whole <= 0 else float(moving_s[lately & (by_heart > 0)].sum()) / whole
    if by_heart is not None and told >= LEAST_TOLD:
        return by_heart, True, told
    return moving_s / 60, False, told


def _usual_sport(history: History, until: int, moving_s: Column) -> tuple[str | None, np.ndarray]:
    chosen = history.until(until) & (history.day > until - SPAN_DAYS)
    if not chosen.any():
        return None, chosen
    place = int(np.bincount(history.sport[chosen], moving_s[chosen], len(history.sports)).argmax())
    return history.sports[place], chosen & (history.sport == place)


def _hard(history: History, athletes: Athletes, today: int) -> tuple[np.ndarray, float | None]:
    """Return which activities were hard, and the part of the time of 28 days at or above the fourth zone."""
    floors = athletes[-1][1].zone_floors_bpm
    count = len(history.day)
    if floors is None or len(history.heart) == 0:
        return np.zeros(count, bool), None
    seconds = history.heart["ms"] / 1000
    above = np.bincount(history.heart_row, np.where(history.heart["bpm"] >= floors[3], seconds, 0.0), count)
    whole = np.bincount(history.heart_row, seconds, count)
    month = history.until(today) & (history.day > today - MONTH_DAYS)
    part = float(above[month].sum() / whole[month].sum()) if whole[month].sum() > 0 else None
    return (above >= HARD_S) & (above >= HARD_PART * whole), part


def _since(days: np.ndarray, today: int) -> int | None:
    return today - int(days.max()) if len(days) else None


def _days_in_row(days: set[int], today: int) -> int:
    last = today if today in days else today - 1
    length = 0
    while last - length in days:
        length += 1
    return length
