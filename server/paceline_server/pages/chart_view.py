"""The charts of an activity: their names, what they say in words, and their pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from paceline_server.activities.model import LIVE, ActivitySummary
from paceline_server.pages.sparkline import sparkline
from paceline_server.pages.view import mean_speed_m_s
from paceline_server.words import quantities
from paceline_server.words.speech import gettext as _

WIDTH = 600
HEIGHT = 92


@dataclass(frozen=True, slots=True)
class ChartView:
    """One chart: `measure` is rate, heart or altitude; `value` stands beside the name while nothing is pointed at.

    `path` is the picture without scripts ("" when there is none), `top` and `bottom` what its upper and lower end mean.
    """

    measure: str
    name: str
    value: str
    path: str
    top: str
    bottom: str
    last: bool


def chart_views(columns: Mapping[str, Sequence[float | None]], activity: ActivitySummary) -> tuple[ChartView, ...]:
    """Make the charts that have values (all of them while live: values may still come)."""
    live = activity.status == LIVE
    by_pace = not quantities.by_speed(activity.sport)
    speeds = [_drawn(speed, by_pace=by_pace) for speed in columns["speed_m_s"]]
    hearts = columns["heart_rate_bpm"]
    altitudes = columns["altitude_m"]
    mean = quantities.rate(mean_speed_m_s(activity), activity.sport)
    heart = quantities.whole(activity.heart_rate_avg_bpm, "bpm")
    rate_name = quantities.rate_name(activity.sport)
    every = (
        ("rate", rate_name, _("average %(value)s", value=mean), speeds),
        ("heart", _("Heart rate"), _("average %(value)s", value=heart), hearts),
        ("altitude", _("Elevation"), _range(altitudes), altitudes),
    )
    shown = [row for row in every if live or any(value is not None for value in row[3])]
    return tuple(
        ChartView(measure, name, value, *_picture(measure, values, activity.sport), number == len(shown))
        for number, (measure, name, value, values) in enumerate(shown, 1)
    )


def _picture(measure: str, values: Sequence[float | None], sport: str) -> tuple[str, str, str]:
    drawn = sparkline(values, WIDTH, HEIGHT)
    if drawn is None:
        return "", "", ""
    top, bottom = (_end(measure, end, sport) for end in (drawn.high, drawn.low))
    return drawn.path, top, bottom


def _end(measure: str, value: float, sport: str) -> str:
    if measure == "rate":
        return quantities.rate(value, sport).value
    return (quantities.height(value) if measure == "altitude" else quantities.whole(value, "")).value


def _drawn(speed_m_s: float | None, *, by_pace: bool) -> float | None:
    """Standstill is no pace: it would press the rest of the curve flat."""
    return None if speed_m_s is None or (by_pace and speed_m_s < 0.6) else speed_m_s


def _range(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return quantities.DASH
    return _("%(low)s to %(high)s", low=quantities.height(min(known)).value, high=quantities.height(max(known)))
