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
UNITS = {"heart": "bpm", "power": "W"}


@dataclass(frozen=True, slots=True)
class ChartView:
    """One chart: `measure` is rate, heart, altitude or power; `value` stands beside the name at rest.

    `words` say what the picture shows. `path` is the picture without scripts ("" when there is none), `top` and
    `bottom` what its upper and lower end mean.
    """

    measure: str
    name: str
    value: str
    words: str
    path: str
    top: str
    bottom: str
    last: bool


def chart_views(columns: Mapping[str, Sequence[float | None]], activity: ActivitySummary) -> tuple[ChartView, ...]:
    """Make the charts that have values (all of them while live: values may still come)."""
    live = activity.status == LIVE
    by_pace = not quantities.by_speed(activity.sport)
    speeds = [_drawn(speed, by_pace=by_pace) for speed in columns["speed_m_s"]]
    powers = columns.get("power_w", ())
    mean = quantities.rate(mean_speed_m_s(activity), activity.sport)
    heart = quantities.whole(activity.heart_rate_avg_bpm, "bpm")
    every = (
        ("rate", quantities.rate_name(activity.sport), _("average %(value)s", value=mean), speeds),
        ("heart", _("Heart rate"), _("average %(value)s", value=heart), columns["heart_rate_bpm"]),
        ("altitude", _("Elevation"), _range(columns["altitude_m"]), columns["altitude_m"]),
        (
            "power",
            _("Power"),
            _("at most %(value)s", value=quantities.whole(max(_known(powers), default=None), "W")),
            powers,
        ),
    )
    shown = [row for row in every if (live and row[0] != "power") or any(value is not None for value in row[3])]
    return tuple(
        ChartView(
            measure,
            name,
            value,
            _words(measure, name, value, values, activity.sport),
            *_picture(measure, values, activity.sport),
            number == len(shown),
        )
        for number, (measure, name, value, values) in enumerate(shown, 1)
    )


def _words(measure: str, name: str, value: str, values: Sequence[float | None], sport: str) -> str:
    """Say what the curve shows: its ends, where its highest stands, and what stands beside its name."""
    known = _known(values)
    if not known:
        return _("%(chart)s: nothing yet.", chart=name)
    low, high = (_said(measure, end, sport, unit=True) for end in (min(known), max(known)))
    part = values.index(max(known)) / max(1, len(values) - 1)
    place = _("at the start") if part < 0.1 else _("at the end") if part > 0.9 else None
    if place is None:
        place = _("%(part)s %% along", part=round(100 * part))
    said = {"chart": name, "value": value, "low": low, "high": high, "place": place}
    return _("%(chart)s: %(value)s; lowest %(low)s, highest %(high)s, %(place)s.", **said)


def _picture(measure: str, values: Sequence[float | None], sport: str) -> tuple[str, str, str]:
    drawn = sparkline(values, WIDTH, HEIGHT)
    if drawn is None:
        return "", "", ""
    return drawn.path, _said(measure, drawn.high, sport), _said(measure, drawn.low, sport)


def _said(measure: str, value: float, sport: str, *, unit: bool = False) -> str:
    if measure == "rate":
        said = quantities.rate(value, sport)
    else:
        said = quantities.height(value) if measure == "altitude" else quantities.whole(value, UNITS[measure])
    return str(said) if unit else said.value


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _drawn(speed_m_s: float | None, *, by_pace: bool) -> float | None:
    """Standstill is no pace: it would press the rest of the curve flat."""
    return None if speed_m_s is None or (by_pace and speed_m_s < 0.6) else speed_m_s


def _range(values: Sequence[float | None]) -> str:
    known = _known(values)
    if not known:
        return quantities.DASH
    return _("%(low)s to %(high)s", low=quantities.height(min(known)).value, high=quantities.height(max(known)))
