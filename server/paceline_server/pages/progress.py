"""The page of any metric over time, by a form that needs no scripts."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from paceline_server.keys import POOL, STATS, USERS
from paceline_server.pages.progress_view import (
    BARS,
    CURVES,
    PERIODS,
    Drawing,
    Point,
    draw_bars,
    draw_curve,
    ends_of,
    period_name,
    value_said,
)
from paceline_server.pages.render import render
from paceline_server.platform.auth import require
from paceline_server.stats.series import OF_FORM, RESTING_SERIES, progress_points
from paceline_server.stats.service import PERIODS as KINDS
from paceline_server.words.reader import reader
from paceline_server.words.speech import gettext as _

DAYS = {"daily": 42, "weekly": 26 * 7, "monthly": 2 * 365, "yearly": 10 * 366}
EARLIEST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: its name, and its drawings over each other, each with its class and name."""

    name: str
    drawings: tuple[tuple[str, str, Drawing], ...]


async def show_progress(request: web.Request) -> web.Response:
    """GET /progress?metric=distance&period=weekly&sport=running&to=2026-05-14: up to that day, today if not said.

    The resting heart rate is of days, which a program sees only with that scope: the page is for people.
    """
    identity = await require(request)
    user = await request.app[USERS].get(identity.owner_id)
    standing = await request.app[STATS].standing(identity.owner_id)
    asked = request.query
    metric = asked.get("metric", "") if asked.get("metric", "") in BARS | CURVES else "distance"
    period = asked.get("period", "") if asked.get("period", "") in PERIODS else "weekly"
    sport = asked.get("sport", "") if asked.get("sport", "") in standing.history.sports and metric in BARS else ""
    last = min(_day(asked.get("to", "")) or standing.today, standing.today)
    first = max(EARLIEST.toordinal(), last - DAYS[period] + 1)
    of_load = OF_FORM if metric == "load" else ()
    resting = None
    if metric == RESTING_SERIES:
        resting = await request.app[STATS].resting_bpm(identity.owner_id, max(first, last - 365), last)

    def found() -> dict[str, list[dict[str, object]]]:
        given = (KINDS[period], first_weekday, sport or None, first, last, resting)
        return {one: progress_points(standing, one, *given) for one in (metric, *of_load)}

    first_weekday = reader().first_weekday
    series = await asyncio.get_running_loop().run_in_executor(request.app[POOL], found)
    points = {name: [_point(one) for one in rows] for name, rows in series.items()}
    return render(
        "progress.html",
        username=user.username,
        metric=metric,
        period=period,
        sport=sport,
        metrics={name: _(word) for name, word in (BARS | CURVES).items()},
        periods={name: _(word) for name, word in PERIODS.items()},
        sports=standing.history.sports,
        charts=_charts(points, metric, period),
        heads=[_((BARS | CURVES)[name]) for name in points],
        rows=_rows(points, period),
        span=(period_name(points[metric][0][0], period), period_name(points[metric][-1][0], period)),
        any_known=ends_of(*points.values()) not in (None, (0.0, 0.0)),
        earlier=(date.fromordinal(first) - timedelta(days=1)).isoformat() if first > EARLIEST.toordinal() else "",
        later=date.fromordinal(min(standing.today, last + DAYS[period])).isoformat() if last < standing.today else "",
    )


def _charts(points: dict[str, list[Point]], metric: str, period: str) -> list[Chart]:
    if metric in CURVES:
        low, high = ends_of(points[metric]) or (0.0, 1.0)
        return [Chart(_(CURVES[metric]), ((metric, "", draw_curve(points[metric], metric, low, high)),))]
    charts = [Chart(_(BARS[metric]), ((metric, "", draw_bars(points[metric], metric, period)),))]
    curves = [name for name in points if name in CURVES]
    ends = ends_of(*(points[name] for name in curves))
    if ends is not None:
        low, high = min(0.0, ends[0]), max(0.0, ends[1])
        drawn = tuple((name, _(CURVES[name]), draw_curve(points[name], "form", low, high)) for name in curves)
        charts.append(Chart(_("Fitness, fatigue and form"), drawn))
    return charts


def _rows(points: dict[str, list[Point]], period: str) -> list[tuple[Any, ...]]:
    every = [[(day, value_said(value, name)) for day, value in series] for name, series in points.items()]
    rows = [(period_name(row[0][0], period), *(said for _start, said in row)) for row in zip(*every, strict=True)]
    return rows[::-1]


def _point(one: dict[str, object]) -> Point:
    value = one["value"]
    return date.fromisoformat(str(one["start"])), value if isinstance(value, float | int) else None


def _day(text: str) -> int | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return max(day, EARLIEST).toordinal()
