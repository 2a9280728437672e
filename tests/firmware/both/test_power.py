"""The power policy: which state follows from which situation, its limits, and that nothing flaps."""

from wearable import power
from wearable.power import CRITICAL, GPS_FULL, GPS_OFF, GPS_SAVED, HEALTHY, LOW, Policy, Situation

RUNNING, SWIMMING, STRENGTH, INDOOR = 1, 5, 6, 7
HOUR_S = 3600

# What the wearable does in each of these, once it has lasted; (gps, heart continuous, live, advertised ms, MHz).
STATES = {
    "lies about": ({"still_s": HOUR_S}, (GPS_OFF, False, False, 1000, 80)),
    "charges": ({"charging": True, "worn": True}, (GPS_OFF, False, False, 1000, 80)),
    "looked at": ({"lit": True, "still_s": HOUR_S}, (GPS_OFF, False, True, 200, 80)),
    "chooses a run": ({"lit": True, "preparing": True, "sport": RUNNING}, (GPS_FULL, True, True, 200, 80)),
    "chooses a swim": ({"lit": True, "preparing": True, "sport": SWIMMING}, (GPS_OFF, True, True, 200, 80)),
    "runs": ({"workout": True, "sport": RUNNING}, (GPS_FULL, True, True, 200, 80)),
    "swims": ({"workout": True, "sport": SWIMMING}, (GPS_OFF, True, True, 200, 80)),
    "lifts": ({"workout": True, "sport": STRENGTH}, (GPS_OFF, True, True, 200, 80)),
    "runs on a belt": ({"workout": True, "sport": INDOOR}, (GPS_OFF, True, True, 200, 80)),
    "runs charging": ({"workout": True, "sport": RUNNING, "charging": True}, (GPS_FULL, True, True, 200, 80)),
    "is a phone's sensor": ({"connected": True, "watched": True}, (GPS_OFF, True, True, 200, 80)),
    "is synced": ({"connected": True, "pulled": True, "still_s": HOUR_S}, (GPS_OFF, False, False, 200, 240)),
    "runs, low": ({"workout": True, "sport": 1, "fixed": True, "percent": 10}, (GPS_SAVED, True, True, 200, 80)),
    "runs, low, no fix": ({"workout": True, "sport": 1, "percent": 10}, (GPS_FULL, True, True, 200, 80)),
    "lies about, low": ({"percent": 10, "still_s": HOUR_S}, (GPS_OFF, False, False, 2000, 80)),
    "critical": ({"percent": 2, "worn": True}, (GPS_OFF, False, False, 2000, 80)),
    "runs, critical": ({"workout": True, "sport": 1, "percent": 2}, (GPS_OFF, False, False, 2000, 80)),
}


def situation(**facts: "int | bool") -> Situation:
    seen = Situation()
    seen.percent = 80
    seen.timed = True
    for name, value in facts.items():
        assert hasattr(seen, name)
        setattr(seen, name, value)
    return seen


def held(policy: Policy, seen: Situation, begin_s: int, seconds: int) -> "list[tuple[int, bool, bool, int, int]]":
    """Decide twice a second; return the decisions of each second."""
    found = []
    for second in range(begin_s, begin_s + seconds):
        policy.decide(second, seen)
        first = (policy.gps, policy.heart, policy.live, policy.advertise_ms, policy.cpu_mhz)
        policy.decide(second, seen)
        assert first == (policy.gps, policy.heart, policy.live, policy.advertise_ms, policy.cpu_mhz)
        found.append(first)
    return found


def test_from_each_state_to_each_other() -> None:
    for before, (facts_before, _) in STATES.items():
        if facts_before.get("percent", 80) <= power.CRITICAL_PERCENT:
            continue  # critical lasts: see below
        for after, (facts, wanted) in STATES.items():
            policy = Policy()
            held(policy, situation(**facts_before), 1000, 200)
            seen = held(policy, situation(**facts), 1200, 200)
            assert seen[-1] == wanted, (before, after, seen[-1])


def test_a_state_that_lasts_changes_each_decision_once_at_most() -> None:
    for name, (facts, _) in STATES.items():
        seen = held(Policy(), situation(**facts), 1000, 290)
        for part in range(5):
            changes = [i for i in range(1, len(seen)) if seen[i][part] != seen[i - 1][part]]
            assert len(changes) <= 1, (name, part, changes)


def test_the_pulse_of_a_day_is_seen_in_windows() -> None:
    seen = held(Policy(), situation(worn=True), 1000, HOUR_S)
    on = [decided[1] for decided in seen]
    begins = [i for i in range(1, HOUR_S) if on[i] and not on[i - 1]]
    assert begins == list(range(power.HEART_EVERY_S, HOUR_S, power.HEART_EVERY_S))
    assert sum(on) == HOUR_S // power.HEART_EVERY_S * power.HEART_WINDOW_S
    assert all(decided[2] == decided[1] for decided in seen), "motion follows the pulse"


def test_on_a_table_a_glance_is_enough_and_stillness_ends_it() -> None:
    on = [decided[1] for decided in held(Policy(), situation(still_s=60), 1000, HOUR_S)]
    assert sum(on) == HOUR_S // power.HEART_EVERY_S * power.HEART_GLANCE_S
    assert not any(decided[1] for decided in held(Policy(), situation(still_s=power.STILL_S), 1000, HOUR_S))


def test_a_low_battery_is_asked_for_fewer_pulses() -> None:
    on = [decided[1] for decided in held(Policy(), situation(worn=True, percent=10), 1000, HOUR_S)]
    assert sum(on) == HOUR_S // power.HEART_EVERY_LOW_S * power.HEART_WINDOW_S


def test_the_receiver_lingers_and_then_sleeps() -> None:
    for facts in ({"workout": True, "sport": RUNNING}, {"preparing": True, "sport": RUNNING}):
        policy = Policy()
        held(policy, situation(**facts), 1000, 300)
        after = [decided[0] for decided in held(policy, situation(sport=RUNNING), 1300, 200)]
        assert after == [GPS_FULL] * (power.GPS_LINGER_S - 1) + [GPS_OFF] * (201 - power.GPS_LINGER_S)


def test_a_swim_after_a_run_needs_no_receiver_at_once() -> None:
    policy = Policy()
    held(policy, situation(workout=True, sport=RUNNING), 1000, 300)
    assert held(policy, situation(workout=True, sport=SWIMMING), 1300, 1)[0][0] == GPS_OFF


def test_without_the_time_the_receiver_searches_now_and_then() -> None:
    policy = Policy()
    seen = held(policy, situation(timed=False), 0, 2 * HOUR_S)
    on = [decided[0] == GPS_FULL for decided in seen]
    assert all(on[: power.GPS_SEARCH_S])
    begins = [i for i in range(1, len(on)) if on[i] and not on[i - 1]]
    every = power.GPS_SEARCH_EVERY_S + power.GPS_SEARCH_S
    assert begins == list(range(every, 2 * HOUR_S, every))
    assert sum(on) == (len(begins) + 1) * power.GPS_SEARCH_S
    policy = Policy()
    held(policy, situation(timed=False), 0, 30)
    after = [decided[0] for decided in held(policy, situation(), 30, 120)]
    assert after == [GPS_FULL] * (power.GPS_LINGER_S - 1) + [GPS_OFF] * (121 - power.GPS_LINGER_S)


def test_power_is_saved_only_on_a_fix_that_holds() -> None:
    policy = Policy()
    run = {"workout": True, "sport": RUNNING, "percent": 10}
    held(policy, situation(**run), 1000, 10)
    gps = [decided[0] for decided in held(policy, situation(fixed=True, **run), 1010, 100)]
    assert gps == [GPS_FULL] * (power.GPS_PROVEN_S - 1) + [GPS_SAVED] * (101 - power.GPS_PROVEN_S)
    assert held(policy, situation(**run), 1110, 1)[0][0] == GPS_FULL, "a tunnel asks for all the receiver has"


def level_after(policy: Policy, percent: int, begin_s: int, seconds: int = 100, charging: bool = False) -> int:
    held(policy, situation(percent=percent, charging=charging), begin_s, seconds)
    return policy.level


def test_the_levels_of_the_battery_have_hysteresis() -> None:
    policy = Policy()
    path = ((16, HEALTHY), (15, HEALTHY), (14, LOW), (16, LOW), (19, LOW), (20, HEALTHY), (14, LOW), (4, LOW))
    path += ((3, CRITICAL), (5, CRITICAL), (6, LOW), (3, CRITICAL), (20, HEALTHY))
    for step, (percent, level) in enumerate(path):
        assert level_after(policy, percent, 1000 * step) == level, (step, percent)


def test_a_gauge_that_wavers_does_not_make_the_level_waver() -> None:
    policy = Policy()
    changes = 0
    before = policy.level
    for minute in range(100):
        changes += level_after(policy, 14 + minute % 3, 60 * minute, 60) != before
        before = policy.level
    assert changes == 1


def test_one_reading_of_nothing_is_not_believed() -> None:
    policy = Policy()
    assert level_after(policy, 80, 0, 60) == HEALTHY
    assert level_after(policy, 0, 60, 60) == LOW
    assert level_after(policy, 80, 120, 60) == HEALTHY
    assert level_after(policy, -1, 180, 600) == HEALTHY, "unknown is no reason"


def test_a_critical_battery_ends_the_workout_before_it_dies() -> None:
    policy = Policy()
    run = situation(workout=True, sport=RUNNING, percent=3)
    held(policy, run, 0, power.CRITICAL_AFTER_S)
    assert not policy.end_workout
    held(policy, run, power.CRITICAL_AFTER_S, 1)
    assert policy.end_workout and policy.level == CRITICAL
    held(policy, situation(percent=3), power.CRITICAL_AFTER_S + 1, 1)
    assert not policy.end_workout, "there is none any more"


def test_on_the_charger_nothing_is_critical() -> None:
    policy = Policy()
    run = situation(workout=True, sport=RUNNING, percent=2, charging=True)
    held(policy, run, 0, 300)
    assert policy.level == LOW and not policy.end_workout
    assert level_after(policy, 2, 300, 200) == CRITICAL
    assert level_after(policy, 2, 500, 1, charging=True) == LOW


def test_advertising_is_fast_for_a_minute_after_a_button() -> None:
    policy = Policy()
    held(policy, situation(still_s=HOUR_S), 0, 100)
    held(policy, situation(lit=True, still_s=HOUR_S), 100, 1)
    paces = [decided[3] for decided in held(policy, situation(still_s=HOUR_S), 101, 100)]
    assert paces == [power.ADVERTISE_FAST_MS] * 59 + [power.ADVERTISE_SLOW_MS] * 41
