"""A year in review: what was done in it, beside the year before. Pure; it follows from the activities there are."""

from datetime import date
from typing import Any

from paceline_server.analysis.history import METRICS, Chosen, History
from paceline_server.analysis.streaks import day_streak
from paceline_server.stats.fields_over_time import totals_fields

MOST_METRICS = (("longest way", "distance"), ("longest time", "time"), ("most climb", "ascent"))


def year_fields(history: History, year: int) -> dict[str, Any]:
    """Return the year as the API shows it."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    chosen, before = _of(history, year), _of(history, year - 1)
    by_month = {name: history.series(name, "month", 0, chosen) for name in ("count", "distance", "time")}
    days = history.day[chosen]
    return {
        "year": year,
        "totals": totals_fields(history, chosen),
        "before": totals_fields(history, before),
        "by_sport": {
            sport: totals_fields(history, chosen & history.of_sport(sport))
            for sport in history.sports
            if (chosen & history.of_sport(sport)).any()
        },
        "months": [_month(year, month, by_month) for month in range(1, 13)],
        "active_days": len(set(days.tolist())),
        "longest_streak_days": day_streak(days, last).longest,
        "highlights": _highlights(history, chosen),
        "bests": _bests(history, first, last),
    }


def years_of(history: History) -> list[int]:
    """Return the years that have activities, the latest first."""
    firsts = history.series("count", "year", 0, history.of_sport(None))
    return sorted((date.fromordinal(first).year for first in firsts), reverse=True)


def _of(history: History, year: int) -> Chosen:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return (history.day >= first) & (history.day <= last)


def _month(year: int, month: int, by_month: dict[str, dict[int, float]]) -> dict[str, object]:
    first = date(year, month, 1).toordinal()
    return {
        "month": month,
        "count": int(by_month["count"].get(first, 0)),
        "distance_m": round(by_month["distance"].get(first, 0.0), 2),
        "time_s": round(by_month["time"].get(first, 0.0), 3),
    }


def _highlights(history: History, chosen: Chosen) -> list[dict[str, object]]:
    """Return the activities with the most of each metric, the first of those that are alike."""
    found: list[dict[str, object]] = []
    rows = chosen.nonzero()[0]
    for name, metric in MOST_METRICS:
        column, scale, unit = METRICS[metric]
        values = history.sums[column][rows]
        if len(values) == 0 or values.max() <= 0:
            continue
        row = int(rows[values.argmax()])
        found.append(
            {
                "name": name,
                "value": int(values.max()) / scale,
                "unit": unit,
                "type": history.sports[int(history.sport[row])],
                "activity_id": history.activity_ids[row],
                "day": date.fromordinal(int(history.day[row])).isoformat(),
            }
        )
    return found


def _bests(history: History, first: int, last: int) -> list[dict[str, object]]:
    """Return the personal bests that were set in the year, the last of each distance."""
    days = dict(zip(history.activity_ids, history.day.tolist(), strict=True))
    found: list[dict[str, object]] = []
    for (sport, metres), each in history.bests.items():
        within = [best for best in each if first <= days[best.activity_id] <= last]
        if within:
            found.append(
                {
                    "type": sport,
                    "distance_m": metres,
                    "duration_s": within[-1].duration_s,
                    "activity_id": within[-1].activity_id,
                    "bettered": within[-1] is not each[0],
                }
            )
    return found
