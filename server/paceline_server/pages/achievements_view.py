"""Achievements and a year in review, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from paceline_server.pages.view import NOUNS
from paceline_server.training.achievements import Achievement
from paceline_server.words import quantities
from paceline_server.words.dates import month_name, short_day
from paceline_server.words.quantities import distance_name, value_name
from paceline_server.words.speech import gettext as _
from paceline_server.words.sports import sport_name, workouts_of

CHART_WIDTH, CHART_HEIGHT = 600, 120


@dataclass(frozen=True, slots=True)
class Badge:
    """A rule: how far it is, the part of the way to the next mark, and what was reached, the highest first.

    `reached` are (mark, day, activity).
    """

    title: str
    said: str
    part: float
    reached: tuple[tuple[str, str, str], ...]


def badge(one: Achievement) -> Badge:
    """Return an achievement in words."""
    following, said = one.next_value, value_name(one.value, one.unit)
    if following is not None:
        said += ", " + _("next %(mark)s", mark=value_name(following, one.unit))
    reached = [
        (value_name(mark.value, one.unit), day_name(mark.day), mark.activity_id)
        for mark in reversed(one.marks)
        if mark.day is not None and mark.activity_id is not None
    ]
    part = 1.0 if following is None else min(one.value / following, 1.0)
    return Badge(_(one.rule.title), said, round(part, 3), tuple(reached))


def year_rows(fields: Mapping[str, Any]) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return (name, workouts, kilometres, time, climb) of the year, the year before, and each sport of the year."""
    year = fields["year"]
    every = [(str(year), fields["totals"]), (str(year - 1), fields["before"])]
    every += [(workouts_of(sport), totals) for sport, totals in fields["by_sport"].items()]
    return tuple(
        (
            name,
            quantities.count(totals["count"]),
            quantities.distance(totals["distance_m"]).value,
            quantities.duration(totals["time_s"]),
            quantities.height(totals["ascent_m"]).value,
        )
        for name, totals in every
    )


def month_bars(months: Sequence[Mapping[str, Any]], year: int) -> tuple[tuple[float, float, float, str], ...]:
    """Return (x, y, height, what it says) of the bar of each month's kilometres."""
    most = max(month["distance_m"] for month in months) or 1.0
    step = CHART_WIDTH / 12
    bars = []
    for number, month in enumerate(months):
        height = round(CHART_HEIGHT * month["distance_m"] / most, 1)
        name = f"{month_name(month['month'])}: {quantities.distance(month['distance_m'])}"
        bars.append((round(step * number + step * 0.12, 1), round(CHART_HEIGHT - height, 1), height, name))
    return tuple(bars)


def highlight_rows(fields: Mapping[str, Any]) -> tuple[tuple[str, str, str, str], ...]:
    """Return (name, value, day, activity) of what stood out."""
    return tuple(
        (
            f"{_(one['name']).capitalize()} ({_(NOUNS.get(one['type'], one['type']))})",
            str(quantities.distance(one["value"])) if one["name"] == "longest way" else _said(one),
            day_name(date.fromisoformat(one["day"]).toordinal()),
            one["activity_id"],
        )
        for one in fields["highlights"]
    )


def best_rows(fields: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return (sport and distance, time, activity) of bests that bettered an earlier one."""
    return tuple(
        (
            f"{sport_name(one['type']).capitalize()}, {distance_name(one['distance_m'], one['type'])}",
            quantities.duration(one["duration_s"]),
            one["activity_id"],
        )
        for one in fields["bests"]
        if one["bettered"]
    )


def day_name(day: int) -> str:
    """Return a day as people write it."""
    return short_day(date.fromordinal(day))


def _said(one: Mapping[str, Any]) -> str:
    return quantities.duration(one["value"]) if one["unit"] == "s" else str(quantities.height(one["value"]))
