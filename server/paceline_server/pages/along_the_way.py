"""What the page of an activity draws of its columns: charts, the values behind them, and the route with its colours."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from paceline_server.activities.model import LIVE, Activity
from paceline_server.analysis.drawing import CHART_MEAN_S, drawn
from paceline_server.pages.chart_table import ChartTable, chart_table
from paceline_server.pages.chart_view import ChartView, chart_views
from paceline_server.pages.route_picture import RoutePicture, coloured_picture
from paceline_server.pages.shading import Shading, Values, chosen_of, shadings

COLUMNS = (
    "time_s",
    "latitude_deg",
    "longitude_deg",
    "altitude_m",
    "speed_m_s",
    "heart_rate_bpm",
    "distance_m",
    "power_w",
)
POINTS = 280


@dataclass(frozen=True, slots=True)
class AlongTheWay:
    """`picture` is None where the route has one colour; then `chosen` is None, too. `table` is None without values.

    For the scripts: `points` counts the rows there are, `laps` are the seconds at which one begins that is not the
    first, `pauses` pairs of seconds "from-to".
    """

    charts: tuple[ChartView, ...]
    table: ChartTable | None
    picture: RoutePicture | None
    shadings: tuple[Shading, ...]
    chosen: Shading | None
    points: int
    laps: str
    pauses: str


def few_rows(columns: Mapping[str, Any]) -> tuple[Mapping[str, Values], int]:
    """Return COLUMNS in POINTS rows as lists, None where nothing is known, and how many rows there were.

    This reckons for long, so it belongs into the pool, and holds no words.
    """
    few = drawn(columns, POINTS, mean_s=CHART_MEAN_S)
    return {name: _listed(column.tolist()) for name, column in few.items()}, len(columns["time_s"])


def along_the_way(lists: Mapping[str, Values], points: int, activity: Activity, colour: str) -> AlongTheWay:
    """Make all of it of few_rows() as they are shown to who looks; `colour` is what the address asks for."""
    charts = chart_views(lists, activity)
    table = chart_table(lists, charts, activity.sport)
    laps = " ".join(f"{lap.start_s:.0f}" for lap in activity.laps if lap.start_s > 0)
    pauses = " ".join(f"{pause.start_s:.0f}-{pause.end_s:.0f}" for pause in activity.pauses)
    plain = AlongTheWay(charts, table, None, (), None, points, laps, pauses)
    placed = any(value is not None for value in lists["latitude_deg"])
    if activity.status == LIVE or not placed:
        return plain
    found = shadings(lists, activity.sport)
    chosen = chosen_of(colour, found)
    if chosen is None:
        return replace(plain, shadings=found)
    picture = coloured_picture(lists["latitude_deg"], lists["longitude_deg"], lists[chosen.column], chosen)
    return replace(plain, picture=picture, shadings=found, chosen=None if picture is None else chosen)


def _listed(values: Sequence[float]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values]
