"""The table behind the charts: their values at even steps, for those who read rather than look. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paceline_server.pages.chart_view import UNITS, ChartView
from paceline_server.words import quantities
from paceline_server.words.speech import gettext as _

ROWS = 20
STEPS_S = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Heads, and rows of as many cells; the first two are the time and the distance."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def chart_table(
    columns: Mapping[str, Sequence[float | None]], charts: Sequence[ChartView], sport: str
) -> ChartTable | None:
    """Make at most about ROWS rows at even steps of time, of what the charts show; None where they show nothing."""
    times = [time for time in columns["time_s"] if time is not None]
    shown = [chart for chart in charts if chart.path]
    if len(times) < 2 or not shown:
        return None
    last = times[-1]
    step = next((step for step in STEPS_S if last / step <= ROWS), 7 * 86_400)
    moments = [*range(0, int(last), step), last]
    if len(moments) > 2 and last - moments[-2] < step / 4:
        del moments[-2]
    rows = []
    for moment in moments[: 10 * ROWS]:
        row = bisect_left(times, moment)
        if row and moment - times[row - 1] < times[row] - moment:
            row -= 1
        cells = [_cell(chart.measure, columns, row, sport) for chart in shown]
        rows.append((quantities.duration(moment), quantities.distance(columns["distance_m"][row]).value, *cells))
    return ChartTable((_("Time"), quantities.unit("distance"), *(_head(chart, sport) for chart in shown)), tuple(rows))


def _head(chart: ChartView, sport: str) -> str:
    units = UNITS | {"rate": quantities.rate(None, sport).unit, "altitude": quantities.unit("height")}
    return f"{chart.name}, {units[chart.measure]}"


def _cell(measure: str, columns: Mapping[str, Sequence[float | None]], row: int, sport: str) -> str:
    names = {"rate": "speed_m_s", "heart": "heart_rate_bpm", "altitude": "altitude_m", "power": "power_w"}
    value = columns[names[measure]][row]
    if measure == "rate":
        return quantities.rate(value, sport).value
    return (quantities.height(value) if measure == "altitude" else quantities.whole(value, "")).value
