"""Waiting: grows, is bounded, spreads; failures are remembered for a bounded number of addresses."""

from paceline_gateway.backoff import backoff_s
from paceline_gateway.patience import LONGEST_S, MOST_ADDRESSES, Patience


def test_waits_double_up_to_the_longest_and_spread_over_half() -> None:
    assert [backoff_s(attempt, 0.0) for attempt in range(4)] == [0.5, 1.0, 2.0, 4.0]
    for attempt in (0, 5, 9, 31, 10_000):
        low, high = backoff_s(attempt, 0.0), backoff_s(attempt, 0.999_999)
        assert 0 < low < high <= 300.0
        assert high < 2 * low


def test_an_address_that_failed_rests_longer_each_time_until_it_worked() -> None:
    patience = Patience()
    waits = [patience.failed("a", 0.0, 0.0) for _ in range(12)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_S / 2
    assert not patience.may_try("a", waits[-1] - 0.1)
    assert patience.may_try("a", waits[-1])
    assert patience.may_try("b", 0.0)
    patience.worked("a")
    assert patience.may_try("a", 0.0)
    assert patience.failed("a", 0.0, 0.0) == waits[0]


def test_a_flood_of_addresses_is_forgotten_oldest_first() -> None:
    patience = Patience()
    for number in range(MOST_ADDRESSES + 10):
        patience.rest(str(number), 0.0, 1000.0)
    paused = [number for number in range(MOST_ADDRESSES + 10) if not patience.may_try(str(number), 1.0)]
    assert paused == list(range(10, MOST_ADDRESSES + 10))
