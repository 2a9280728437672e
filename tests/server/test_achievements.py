"""Achievements and the year in review: counted by hand, whatever the order in which workouts come."""

import random
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from paceline_server.analysis.tiers import reached_by_most, reached_by_sum, reached_in_row
from paceline_server.pages.achievements_view import badge, best_rows, highlight_rows, month_bars, year_rows
from paceline_server.training.achievements import RULES, Achievement, achievements
from paceline_server.training.year import year_fields, years_of
from paceline_server.words.quantities import value_name
from server.made_histories import TODAY, Done, history


def of(every: list[Done], name: str) -> Achievement:
    (found,) = (one for one in achievements(history(every), TODAY) if one.rule.name == name)
    return found


def test_every_rule_rises_and_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all(low < high for low, high in pairwise(rule.marks)) and rule.marks[0] > 0


def test_nobody_has_reached_anything_without_a_workout() -> None:
    for one in achievements(history([]), TODAY):
        assert (one.value, one.next_value) == (0, one.rule.marks[0]) and not [m for m in one.marks if m.day]


@pytest.mark.parametrize("seed", range(6))
def test_marks_are_reached_when_a_walk_through_all_days_says_so(seed: int) -> None:
    chance = random.Random(seed)
    every = [
        Done(chance.randrange(400), 60, chance.choice(("running", "cycling")), None, chance.randrange(1, 60))
        for _ in range(150)
    ]
    made = history(every)
    found = {one.rule.name: one for one in achievements(made, TODAY)}
    total, longest, met, whole = 0.0, 0.0, {}, {}
    row_of_day = zip(made.day.tolist(), made.sums["distance_cm"].tolist(), made.sport.tolist(), strict=True)
    for day, cm, sport in row_of_day:
        total += cm / 100
        longest = max(longest, cm / 100 if made.sports[sport] == "running" else 0.0)
        for mark in (1e5, 5e5, 1e6, 5e6):
            if total >= mark:
                met.setdefault(mark, day)
        for mark in (5000, 10_000, 21_097.5, 42_195):
            if longest >= mark:
                whole.setdefault(mark, day)
    assert {mark.value: mark.day for mark in found["distance"].marks if mark.day and mark.value <= 5e6} == met
    assert {mark.value: mark.day for mark in found["run"].marks if mark.day and mark.value <= 42_195} == whole
    assert found["distance"].value == pytest.approx(total) and found["run"].value == pytest.approx(longest)
    days = set(made.day.tolist())
    runs, run = [], 0
    for day in range(TODAY - 400, TODAY + 1):
        run = run + 1 if day in days else 0
        runs.append((day, run))
    for mark in found["days"].marks:
        assert mark.day == next((day for day, run in runs if run >= mark.value), None)


def test_a_workout_that_is_deleted_takes_its_marks_with_it() -> None:
    runs = [Done(9, 60, km=11), Done(4, 120, km=22), Done(2, 60, km=10)]
    whole = of(runs, "run")
    assert [mark.day for mark in whole.marks] == [TODAY - 9, TODAY - 9, TODAY - 4, None, None, None]
    assert of([runs[0], runs[2]], "run").marks[2].day is None and whole.next_value == 42_195
    late = Done(30, 150, km=23)
    assert of([*runs, late], "run").marks[2].day == TODAY - 30


def test_weeks_in_a_row_are_those_of_the_calendar() -> None:
    days = np.array([date(2026, 5, 3), date(2026, 5, 4), date(2026, 5, 10), date(2026, 5, 18)])
    numbers = np.array([day.toordinal() for day in days])
    assert reached_in_row(numbers, (1, 2, 3), weeks=True) == [0, 1, None]  # Sunday, then Monday: two weeks
    assert reached_in_row(numbers, (1, 2, 3), weeks=False) == [0, 1, None]
    assert reached_by_sum(np.array([1, 2, 3]), (3, 6, 7)) == [1, 2, None]
    assert reached_by_most(np.array([1, 5, 3]), (3, 5, 7)) == [1, 1, None]


def test_an_achievement_is_said_in_words() -> None:
    said = badge(of([Done(4, 120, km=22)], "run"))
    assert said.said == "22 km, next 42.2 km" and said.part == pytest.approx(0.521, abs=1e-3)
    assert [name for name, _, _ in said.reached] == ["21.1 km", "10 km", "5,000 m"]
    assert value_name(3600, "s") == "1 h" and value_name(1, "days") == "1 day" and value_name(1, "") == "1 workout"


def test_a_year_is_what_was_done_in_it() -> None:
    year_ago = (date.fromordinal(TODAY) - date(2025, 6, 1)).days
    every = [
        Done(1, 60, km=12, efforts=((5000, 1500),)),
        Done(2, 90, "cycling", 130, 40),
        Done(5, 50, km=9, efforts=((5000, 1550),)),
        Done(year_ago, 45, km=8, efforts=((5000, 1600),)),
    ]
    made = history(every)
    fields = year_fields(made, 2026)
    assert fields["totals"]["distance_m"] == 61_000 and fields["before"]["distance_m"] == 8000
    assert (fields["active_days"], fields["longest_streak_days"]) == (3, 2)
    assert [month["distance_m"] for month in fields["months"]][4] == 61_000
    assert sum(month["count"] for month in fields["months"]) == 3
    assert years_of(made) == [2026, 2025] and years_of(history([])) == []
    assert [row[:2] for row in highlight_rows(fields)] == [
        ("Longest way (ride)", "40.00 km"),
        ("Longest time (ride)", "1:30:00"),
    ]
    assert [row[:2] for row in best_rows(fields)] == [("Running, 5 km", "25:00")]
    assert [row[0] for row in year_rows(fields)] == ["2026", "2025", "Rides", "Runs"]
    bars = month_bars(fields["months"], 2026)
    assert bars[4][2] == 120 and bars[4][3] == "May: 61.00 km" and bars[0][2] == 0
    empty = year_fields(made, 2020)
    assert empty["totals"]["count"] == 0 == len(empty["highlights"])
    assert year_fields(made, 2025)["bests"][0]["bettered"] is False
