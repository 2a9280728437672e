"""The clock and the calendar."""

from wearable import calendar
from wearable.clock import GATEWAY, GPS, PHONE, RTC, Clock

_WRAP = 1 << 30


class Ticks:
    """Milliseconds that wrap as MicroPython's do, a little before the first wrap."""

    def __init__(self) -> None:
        self.now = _WRAP - 5_000

    def ms(self) -> int:
        return self.now % _WRAP

    def diff(self, later: int, earlier: int) -> int:
        return (later - earlier + _WRAP // 2) % _WRAP - _WRAP // 2


def _clock() -> "tuple[Clock, Ticks, list[int]]":
    ticks = Ticks()
    clock = Clock(ticks.ms, ticks.diff)
    anchors: list[int] = []
    clock.on_anchor = lambda: anchors.append(clock.source)
    return clock, ticks, anchors


def test_seconds_go_on_when_the_ticks_wrap() -> None:
    clock, ticks, _ = _clock()
    for second in range(1, 50):
        ticks.now += 1000
        assert clock.t_s() == second


def test_a_better_source_replaces_the_anchor_and_a_worse_does_not() -> None:
    clock, ticks, anchors = _clock()
    assert clock.utc_2020_s() == 0
    assert clock.told(500, PHONE)
    assert clock.told(900, PHONE), "one phone is as good as another"
    assert clock.told(1000, RTC)
    assert not clock.told(500, PHONE)
    assert clock.told(2000, GATEWAY)
    assert not clock.told(500, PHONE)
    assert not clock.told(9000, RTC)
    ticks.now += 3000
    assert clock.utc_2020_s() == 2003
    assert not clock.told(2004, GATEWAY), "one second is no news"
    assert clock.told(2005, GATEWAY)
    clock.gps(5000)
    assert not clock.told(9000, GATEWAY)
    assert clock.utc_2020_s() == 5000
    assert anchors == [PHONE, PHONE, RTC, GATEWAY, GATEWAY, GPS]


def test_gps_disciplines_the_seconds_without_new_anchors() -> None:
    clock, ticks, anchors = _clock()
    ticks.now += 10_000
    clock.gps(100_000)
    offset = 100_000 - clock.t_s()
    last = clock.t_s()
    for second in range(1, 20_000):
        ticks.now += 1001  # a crystal 1000 ppm fast: 20 s over this hour
        clock.gps(100_000 + second)
        assert clock.gps_t_s(100_000 + second) == 100_000 + second - offset
        assert last <= clock.t_s() <= last + 2
        last = clock.t_s()
    assert abs(clock.t_s() - (119_999 - offset)) <= 1
    assert anchors == [GPS]


def test_a_jump_of_gps_time_makes_a_new_anchor() -> None:
    clock, ticks, anchors = _clock()
    clock.gps(100_000)
    for ahead in (100_003, 500_000):
        ticks.now += 1000
        clock.gps(ahead)
    assert anchors == [GPS] * 3
    assert clock.utc_2020_s() == 500_000
    for second in range(60):
        ticks.now += 1000
        clock.gps(99_000 + second)
    assert anchors == [GPS] * 4
    assert clock.utc_2020_s() == 99_059


def test_solutions_that_are_read_late_move_nothing() -> None:
    clock, ticks, anchors = _clock()
    clock.gps(100_000)
    for second in range(1, 200, 10):
        ticks.now += 10_000
        for late in range(10):
            clock.gps(100_000 + second + late)
    assert anchors == [GPS]
    assert abs(clock.utc_2020_s() - 100_200) <= 1


def test_the_device_second_never_goes_back() -> None:
    clock, ticks, _ = _clock()
    ticks.now += 10_900
    clock.gps(7000)
    seen = clock.t_s()
    for second in range(1, 60):
        ticks.now += 990
        clock.gps(7000 + second)
        assert clock.t_s() >= seen
        seen = clock.t_s()


def test_days_and_dates_are_each_others_inverse() -> None:
    assert calendar.days_since_2020(2020, 1, 1) == 0
    assert calendar.days_since_2020(2024, 3, 1) == 1521
    assert calendar.days_since_2020(2019, 12, 31) == -1
    for day in range(0, 12_000, 3):
        assert calendar.days_since_2020(*calendar.date_of(day)) == day
    assert calendar.date_of(calendar.days_since_2020(2028, 2, 29)) == (2028, 2, 29)
