"""What is said after a workout: each sentence by the figures that make it true, and not by others."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from paceline_server.activities.model import Activity, Split
from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.beside_history import Beside, Bettered, beside
from paceline_server.analysis.capacity_by_heart import capacities
from paceline_server.analysis.findings import Findings
from paceline_server.analysis.quality import Quality
from paceline_server.stats.judgement import judge
from paceline_server.training.feedback import feedback
from server.kept_activities import activity_of
from server.made_histories import MIRA, MIRAS, OWNER, Done, date, history

NOTHING = Findings((), (), (), (), (), 0.0, 0.0, None, None, Quality(1, 1), ())
PLAIN = Beside(1, 8000.0, 3, 20_000.0, 9000.0, None, None, None, None, ())
RUN = activity_of(OWNER, 1, date(2026, 5, 14), 8000.0)


def said(
    was: Beside = PLAIN, found: Findings = NOTHING, activity: Activity = RUN, athlete: Athlete = MIRA
) -> tuple[str, ...]:
    return feedback(activity, found, judge(found, athlete), was)


def test_two_sentences_are_always_true() -> None:
    assert said() == ("It was the first workout of that week.", "You moved for 28:20 and covered 8.00 km.")
    third = said(PLAIN._replace(in_week=3, week_m=24_000.0))
    assert third[0] == "It was the third workout of that week, with 24.00 km in all."


def test_a_best_is_named_with_its_gain() -> None:
    best, other = Bettered(5000, 1400, 1414, True), Bettered(1000, 250, 320, True)
    assert said(PLAIN._replace(bettered=(other, best)))[0] == (
        "It was your fastest 5 km: 23:20, 14 s faster than before."
    )
    late = said(PLAIN._replace(bettered=(other._replace(stands=False),)))
    assert late[0] == "It was at the time your fastest 1 km: 4:10, 1:10 faster than before."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"longest_before_m": 7000.0, "before": 5}, "It was your longest run so far: 8.00 km."),
        (
            {"load": 150.0, "usual_load": 75.0},
            "Its load was 2.0 times what is usual for you, so the next one may be easy.",
        ),
        ({"load": 30.0, "usual_load": 60.0}, "It was a light one: 50 % of the load that is usual for you."),
        (
            {"capacity": 44.0, "usual_capacity": 40.0},
            "For the same heart rate you were about 10 % faster than in the six weeks before.",
        ),
    ],
)
def test_what_stands_out_is_said(changes: dict[str, float], sentence: str) -> None:
    assert said(PLAIN._replace(**changes))[0] == sentence


def test_what_does_not_stand_out_is_not_said() -> None:
    usual = PLAIN._replace(
        longest_before_m=7000.0, before=4, load=80.0, usual_load=75.0, capacity=40.5, usual_capacity=40.0
    )
    assert said(usual) == said()


@pytest.mark.parametrize(
    ("drift", "word"), [(0.09, "drifted by 9 %"), (0.02, "stayed with your speed"), (-0.02, "(−2 %)"), (0.06, "")]
)
def test_the_drift_is_said_where_it_says_something(drift: float, word: str) -> None:
    sentence = said(found=replace(NOTHING, drift=drift))[0]
    assert word in sentence if word else sentence == said()[0]


@pytest.mark.parametrize(
    ("paces", "sentence"),
    [
        ((300, 300, 270, 270), "The second half was 11 % faster than the first."),
        ((270, 270, 999, 300, 300), "The second half was 10 % slower than the first."),
        ((300, 302, 301, 300), "Both halves were equally fast."),
        ((300, 200), "It was the first workout of that week."),
    ],
)
def test_the_halves_are_those_of_whole_kilometres(paces: Sequence[float], sentence: str) -> None:
    splits = tuple(Split(1000.0, pace, pace, None, None) for pace in paces)
    last = Split(400.0, 60.0, 60.0, None, None)
    assert said(activity=replace(RUN, splits=(*splits, last)))[0] == sentence


def test_zones_are_named_when_it_was_mostly_one_thing() -> None:
    easy = replace(NOTHING, heart_s=((120, 3000.0), (160, 300.0)))
    assert said(found=easy)[0] == "91 % of it was easy, below the third heart-rate zone."
    hard = replace(NOTHING, heart_s=((140, 2000.0), (160, 1000.0)))
    assert said(found=hard)[0] == "33 % of it was in the heart-rate zones 4 and 5."
    assert said(found=hard, athlete=Athlete())[0] == said()[0]


def test_what_was_before_is_what_had_begun_before() -> None:
    runs = [Done(ago, 40, bpm=148, km=6.4, efforts=((5000, 1900),)) for ago in (30, 20, 12, 5)]
    this = Done(2, 60, bpm=148, km=10.0, efforts=((5000, 1800),))
    later = Done(1, 90, bpm=120, km=15.0, efforts=((5000, 1700),))
    made = history([*runs, this, later, Done(3, 30, "cycling", 120, 11)])
    name = next(one for one, m in zip(made.activity_ids, made.sums["distance_cm"], strict=True) if m == 1_000_000)
    found = beside(made, made.load(MIRAS), capacities(made, MIRAS), name)
    assert found is not None and (found.before, found.longest_before_m) == (4, 6400) and found.in_week == 2
    assert found.bettered == (Bettered(5000, 1800, 1900, False),) and found.week_m == 21_000
    assert found.load is not None and found.usual_load is not None and found.load > found.usual_load
    assert found.capacity is not None and found.usual_capacity is not None
    assert found.capacity > found.usual_capacity
    assert beside(made, None, capacities(made, MIRAS), "none") is None
