"""What the wearer is told in a workout: zones, plan steps, goals; and what a reset makes of it."""

from firmware.coach_bench import CoachBench
from firmware.wearable_bench import EPOCH
from paceline_protocol.records import LAP, SPORTS
from paceline_protocol.wrist_pack import pack_plans, pack_settings
from wearable import alerts, users
from wearable.workout.coach import GOAL_REACHED

RUN, STRENGTH = SPORTS.index("running"), SPORTS.index("strength")
ZONES = bytes((95, 114, 133, 152, 171))


def _staying(low: int, high: int) -> bytes:
    return pack_settings([{"zones_bpm": ZONES, "zone_low": low, "zone_high": high}])


def _goal(**fields: object) -> "dict[str, object]":
    goal: dict[str, object] = {"goal": 9, "kind": 1, "period": 2, "target": 1000}
    goal.update(fields)
    return {"goals": [goal]}


def _laps(bench: CoachBench) -> "list[tuple[int, int]]":
    return [(fields.lap, fields.trigger) for kind, fields in bench.bench.read()[0] if kind == LAP]


def test_who_leaves_the_zones_feels_it_and_a_new_blob_holds_at_once() -> None:
    with CoachBench(_staying(2, 3)) as bench:
        bench.recorder.start(RUN, 0)
        assert bench.run(30, 140) == []
        assert bench.run(35, 160) == [(10, alerts.TOO_HIGH)]
        assert bench.coach.zone == 4
        bench.folder.put(users.KIND, _staying(4, 5))
        assert bench.run(40, 160) == []
        assert bench.run(10, 120) == [(10, alerts.TOO_LOW)]


def test_unsure_rates_pauses_and_idle_hours_tell_nothing() -> None:
    with CoachBench(_staying(2, 3)) as bench:
        assert bench.run(40, 180) == []
        bench.recorder.start(RUN, 0)
        assert bench.run(60, 180, 1) == []
        bench.recorder.pause(1)
        assert bench.run(40, 180) == []


def test_zones_without_a_profile_are_parts_of_the_highest_rate() -> None:
    with CoachBench() as bench:
        assert bench.coach.zones_bpm == bytes((95, 114, 133, 152, 171))
        bench.folder.put(users.KIND, pack_settings([{"max_heart_rate_bpm": 200}]))
        bench.run(1, 181)
        assert bench.coach.zones_bpm == bytes((100, 120, 140, 160, 180)) and bench.coach.zone == 5


def _intervals() -> bytes:
    steps = [
        {"kind": 0, "until": 1, "amount": 60},
        {"kind": 1, "until": 2, "amount": 300, "target": 3, "low": 250, "high": 300},
        {"kind": 2, "until": 1, "amount": 40, "times": 2, "back": 1},
        {"kind": 4},
    ]
    return pack_plans([{"user": 0, "sport": RUN, "name": "Test", "steps": steps}])


def test_a_plan_is_followed_by_time_distance_and_button() -> None:
    with CoachBench(plan=_intervals()) as bench:
        bench.go(1, 3)
        bench.recorder.start(RUN, 0)
        felt = bench.go(4, 360, 300)
        assert [pattern for _, pattern in felt if pattern == alerts.STEP] == [alerts.STEP] * 5
        steps = [second for second, pattern in felt if pattern == alerts.STEP]
        parts = [steps[0] - 3] + [steps[i] - steps[i - 1] for i in range(1, len(steps))]
        assert parts[0] in (60, 61) and all(abs(part - 100) <= 2 for part in parts[1::2])
        assert all(abs(part - 40) <= 1 for part in parts[2::2])
        # 300 cm/s are 333 s/km: too slow for the work, after its first ten seconds and then each thirty.
        slow = [second - steps[0] for second, pattern in felt if pattern == alerts.TOO_LOW and second < steps[1]]
        assert slow == [10, 40, 70, 100][: len(slow)] and len(slow) >= 3
        plan = bench.coach.plan
        assert plan is not None and (plan.kind, plan.until, plan.step) == (4, 0, 3)
        bench.recorder.lap(1)
        bench.coach.marked()
        assert bench.coach.plan is None
        assert _laps(bench) == [(i, 5) for i in range(1, 6)] + [(6, 1)]


def test_a_plan_waits_in_a_pause_and_is_none_of_another_sport_or_user() -> None:
    with CoachBench(plan=_intervals()) as bench:
        bench.recorder.start(RUN, 0)
        bench.run(30)
        bench.recorder.pause(1)
        bench.run(500)
        bench.recorder.resume(1)
        assert bench.run(29) == [] and bench.run(2) == [(1, alerts.STEP)]
        bench.recorder.stop()
        bench.run(1)
        assert bench.coach.plan is None
        for sport, user in ((STRENGTH, 0), (RUN, 1)):
            bench.recorder.start(sport, user)
            bench.run(70)
            assert bench.coach.plan is None
            bench.recorder.stop()
            bench.run(1)


def test_sets_and_rests_of_a_plan_mark_the_workout() -> None:
    steps = [{"kind": 5}, {"kind": 3, "until": 1, "amount": 30, "times": 3, "back": 1}]
    with CoachBench(plan=pack_plans([{"user": 0, "sport": STRENGTH, "steps": steps}])) as bench:
        bench.recorder.start(STRENGTH, 0)
        for sets in (1, 2, 3):
            bench.run(20)
            bench.recorder.lap(1)
            bench.coach.marked()
            assert bench.recorder.resting and bench.recorder.sets == sets
            assert bench.run(29) == [] and bench.run(1) == [(1, alerts.STEP)]
            assert not bench.recorder.resting
        assert bench.coach.plan is None


def test_a_plan_goes_on_at_its_step_after_a_reset_and_a_new_blob_waits() -> None:
    with CoachBench(plan=_intervals()) as bench:
        bench.recorder.start(RUN, 0)
        bench.run(61)
        bench.run(5)
        bench.folder.put(2, pack_plans([]))
        bench.run(5)
        assert bench.coach.plan is not None and bench.coach.plan.step == 1, "the workout keeps its plan"
    with CoachBench(plan=_intervals()) as bench:
        bench.recorder.start(RUN, 0)
        bench.run(100)
        bench.boot()
        plan = bench.coach.plan
        assert plan is not None and (plan.step, plan.left) == (1, 300)
        bench.folder.put(2, _intervals())
        bench.boot()
        assert bench.coach.plan is None, "steps of another blob are not those of the workout"


def test_auto_laps_and_auto_pauses_are_felt_and_a_lap_by_button_is_not_told_twice() -> None:
    with CoachBench(pack_settings([{"auto_lap_m": 300, "auto_pause": 1}])) as bench:
        bench.go(1, 3)
        bench.recorder.start(RUN, 0)
        assert [pattern for _, pattern in bench.go(4, 140, 300)] == [alerts.LAP]
        bench.recorder.lap(1)
        bench.coach.marked()
        assert bench.go(141, 142, 300) == []
        assert alerts.PAUSE in [pattern for _, pattern in bench.go(143, 170, 0)]


def test_a_goal_is_reached_once_and_not_again_after_a_reset() -> None:
    with CoachBench(pack_settings([_goal(done=700)])) as bench:
        bench.go(1, 3)
        bench.recorder.start(RUN, 0)
        felt = bench.go(4, 130, 300)
        assert [pattern for _, pattern in felt] == [alerts.GOAL] and abs(felt[0][0] - 103) <= 2
        assert bench.told == [(GOAL_REACHED, 9)]
        bench.boot()
        bench.go(131, 140, 300)
        bench.recorder.stop()
        bench.run(3)
        assert bench.told == [(GOAL_REACHED, 9)]
        assert bench.coach.goals.progress[0] >= 1000


def test_each_workout_counts_once_whether_the_maker_had_read_it_or_not() -> None:
    with CoachBench(pack_settings([_goal(target=100_000)])) as bench:
        bench.go(1, 3)
        for first in (4, 200):
            bench.recorder.start(RUN, 0)
            bench.go(first, first + 99, 300)
            bench.recorder.stop()
            bench.run(2)
        both = bench.coach.goals.progress[0]
        assert 590 <= both <= 600
        end = bench.bench.journal.end
        for settings, progress in (
            (pack_settings([_goal(target=100_000, done=600)], epoch=EPOCH, position=end), 600),
            (pack_settings([_goal(target=100_000, done=5)], epoch=EPOCH + 1, position=end), both + 5),
            (pack_settings([_goal(target=100_000, sport=RUN + 1)], epoch=EPOCH), 0),
            (pack_settings([_goal(target=100_000, kind=3)]), 2),
            (pack_settings([_goal(target=100_000, until_utc_s=1_600_000_000)]), None),
            (pack_settings([{"slot": 3, "goals": [{"kind": 1, "target": 5000}]}]), 0),
        ):
            bench.folder.put(users.KIND, settings)
            bench.run(1)
            assert bench.coach.goals.kinds[0] == 0 if progress is None else bench.coach.goals.progress[0] == progress
        bench.boot()
        bench.folder.put(users.KIND, pack_settings([_goal(target=100_000)]))
        bench.run(1)
        assert bench.coach.goals.progress[0] == both, "they outlive a reset"


def test_goals_of_steps_time_and_climb() -> None:
    goals = [
        {"goal": i, "kind": kind, "target": target} for i, (kind, target) in enumerate(((4, 9000), (2, 50), (6, 3)))
    ]
    with CoachBench(pack_settings([{"goals": goals}])) as bench:
        bench.coach.steps_today = 8999
        bench.run(2)
        bench.coach.steps_today = 9000
        assert bench.run(1) == [(1, alerts.GOAL)] and bench.told == [(GOAL_REACHED, 0)]
        bench.go(1, 3)
        bench.recorder.start(RUN, 0)
        bench.go(4, 90, 300)
        assert [value for _, value in bench.told] == [0, 2, 1] or [value for _, value in bench.told] == [0, 1, 2]


def test_a_damaged_plan_file_is_no_plan() -> None:
    with CoachBench(plan=_intervals()) as bench:
        with open(f"{bench.folder.path}/2.blob", "r+b") as file:
            file.seek(30)
            file.write(b"\x55")
        bench.recorder.start(RUN, 0)
        bench.run(70)
        assert bench.coach.plan is None
