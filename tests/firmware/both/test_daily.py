"""All-day mode: what a DAY record says, when it comes, and that nothing is counted twice."""

from firmware.worn_bench import MIDNIGHT_2020_S, WornBench
from paceline_protocol.wrist_pack import pack_settings
from wearable.calendar import UNIX_2020_S
from wearable.daily import basal_units
from wearable.workout.calories import UNITS

_QUARTER_S = 900
_MORNING_S = 32_400


def _worn(settings: bytes = b"") -> WornBench:
    bench = WornBench(settings)
    bench.time(_MORNING_S - 1)
    bench.pass_s(1)
    return bench


def test_a_walk_is_in_the_record_of_its_quarter_of_an_hour() -> None:
    bench = _worn()
    bench.walk(2)
    bench.pass_s(300)
    bench.walk(0)
    bench.pass_s(600)
    (day,) = bench.days()
    assert day.utc_s == UNIX_2020_S + MIDNIGHT_2020_S + _MORNING_S + _QUARTER_S
    assert (day.steps, day.minutes, day.active_minutes, day.worn_minutes, day.user) == (600, 15, 5, 15, 0)
    assert 25 <= day.kilocalories <= 45, day.kilocalories  # 5 minutes of 70 kg at 3 to 5 MET, 10 at rest
    assert day.resting_heart_rate_bpm == 0


def test_a_day_at_rest_burns_what_the_equation_says() -> None:
    settings = pack_settings([{"slot": 0, "birth_year": 1985, "sex": 2, "weight_hg": 800, "height_cm": 180}])
    bench = _worn(settings)
    bench.pass_s(2 * 3600)
    assert sum(day.kilocalories for day in bench.days()) in range(138, 150)  # 1,730 a day, whole ones only
    assert abs(basal_units(2, 40, 800, 180) * 86_400 // UNITS - (800 + 1125 - 200 + 5)) <= 3
    assert abs(basal_units(1, 40, 600, 165) * 86_400 // UNITS - (600 + 1031 - 200 - 161)) <= 3


def test_the_resting_heart_rate_is_the_lowest_that_lasts() -> None:
    bench = _worn()
    for bpm in (70, 58, 58, 58, 58, 52, 75, 75, 75):
        bench.beat_bpm(bpm)
        bench.pass_s(25)  # the sensor looks for so long, all day
        bench.beat_bpm(0)
        bench.pass_s(275)
    assert [day.resting_heart_rate_bpm for day in bench.days()] == [62, 56, 62]


def test_no_resting_heart_rate_comes_from_steps_motion_or_a_workout() -> None:
    bench = _worn()
    bench.beat_bpm(60)
    for _ in range(6):
        bench.walk(1)
        bench.pass_s(20)
        bench.walk(0)
        bench.pass_s(280)
    bench.still = False
    bench.pass_s(1800)
    bench.still = True
    bench.recorder.start(6, 0)
    bench.pass_s(1800)
    assert [day.resting_heart_rate_bpm for day in bench.days()] == [0] * 6


def test_a_raised_heart_rate_makes_a_minute_active_and_costs_energy() -> None:
    bench = _worn()
    bench.beat_bpm(150)
    bench.pass_s(_QUARTER_S)
    (day,) = bench.days()
    assert day.active_minutes in (14, 15) and day.steps == 0 and day.kilocalories > 100


def test_a_wearable_in_a_drawer_writes_nothing() -> None:
    bench = _worn()
    bench.worn = False
    end = bench.journal.end
    bench.pass_s(3 * 3600)
    assert bench.journal.end == end
    bench.walk(2)  # in a bag: its steps count, its wearer's rest does not
    bench.pass_s(900)
    (day,) = bench.days()
    assert day.worn_minutes == 0 and day.steps >= 1790


def test_a_reset_costs_a_quarter_of_an_hour_and_counts_nothing_twice() -> None:
    bench = _worn()
    bench.walk(2)
    bench.pass_s(1500)
    before = sum(day.steps for day in bench.days())
    assert before == 1800 and bench.daily.steps_today == 3000
    bench.boot()
    assert bench.daily.steps_today == 1800
    bench.time(_MORNING_S + 1600)
    bench.pass_s(1000)
    assert sum(day.steps for day in bench.days()) <= 1800 + 2000
    assert bench.daily.steps_today == 1800 + 2000


def test_the_power_is_cut_at_each_flash_operation() -> None:
    for cut in range(5):
        bench = _worn()
        bench.walk(1)
        bench.flash.cut_in = cut
        try:  # noqa: SIM105 (MicroPython has no contextlib)
            bench.pass_s(4 * _QUARTER_S)
        except OSError:
            pass
        bench.boot()
        assert [day.steps for day in bench.days()] == [900] * min(cut, 4)
        assert bench.daily.steps_today == 900 * min(cut, 4)


def test_without_the_time_records_say_so_and_the_time_ends_a_group() -> None:
    bench = WornBench()
    bench.walk(1)
    bench.pass_s(1000)
    bench.time(_MORNING_S + 100)
    bench.pass_s(10)
    days = bench.days()
    assert [day.utc_s > 0 for day in days] == [False, True]
    assert [day.steps for day in days] == [900, 101]


def test_steps_of_today_begin_anew_at_local_midnight() -> None:
    bench = WornBench(pack_settings([{"slot": 0}], zone_quarters=8))  # UTC+2
    bench.time(22 * 3600 - 600)
    bench.pass_s(1)
    bench.walk(1)
    bench.pass_s(598)
    assert bench.daily.steps_today == 598
    bench.pass_s(101)
    assert bench.daily.steps_today == 100
    (day,) = bench.days()
    assert (day.steps, day.minutes) == (599, 10)


def test_each_user_has_their_own_steps() -> None:
    bench = _worn(pack_settings([{"slot": 0}, {"slot": 3}]))
    bench.walk(1)
    bench.pass_s(100)
    bench.users.choose(3)
    bench.pass_s(1)  # which is still the first one's
    bench.walk(2)
    bench.pass_s(100)
    assert bench.daily.steps_today == 200
    bench.walk(0)
    bench.users.choose(0)
    bench.pass_s(1)
    assert bench.daily.steps_today == 101
    assert [(day.user, day.steps) for day in bench.days()] == [(0, 101), (3, 200)]


def test_a_workouts_energy_is_the_workouts() -> None:
    bench = _worn()
    bench.recorder.start(1, 0)
    bench.walk(3)
    bench.beat_bpm(160)
    bench.pass_s(_QUARTER_S)
    bench.recorder.stop()
    (day,) = bench.days()
    assert abs(day.kilocalories - bench.recorder.kilocalories) <= 2 and day.kilocalories > 100
    assert day.active_minutes == 15


def test_a_day_costs_three_kilobytes_at_most() -> None:
    bench = _worn()
    bench.walk(1)
    start = bench.journal.end
    bench.pass_s(4 * 3600)
    assert (bench.journal.end - start) * 6 <= 3072
