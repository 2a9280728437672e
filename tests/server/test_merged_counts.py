"""Steps of several sources: time is counted once, gaps are filled, in whatever order things were said."""

import random
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from paceline_server.analysis.merged_counts import Count, apart, layer_of, merged_totals
from paceline_server.daily.given import DayValue, SpanCount, joined_counts, pack_counts, said_later, unpack_counts
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.merging import Readings, believed, days_of

HOUR_S = 3600
DAY = date(2026, 5, 4)
MIDNIGHT_S = 1_777_852_800


def hours(*counts: tuple[int, int, float]) -> list[Count]:
    return [Count(first * HOUR_S, last * HOUR_S, value) for first, last, value in counts]


def merged_total(sources: list[list[Count]]) -> float:
    """The total of one merge, done between two others."""
    other = [layer_of(hours((8, 9, 7), (30, 40, 8)))]
    before, total, after = merged_totals([other, [layer_of(source) for source in sources], other])
    assert before == after == 15
    return total


@pytest.mark.parametrize(
    ("sources", "total"),
    [
        ([], 0),
        ([[]], 0),
        ([hours((8, 9, 100))], 100),
        ([hours((8, 9, 100)), hours((8, 9, 300))], 100),  # the same hour: the preferred one
        ([hours((8, 9, 100)), hours((9, 10, 300))], 400),  # one after the other: both
        ([hours((8, 9, 900)), hours((8, 12, 1000))], 1000),  # never more than one of them said of the time
        ([hours((8, 9, 0)), hours((8, 12, 1000))], 750),  # nor of time that was covered
        ([hours((8, 20, 8000)), hours((0, 24, 9000))], 9000),  # a whole day raises to its total
        ([hours((8, 20, 8000)), hours((0, 24, 7000))], 8000),
        ([hours((0, 24, 7000)), hours((8, 20, 8000))], 7000),
        ([hours((8, 9, 100)), hours((9, 10, 200)), hours((8, 11, 600))], 500),  # a third of 600 is in the free hour
    ],
)
def test_gaps_are_filled_and_no_time_counts_twice(sources: list[list[Count]], total: float) -> None:
    assert merged_total(sources) == pytest.approx(total)


def test_merging_keeps_its_bounds_on_random_days() -> None:
    chance = random.Random(5)
    for _ in range(200):
        sources = []
        for _ in range(chance.randint(1, 4)):
            edges = sorted(chance.sample(range(96), 2 * chance.randint(1, 20)))
            pairs = zip(edges[::2], edges[1::2], strict=True)
            sources.append([Count(900.0 * a, 900.0 * b, chance.randint(0, 2000)) for a, b in pairs])
        total = merged_total(sources)
        sums = [sum(one.value for one in source) for source in sources]
        assert sums[0] - 1e-6 <= total <= sum(sums) + 1e-6
        assert merged_total([*sources, sources[0]]) == pytest.approx(total)  # what was counted is not counted again
        assert merged_total(sources[:1]) == pytest.approx(sums[0])


def second_by_second(counts: list[Count]) -> list[Count]:
    """What `apart` says, told by looking at every second; neighbours of one count stay together."""
    owner: dict[int, Count] = {}
    for one in counts:
        for second in range(int(one.start_s), int(one.end_s)):
            owner.setdefault(second, one)
    pieces: list[Count] = []
    for second, one in sorted(owner.items()):
        share = one.value / (one.end_s - one.start_s)
        if owner.get(second - 1) is one:
            pieces[-1] = Count(pieces[-1].start_s, second + 1, pieces[-1].value + share)
        else:
            pieces.append(Count(second, second + 1, share))
    return pieces


def test_counts_of_one_source_are_set_apart() -> None:
    came = hours((10, 11, 500), (10, 12, 1000), (9, 13, 400))
    assert apart(came) == hours((9, 10, 100), (10, 11, 500), (11, 12, 500), (12, 13, 100))
    assert apart(hours((9, 10, 100), (8, 9, 50))) == hours((8, 9, 50), (9, 10, 100))
    chance = random.Random(7)
    for _ in range(200):
        firsts = [chance.randrange(40) for _ in range(12)]
        counts = [Count(first, first + chance.randint(1, 9), 90.0) for first in firsts]
        for found, told in zip(apart(counts), second_by_second(counts), strict=True):
            assert found == pytest.approx(told)


def test_what_was_said_latest_holds_in_any_order_and_however_often() -> None:
    chance = random.Random(7)
    for _ in range(100):
        came = [
            SpanCount(
                "steps", HOUR_S * chance.randint(0, 3), HOUR_S * chance.randint(4, 6), value, chance.randint(1, 3)
            )
            for value in (chance.choice([None, 0.0, 10.0, 20.0]) for _ in range(8))
        ]
        once = joined_counts([], came)
        again: list[SpanCount] = []
        for one in chance.choices(came, k=20) + chance.sample(came, len(came)):
            again = unpack_counts(pack_counts(joined_counts(again, [one])))
        assert again == once
        for one in came:
            (held,) = (each for each in once if each.start_s == one.start_s)
            assert not said_later(one.stamp_ms, one.value, held.stamp_ms, held.value)


def test_phone_and_wearable_worn_together() -> None:
    start_s = MIDNIGHT_S
    wearable = [(start_s + HOUR_S * h, start_s + HOUR_S * (h + 1), 400.0) for h in range(8, 12)]
    phone = [(start_s + HOUR_S * h, start_s + HOUR_S * (h + 1), 300.0) for h in range(10, 15)]
    counts = [
        (name, [SpanCount("steps", start, end, value, 1) for start, end, value in each])
        for name, each in (("watch", wearable), ("phone", phone))
    ]

    def steps(order: tuple[str, ...], *totals: DayValue) -> float:
        (day,) = days_of(Readings(LocalDays(), order, counts=counts, values=totals), DAY, DAY)
        return day.values["steps"]

    assert steps(("watch", "phone")) == 4 * 400 + 3 * 300
    assert steps(("phone",)) == steps(()) == 5 * 300 + 2 * 400  # the phone covered more hours
    total = DayValue("steps", "2026-05-04", "cloud", 4000.0, 1)
    assert steps((), total) == 4000
    assert steps(("cloud",), total) == 4000
    assert steps(("cloud",), DayValue("steps", "2026-05-04", "cloud", 1000.0, 1)) == 1000


def test_one_source_is_believed_where_nothing_adds_up() -> None:
    said = [("scale", 100, 61.0), ("phone", 200, 62.0), ("app", 200, 60.0)]
    assert believed(said, ()) == 62.0  # spoke last, and its name is the later
    assert believed(said, ("scale",)) == 61.0
    assert believed(reversed(said), ()) == 62.0
    assert believed([], ("scale",)) is None


@pytest.mark.parametrize(
    ("zone", "day", "hours_long"),
    [
        ("Europe/Zurich", date(2026, 3, 29), 23),
        ("Europe/Zurich", date(2026, 10, 25), 25),
        ("America/Havana", date(2026, 3, 8), 23),  # put forward at midnight
        ("America/Havana", date(2026, 11, 1), 25),  # put back to midnight
        ("Asia/Kathmandu", date(2026, 3, 29), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_a_day_is_as_long_as_the_clock_makes_it(zone: str, day: date, hours_long: float) -> None:
    start_s, end_s = LocalDays(zone).span(day)
    assert (end_s - start_s) / HOUR_S == hours_long
    assert LocalDays(zone).day_of(start_s) == LocalDays(zone).day_of(end_s - 1) == day
    assert LocalDays(zone).day_of(start_s - 1) < day < LocalDays(zone).day_of(end_s)


def test_whoever_travels_loses_no_moment_and_has_none_twice() -> None:
    chance = random.Random(11)
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Zurich", "America/New_York", "Pacific/Apia")
    for _ in range(30):
        days = sorted(chance.sample(range(1, 28), 4))
        local = LocalDays("UTC", tuple((f"2026-02-{day:02}", chance.choice(zones)) for day in days))
        spans = [local.span(date(2026, 2, day)) for day in range(1, 28)]
        assert all(before[1] == after[0] for before, after in pairwise(spans))
        assert all(start_s <= end_s for start_s, end_s in spans)
        for moment_s in range(spans[0][0], spans[-1][1], 5 * HOUR_S):
            day = local.day_of(moment_s)
            start_s, end_s = local.span(day)
            assert start_s <= moment_s < end_s
    to_tokyo = LocalDays("Europe/Zurich", (("2026-05-04", "Asia/Tokyo"),))
    start_s, end_s = to_tokyo.span(date(2026, 5, 3))
    assert (end_s - start_s) / HOUR_S == 17 and to_tokyo.zone(DAY) == ZoneInfo("Asia/Tokyo")
