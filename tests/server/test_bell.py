"""A ring wakes one who waits, or is kept for the next; none is lost."""

import asyncio

from paceline_server.events.bell import Bell

PATIENCE_S = 60.0


async def test_a_ring_wakes_one_of_those_who_wait() -> None:
    bell, woken = Bell(), list[int]()

    async def wait(number: int) -> None:
        await bell.heard(None)
        woken.append(number)

    waiting = [asyncio.create_task(wait(number)) for number in range(3)]
    await asyncio.sleep(0)
    assert bell.ring()
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
    assert woken == [2]
    bell.ring_for_all()
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE_S)
    assert sorted(woken) == [0, 1, 2]


async def test_a_ring_that_nobody_heard_is_kept_once() -> None:
    bell = Bell()
    assert not bell.ring()
    assert not bell.ring()
    await asyncio.wait_for(bell.heard(None), PATIENCE_S)
    waiting = asyncio.create_task(bell.heard(None))
    done, _ = await asyncio.wait([waiting], timeout=0.0)
    assert not done
    bell.ring()
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_who_waited_long_enough_goes_on_and_takes_no_ring_with_it() -> None:
    bell = Bell()
    await bell.heard(0.0)
    assert not bell.ring()
    await asyncio.wait_for(bell.heard(None), PATIENCE_S)
