"""Clocks that jump: the gateway's UTC and its uptime, the wearable's UTC; the journal comes whole all the same."""

import random
from collections.abc import Callable

import pytest
from gateway.desk import Desk
from gateway.stand_in import UTC_MS, Wearable, Wire
from paceline_gateway.errors import PullError
from paceline_gateway.pull import EARLIEST_UTC_MS, SET_TIME_AGAIN_S

Wired = Callable[[Wearable], Wire]
YEAR_S = 31_557_600
SIZE = 60_000
STANDS_STILL_S = 60
"""The stand-in's clock does not run: it is off by the time since it was set, which the tests keep to this."""
JUMPS_S = {
    "to 1970": -UTC_MS // 1000,
    "a year back": -YEAR_S,
    "an hour back": -3600,
    "an hour ahead": 3600,
    "thirty years ahead": 30 * YEAR_S,
}


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def stepping(desk: Desk, wearable: Wearable, moments: dict[int, Callable[[], None]]) -> Callable[[bytes], list[bytes]]:
    """Does what is due once so many frames have been notified."""
    sent = 0

    def pass_on(frame: bytes) -> list[bytes]:
        nonlocal sent
        sent += 1
        moments.get(sent, lambda: None)()
        return [frame]

    return pass_on


@pytest.mark.parametrize("jump", JUMPS_S)
async def test_the_gateways_utc_jumps_within_a_sync_and_back(desk: Desk, wired: Wired, jump: str) -> None:
    wearable = Wearable(some_bytes(SIZE))
    wire = wired(wearable)

    def set_clock(utc_s: int) -> None:
        desk.clock.utc_ahead_s = utc_s

    moments = {50: lambda: set_clock(JUMPS_S[jump]), 150: lambda: set_clock(0)}
    wire.spoil = stepping(desk, wearable, moments)
    until_s = desk.clock.now_s + 2 * SET_TIME_AGAIN_S + 60
    await desk.sync(wire, lambda: desk.clock.now_s > until_s, most_s=2 * SET_TIME_AGAIN_S + 120)
    assert desk.held() == bytes(wearable.journal)
    assert wearable.acks[-1].position == SIZE
    assert wire.passed < SIZE / 227 + 250, "nothing is read again for it"
    assert_told_sparingly(wearable, 2 * SET_TIME_AGAIN_S + 60)
    assert off_s(desk, wearable) <= STANDS_STILL_S, "what was set wrong is set right"


@pytest.mark.parametrize("jump", JUMPS_S)
async def test_the_wearables_utc_jumps_within_a_sync(desk: Desk, wired: Wired, jump: str) -> None:
    wearable = Wearable(some_bytes(SIZE))
    wire = wired(wearable)

    def jumped() -> None:
        wearable.utc_s = max(wearable.utc_s + JUMPS_S[jump], 0) & 0xFFFFFFFF

    wire.spoil = stepping(desk, wearable, {60: jumped})
    until_s = desk.clock.now_s + 60
    await desk.sync(wire, lambda: desk.clock.now_s > until_s)
    assert desk.held() == bytes(wearable.journal)
    assert_told_sparingly(wearable, 60)
    assert off_s(desk, wearable) <= STANDS_STILL_S


def assert_told_sparingly(wearable: Wearable, within_s: float) -> None:
    assert len(wearable.times_ms) <= within_s / SET_TIME_AGAIN_S + 1
    assert all(utc_ms >= EARLIEST_UTC_MS for utc_ms in wearable.times_ms), "no time is better than a wrong one"


def off_s(desk: Desk, wearable: Wearable) -> float:
    return abs(desk.clock().utc_ms / 1000 - wearable.utc_s)


@pytest.mark.parametrize("slept_s", [3.0, 44.0, 3600.0])
async def test_a_machine_that_slept_goes_on_or_begins_anew_and_loses_nothing(
    desk: Desk, wired: Wired, slept_s: float
) -> None:
    wearable = Wearable(some_bytes(SIZE))
    wire = wired(wearable)

    def sleep() -> None:
        desk.clock.now_s += slept_s

    wire.spoil = stepping(desk, wearable, dict.fromkeys((40, 100, 160), sleep))
    try:
        await desk.sync(wire, most_s=4 * 3600)
    except PullError as error:
        assert slept_s > 45, error
        await desk.sync(wired(wearable))
    assert desk.held() == bytes(wearable.journal)
    assert wearable.acks[-1].position == SIZE
