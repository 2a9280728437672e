"""What a sport asks of the recorder: auto-pause, auto-lap, energy."""

from paceline_protocol.code_tables import LAP_TRIGGERS, SPORTS
from wearable.totals import Totals
from wearable.workout import sports
from wearable.workout.auto_lap import BY_DISTANCE, BY_TIME, begin_lap, lap_due
from wearable.workout.auto_pause import BEGAN, ENDED, AutoPause
from wearable.workout.calories import UNITS, Calories

RUNNING, WALKING, HIKING, CYCLING = (SPORTS.index(name) for name in ("running", "walking", "hiking", "cycling"))


def _events(rule: AutoPause, seconds: "list[tuple[int, int, int]]") -> "list[tuple[int, int, int]]":
    """Give (fix, cm/s, spm) of the seconds from 1 on; return (second, event, since) of what came of them."""
    events = []
    for t_s, (fix, speed_cm_s, cadence_spm) in enumerate(seconds, 1):
        event = rule.second(t_s, fix, speed_cm_s, cadence_spm)
        if event:
            events.append((t_s, event, rule.second_s))
    return events


def test_a_stop_is_a_pause_from_its_first_still_to_its_first_moving_second() -> None:
    rule = AutoPause(RUNNING)
    assert _events(rule, [(3, 300, 165)] * 20 + [(3, 10, 0)] * 30 + [(3, 280, 0)] * 20) == [
        (25, BEGAN, 21),
        (52, ENDED, 51),
    ]


def test_whoever_steps_is_not_paused_however_slow_the_way() -> None:
    for sport in (RUNNING, WALKING, HIKING):
        assert _events(AutoPause(sport), [(3, 20, 60)] * 200) == []
        assert _events(AutoPause(sport), [(0, 0, 60)] * 200) == []


def test_a_rider_is_paused_by_speed_alone() -> None:
    assert _events(AutoPause(CYCLING), [(3, 700, 0)] * 5 + [(3, 30, 120)] * 10) == [(9, BEGAN, 6)]
    assert _events(AutoPause(CYCLING), [(3, 700, 0)] * 5 + [(0, 0, 0)] * 600) == [], "a tunnel is no stop"


def test_a_treadmill_is_paused_by_steps_alone() -> None:
    assert _events(AutoPause(RUNNING), [(0, 0, 160)] * 5 + [(0, 0, 0)] * 10 + [(0, 0, 150)] * 5) == [
        (10, BEGAN, 6),
        (17, ENDED, 16),
    ]


def test_speed_between_the_thresholds_changes_nothing() -> None:
    creeping = [(3, 55, 0)] * 60
    still = [(3, 0, 0)] * 20
    rule = AutoPause(RUNNING)
    assert _events(rule, creeping) == []
    assert [event for _, event, _ in _events(rule, still + creeping)] == [BEGAN]


def test_a_noisy_second_neither_ends_nor_begins_a_pause() -> None:
    rule = AutoPause(CYCLING)
    assert len(_events(rule, ([(3, 0, 0)] * 9 + [(3, 300, 0)]) * 20)) == 1
    rule = AutoPause(CYCLING)
    assert _events(rule, ([(3, 600, 0)] * 9 + [(3, 0, 0)] * 2) * 20) == []


def test_sports_without_a_rule_never_pause_by_themselves() -> None:
    for name in ("other", "swimming", "strength", "indoor"):
        assert _events(AutoPause(SPORTS.index(name)), [(3, 0, 0)] * 600) == []
    assert _events(AutoPause(200), [(3, 0, 0)] * 600) == [], "a sport of a later version"


def test_a_pause_ended_by_hand_begins_again_only_when_still_anew() -> None:
    rule = AutoPause(WALKING)
    _events(rule, [(3, 0, 0)] * 20)
    rule.leave()
    assert not rule.paused
    assert _events(rule, [(3, 0, 0)] * 7) == []
    assert _events(rule, [(3, 100, 100)]) == []
    assert len(_events(rule, [(3, 0, 0)] * 8)) == 1


def test_the_sports_without_gps() -> None:
    without = [name for number, name in enumerate(SPORTS) if not sports.uses_gps(number)]
    assert without == ["swimming", "strength", "indoor"]
    assert sports.uses_gps(200)


def test_laps_by_distance_end_at_whole_kilometres() -> None:
    totals = Totals(1)
    ends = []
    for second in range(1, 2001):
        totals.add(1, 3, 0, 330, 0, 0)
        if lap_due(totals, 1000, 0):
            begin_lap(totals, 1000, BY_DISTANCE)
            ends.append(second)
    assert ends == [-(-100_000 * lap // 330) for lap in range(1, 7)]
    assert totals.lap == 7


def test_laps_by_time_and_the_button_begin_anew() -> None:
    totals = Totals(1)
    for _ in range(40):
        totals.add(1, 3, 0, 300, 0, 0)
    begin_lap(totals, 1000, 1)
    assert (totals.lap_distance_cm, totals.lap_timer_s) == (0, 0)
    due = []
    for _ in range(69):
        totals.add(1, 3, 0, 300, 0, 0)
        due.append(lap_due(totals, 0, 60))
    assert due == [0] * 59 + [BY_TIME] * 10
    assert lap_due(totals, 0, 0) == 0
    assert (LAP_TRIGGERS[BY_DISTANCE], LAP_TRIGGERS[BY_TIME]) == ("distance", "time")


def _kilocalories(calories: Calories, seconds: int, *moment: int) -> float:
    return sum(calories.second(bool(moment[0]), *moment[1:]) for _ in range(seconds)) / UNITS


def test_energy_by_heart_rate_is_keytels() -> None:
    for age, kilograms, bpm in ((18, 48, 95), (35, 70.5, 150), (60, 119, 190)):
        female = (-20.4022 + 0.4472 * bpm - 0.1263 * kilograms + 0.074 * age) / 4.184
        male = (-55.0969 + 0.6309 * bpm + 0.1988 * kilograms + 0.2017 * age) / 4.184
        for sex, a_minute in ((1, female), (2, male), (0, (female + male) / 2)):
            ours = _kilocalories(Calories(RUNNING, sex, age, int(10 * kilograms)), 60, 1, 3, 300, bpm, 3)
            assert abs(ours - a_minute) < 0.01, (sex, age, bpm)


def test_energy_without_a_sure_heart_rate_is_met_by_speed() -> None:
    # Compendium of 2011: miles an hour and MET.
    for sport, rows in (
        (WALKING, ((2.0, 2.8), (3.0, 3.5), (4.0, 5.0))),
        (RUNNING, ((5, 8.3), (6, 9.8), (8, 11.8), (10, 14.5), (13, 19.0))),
        (CYCLING, ((5.5, 3.5), (13, 8.0), (15, 10.0), (25, 15.8))),
    ):
        for miles, met in rows:
            for confidence, bpm in ((1, 150), (3, 60), (0, 0)):
                speed = int(miles * 44.704)
                ours = _kilocalories(Calories(sport, 2, 40, 800), 3600, 1, 3, speed, bpm, confidence)
                assert abs(ours - met * 80) < 0.03 * met * 80, (sport, miles, ours / 80)


def test_energy_where_nothing_is_known_is_the_sports_own() -> None:
    for name, met in (("strength", 3.5), ("swimming", 5.8), ("hiking", 6.0), ("other", 4.0)):
        hour = _kilocalories(Calories(SPORTS.index(name), 0, 0, 0), 3600, 1, 0, 0, 0, 0)
        assert abs(hour - met * 70) < 1, name
        standing = _kilocalories(Calories(SPORTS.index(name), 0, 0, 0), 3600, 0, 0, 0, 150, 3)
        assert abs(standing - 1.3 * 70) < 1, "a heart that beats fast in a pause is no effort"


def test_energy_stays_within_a_small_integer_and_above_rest() -> None:
    for sport in range(9):
        for sex in (0, 1, 2):
            for age, weight_hg in ((1, 1), (120, 2500), (120, 1), (1, 2500)):
                calories = Calories(sport, sex, age, weight_hg)
                for moment in ((1, 3, 65535, 255, 3), (1, 3, 0, 90, 3), (0, 0, 0, 0, 0)):
                    units = calories.second(bool(moment[0]), *moment[1:])
                    assert 13 * weight_hg * 6 <= units < 2**30
