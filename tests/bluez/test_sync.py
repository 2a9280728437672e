"""The gateway, unchanged, on bleak's BlueZ backend: real bluetoothd and kernel, the real firmware beyond the radio."""

import asyncio
import signal

from bluez.home import Home, within

PULL_S = 60
TEST_S = 120
STILL_S = 4


async def pull(home: Home) -> None:
    """Pull once, to the end."""
    await home.start_gateway("pull", "--timeout", str(PULL_S))
    assert await home.guest.ended("gateway", PULL_S + 20) == 0


@within(TEST_S)
async def test_a_journal_of_256_kib_is_found_and_pulled(home: Home) -> None:
    async with home.wearable() as wearable:
        await pull(home)
        await home.assert_equal(wearable)


@within(TEST_S)
async def test_lost_notifications_are_asked_for_again(home: Home) -> None:
    home.air.loss = 0.02
    async with home.wearable() as wearable:
        await pull(home)
        await home.assert_equal(wearable)
    assert home.air.dropped > 0
    assert "reading began again" in await home.guest.log("gateway")


@within(TEST_S)
async def test_a_wearable_that_restarts_in_the_middle_is_pulled_to_the_end(home: Home) -> None:
    async with home.wearable() as wearable:
        await home.start_gateway("pull", "--timeout", str(PULL_S))
        await home.holds(40_000)
        wearable.kill()
        assert await home.guest.ended("gateway", PULL_S + 20) == 0
        assert wearable.boots == 2
        await home.assert_equal(wearable)


@within(TEST_S)
async def test_what_bluez_could_not_hand_to_a_gateway_that_stood_still_is_asked_for_again(home: Home) -> None:
    async with home.wearable() as wearable:
        await home.start_gateway("pull", "--timeout", str(PULL_S))
        await home.holds(40_000)
        await home.guest.send_signal("gateway", signal.SIGSTOP)
        await asyncio.sleep(STILL_S)
        await home.guest.send_signal("gateway", signal.SIGCONT)
        assert await home.guest.ended("gateway", PULL_S + 20) == 0
        await home.assert_equal(wearable)
