"""The page of any metric over time: every choice draws, and what is asked wrong is the usual."""

from datetime import date

import pytest
from paceline_server.pages.progress_view import BARS, CURVES, draw_bars, draw_curve, ends_of, period_name, value_said
from server.kept_activities import activity_of, keep
from server.running_server import Person, RunningServer
from server.test_activity_forms import page

FIRST = date(2026, 5, 4)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_metric_has_a_page(server: RunningServer, ann: Person) -> None:
    await keep(server, activity_of(ann.owner_id, 1, date(2025, 10, 7), 8_200))
    for metric in BARS | CURVES:
        text = await page(server, ann, f"/progress?metric={metric}")
        assert f'<option value="{metric}" selected>' in text
        known = metric in {"distance", "time", "duration", "count", "ascent", "calories"}
        assert ("<title>Week of" in text) == known and ("Nothing is known of it" in text) != known, metric
    text = await page(server, ann, "/progress?metric=mood&period=hourly&sport=chess&to=soon")
    assert '<option value="weekly" selected>' in text and "8.20 km" in text and 'rel="prev"' in text
    text = await page(server, ann, "/progress?period=monthly&sport=running&to=1969-01-01")
    assert 'rel="next"' in text and 'rel="prev"' not in text


def test_bars_stand_on_nothing_and_curves_break_where_nothing_is_known() -> None:
    drawn = draw_bars([(FIRST, 5000.0), (FIRST, None), (FIRST, 10_000.0)], "distance", "weekly")
    assert [bar[1:4] for bar in drawn.bars] == [(80.0, 152.0, 80.0), (0.0, 152.0, 160.0)]
    assert (drawn.top, drawn.bars[0][4]) == ("10.00 km", "Week of 4 May 2026: 5.00 km")
    points = [(FIRST, -10.0), (FIRST, None), (FIRST, 30.0), (FIRST, 10.0)]
    assert ends_of(points) == (-10.0, 30.0) and ends_of([(FIRST, None)]) is None
    curve = draw_curve(points, "form", -10.0, 30.0)
    assert (curve.path, curve.ground) == ("M0 160h0M400 0h0L600 80", 120.0)
    assert draw_curve([], "vo2max", 1.0, 1.0).path == ""
    assert [value_said(one, "form") for one in (None, -3.0)] == ["–", "−3"] and value_said(52.0, "vo2max") == "52.0"
    assert [period_name(FIRST, one) for one in ("yearly", "monthly")] == ["2026", "May 2026"]
