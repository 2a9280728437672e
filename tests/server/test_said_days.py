"""Of which days a file said something, kept small, and what it says no more."""

from paceline_server.formats.days import DayFigure, DaysSaid
from paceline_server.imports.said_days import no_longer_said, said_days


def said(*days: str, metric: str = "steps", source: str = "Watch") -> DaysSaid:
    return DaysSaid(source, tuple(DayFigure.of_whole_day(metric, day, 5.0) for day in days))


def test_what_is_said_no_more_is_told_by_day_metric_and_source() -> None:
    before = said_days([said("1990-01-01", "2024-02-29", "2199-12-31"), said("2024-05-01", metric="floors")])
    assert sum(len(packed) for metrics in before.values() for packed in metrics.values()) < 12_500
    now = said_days([said("2024-02-29", "2024-03-01"), said("2024-05-01", metric="floors", source="Ring")])
    assert no_longer_said(before, now) == {
        "Watch": [("floors", "2024-05-01"), ("steps", "1990-01-01"), ("steps", "2199-12-31")]
    }
    assert no_longer_said(before, before) == {}


def test_values_of_a_moment_and_what_is_damaged_are_left_out() -> None:
    weighed = DaysSaid("Scale", (DayFigure("weight_kg", "2024-05-01", 70.0, 1_714_557_600),))
    assert said_days([weighed]) == {}
    for damaged in ("", "2024-05-01", "x y", "9999-12-31 00000", "2024-05-01 ~~~~~~~~~~"):
        assert no_longer_said({"Watch": {"steps": damaged}}, {}) == {}
