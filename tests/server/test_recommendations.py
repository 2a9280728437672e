"""What is advised to made-up people: a beginner, somebody who over-reaches, comes back, or builds up to a marathon."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from paceline_server.analysis.athlete import UNKNOWN, Athlete
from paceline_server.analysis.running_capacity import vdot
from paceline_server.analysis.streaks import Streak
from paceline_server.gear.model import Gear
from paceline_server.gear.service import WornGear
from paceline_server.gear.wear import Wear
from paceline_server.goals.model import Goal
from paceline_server.goals.progress import Period, Progress
from paceline_server.goals.service import GoalNow
from paceline_server.pages.training_view import advice_view
from paceline_server.training.advice import Kind, Recommendation
from paceline_server.training.recommending import Known, recommendations
from paceline_server.training.standing_rules import gear_worn, goals_at_risk, streaks_ending
from server.made_histories import MIRA, OWNER, TODAY, Done, history, weekly

STEADY = (Done(1, 45), Done(3, 40), Done(4, 25, bpm=160), Done(6, 75))
"""A week: two easy runs, a hard one, a long one."""


def advised(every: Iterable[Done], athlete: Athlete = MIRA, **known: object) -> list[Recommendation]:
    return recommendations(replace(Known(history(every), ((0, athlete),), TODAY), **known))


def rules(found: Iterable[Recommendation]) -> list[tuple[Kind, str]]:
    return [(one.kind, one.rule) for one in found]


def the(found: Iterable[Recommendation], kind: Kind) -> Recommendation:
    (one,) = (one for one in found if one.kind is kind)
    return one


def test_nobody_has_done_anything_yet() -> None:
    found = advised([], UNKNOWN)
    assert rules(found) == [(Kind.NEXT_SESSION, "first")]
    assert found[0].session is not None and found[0].session.duration_s == 1200
    assert (found[0].session.day, found[0].session.heart_rate_bpm) == (TODAY, None)


def test_a_beginner_is_told_to_go_easily_every_other_day() -> None:
    found = advised([Done(1, 20), Done(4, 25), Done(6, 20)])
    assert rules(found) == [(Kind.NEXT_SESSION, "beginner"), (Kind.PACE_AND_ZONES, "ranges")]
    session = found[0].session
    assert session is not None and session.day == TODAY + 1  # yesterday was one
    assert 20 * 60 <= session.duration_s <= 30 * 60 and session.heart_rate_bpm == (95, 132)
    assert {figure.name: figure.value for figure in found[0].figures} == {
        "workouts in 28 days": 3,
        "usual time": 20 * 60,
    }


def test_who_over_reaches_is_told_to_rest() -> None:
    hard = [Done(day, 90, bpm=165) for day in range(7)]
    found = advised([*weekly(range(1, 9), STEADY), *hard])
    said = rules(found)
    assert said[0] == (Kind.LOAD_WARNING, "load_jump") and (Kind.LOAD_WARNING, "much_hard") in said
    assert {(Kind.REST, "fatigue"), (Kind.REST, "days_in_row"), (Kind.NEXT_SESSION, "after_load")} <= set(said)
    session = the(found, Kind.NEXT_SESSION).session
    assert session is not None and (session.day, session.intensity) == (TODAY + 1, "easy")
    jump = found[0]
    figures = {figure.name: figure.value for figure in jump.figures}
    assert figures["times"] == pytest.approx(figures["load of 7 days"] / figures["usual week"]) and figures["times"] > 2
    assert jump.confidence == 1.0


def test_who_comes_back_starts_with_half() -> None:
    found = advised(weekly(range(5, 12), STEADY))
    session = the(found, Kind.NEXT_SESSION)
    assert session.rule == "comeback" and "36 days ago" in str(session.reason)
    assert session.session is not None and session.session.duration_s == 0.5 * 42.5 * 60
    assert not [one for one in found if one.kind in (Kind.LOAD_WARNING, Kind.REST)]
    # A week after the return the load is still far below what was usual: no warning of a jump from nothing.
    after = advised([*weekly(range(8, 15), STEADY), Done(1, 20), Done(3, 20)])
    assert the(after, Kind.NEXT_SESSION).rule == "beginner"


def test_a_build_up_to_a_marathon_goes_long_but_not_too_much_longer() -> None:
    build = [
        one
        for week in range(10)
        for one in weekly(
            [week], (Done(1, 45), Done(2, 40), Done(5, 50, bpm=158), Done(6, 150 - 6 * week, km=25 - week))
        )
    ]
    found = advised(build)
    session = the(found, Kind.NEXT_SESSION)
    assert rules(found)[0] == (Kind.NEXT_SESSION, "long") and session.session is not None
    assert session.session.duration_s == 150 * 60  # the longest of its kind: beyond two and a half hours not advised
    assert session.session.distance_m == pytest.approx(25_000) and session.session.heart_rate_bpm == (114, 132)
    shorter = advised([one for one in build if one.ago > 6])  # as it was a week ago, a day later
    grown = the(shorter, Kind.NEXT_SESSION).session
    assert grown is None or grown.duration_s <= 1.1 * 144 * 60


def test_after_three_rising_weeks_an_easier_one_is_due() -> None:
    rising = [one for week, minutes in enumerate((60, 50, 42, 35)) for one in weekly([week], [Done(1, minutes)] * 3)]
    found = advised([*rising, *weekly(range(4, 8), [Done(1, 34)] * 3)])
    assert (Kind.LOAD_WARNING, "weeks_rising") in rules(found)
    assert the(found, Kind.NEXT_SESSION).rule == "after_load"


def test_a_hard_session_is_due_when_the_last_is_long_ago_and_there_was_a_long_one() -> None:
    easy = (Done(1, 45), Done(3, 40), Done(4, 80))
    found = advised(weekly(range(8), easy))
    session = the(found, Kind.NEXT_SESSION)
    assert session.rule == "hard" and "3 times 8" in str(session.advice)
    assert session.session is not None and session.session.heart_rate_bpm == (152, 170)
    assert the(advised(weekly(range(8), easy), UNKNOWN), Kind.NEXT_SESSION).rule == "easy"  # no zones: none is hard


def test_without_a_heart_rate_minutes_count_and_it_is_less_sure() -> None:
    every = weekly(range(1, 9), [replace(one, bpm=None) for one in STEADY])
    found = advised([*every, *(Done(day, 120, bpm=None) for day in range(5))])
    assert rules(found)[0] == (Kind.LOAD_WARNING, "load_jump") and found[0].confidence == 0.7
    assert {figure.unit for figure in found[0].figures} == {"min", ""}


def test_a_strength_trainer_is_not_sent_on_a_long_run() -> None:
    found = advised(weekly(range(8), [Done(1, 60, "strength"), Done(3, 60, "strength"), Done(5, 60, "strength")]))
    assert the(found, Kind.NEXT_SESSION).rule == "usual"


def test_paces_follow_from_the_best_effort() -> None:
    fast = Done(10, 30, km=7, efforts=((1609.344, 353), (5000, 1197)))
    ranges = the(advised([*weekly(range(8), STEADY), fast]), Kind.PACE_AND_ZONES)
    threshold = next(pace for pace in ranges.paces if pace.name == "threshold")
    assert threshold.pace_s_km is not None and threshold.pace_s_km[0] == pytest.approx(255, abs=1.5)  # 4:15: VDOT 50
    told = vdot(5000, 1197)
    assert told is not None and ranges.figures[0].value == pytest.approx(told) and told == pytest.approx(50, abs=0.1)
    estimated = the(advised([Done(1, 20)], Athlete(age_years=40.0)), Kind.PACE_AND_ZONES)
    assert "estimated from your age" in str(estimated.reason)


def test_a_raised_resting_heart_rate_speaks_for_rest() -> None:
    usual = {TODAY - day: 50.0 for day in range(3, 31)}
    found = advised(weekly(range(8), STEADY), resting_bpm=usual | {TODAY - day: 57.0 for day in range(3)})
    rest = the(found, Kind.REST)
    assert rest.rule == "resting_heart_rate" and rest.confidence == 0.7 and "7 bpm" in str(rest.reason)
    calm = advised(weekly(range(8), STEADY), resting_bpm=usual | {TODAY - day: 52.0 for day in range(3)})
    assert not [one for one in calm if one.kind is Kind.REST]


def goal(target: float, value: float, first: int, last: int, metric: str = "distance") -> GoalNow:
    made = Goal(OWNER, "g", None, metric, "weekly", None, target, "2026-05-11", None, 0, "", 0.0)
    return GoalNow(made, Period(first, last), Progress(value, value >= target), None, TODAY)


def test_a_goal_is_at_risk_when_its_rate_is_too_low() -> None:
    week = (TODAY - 3, TODAY + 3)
    (said,) = goals_at_risk([goal(20_000, 4000, *week)])
    figures = {figure.name: figure.value for figure in said.figures}
    assert (figures["needed a day"], figures["days left"], said.about) == (4000, 4, "g")
    assert goals_at_risk([goal(20_000, 8000, *week)]) == []  # 8 of 8.57 by rate: near enough
    assert goals_at_risk([goal(20_000, 0, TODAY - 1, TODAY + 5)]) == []  # it has hardly begun
    assert goals_at_risk([goal(20_000, 20_000, *week), goal(70, 80, *week, "weight")]) == []
    (last,) = goals_at_risk([goal(20_000, 15_000, TODAY - 6, TODAY)])
    assert "today is the last day" in str(last.reason)


def test_a_streak_is_named_on_the_day_on_which_it_ends() -> None:
    days, weeks = Streak(5, 9), Streak(4, 4)
    assert [one.rule for one in streaks_ending(days, weeks, 1, 4)] == ["days"]
    assert streaks_ending(days, weeks, 0, 4) == [] == streaks_ending(Streak(2, 9), weeks, 1, 4)
    assert [one.rule for one in streaks_ending(Streak(0, 9), weeks, 6, 2)] == ["weeks"]
    assert streaks_ending(Streak(0, 9), weeks, 5, 2) == []  # on Monday there was one
    assert streaks_ending(Streak(0, 9), Streak(0, 4), None, 1) == []


def test_gear_is_named_when_nine_tenths_are_used_up() -> None:
    shoes = Gear(OWNER, "s", None, "shoes", "Blue", None, None, None, 0, 0, 800_000, None, None, 0)

    def worn(metres: float, **changes: object) -> list[Recommendation]:
        return gear_worn([WornGear(replace(shoes, **changes), Wear(1, metres, 0, metres, 0))])

    assert worn(700_000) == [] == worn(790_000, retired_on="2026-01-01") == worn(790_000, distance_limit_m=None)
    assert "nearly worn out" in str(worn(730_000)[0].advice) and worn(730_000)[0].about == "s"
    assert "are worn out" in str(worn(800_000)[0].advice)


def test_the_same_facts_give_the_same_advice() -> None:
    every = weekly(range(8), STEADY)
    assert advised(every) == advised(reversed(every))


def test_advice_is_said_in_words() -> None:
    fast = Done(10, 30, km=7, efforts=((5000, 1197),))
    found = [advice_view(one, TODAY) for one in advised([*weekly(range(8), STEADY), fast])]
    session = next(one for one in found if one.kind == "next_session")
    assert (
        session.name == "Next session" and session.session.startswith("Today: running, ") and "bpm" in session.session
    )
    assert ("Usual time", "40:00") in session.figures and session.sure == "100 %"
    ranges = next(one for one in found if one.kind == "pace_and_zones")
    assert ("Threshold", "152–170 bpm", "4:15–4:28 /km") in ranges.paces
