"""The line broken at random moments while a real workout is recorded: nothing sealed is lost, nothing comes twice."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from paceline_tools.radio.faults import Faults
from paceline_tools.track import Track
from paceline_tools.virtual.process import Ending
from paceline_tools.virtual.settings import PowerCut
from system.samples import Held, differences, missing_seconds
from system.whole_line import WholeLine, whole_line

ACTIVITY = "python-fitparse__activity-small-fenix2-run.fit"
SPEED = 60.0
MOST_LOST_S = 30
Harm = Callable[[random.Random], Coroutine[None, None, None]]


async def _disturb(
    seed: int, pause_s: tuple[float, float], harm: Callable[[random.Random], Coroutine[None, None, None]]
):
    dice = random.Random(seed)
    while True:
        await asyncio.sleep(dice.uniform(*pause_s))
        await harm(dice)


async def _play_disturbed(line: WholeLine, track: Track, *disturbances: Coroutine[None, None, None]) -> int:
    start_utc_s = await line.start_workout(track)
    line.wearable.set_speed(SPEED)
    tasks = [asyncio.create_task(disturbance) for disturbance in disturbances]
    try:
        last = start_utc_s + int(track["second"][-1])
        await line.reach(last - 20)
    finally:
        for task in tasks:
            task.cancel()
        stopped = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(one, asyncio.CancelledError) for one in stopped), stopped
    await line.stop_workout(last + 2)
    return start_utc_s


async def _held(line: WholeLine, start_utc_s: int) -> tuple[dict[str, Any], Held]:
    activity = dict(await line.finished(start_utc_s))
    return activity, Held.of(activity, await line.view.streams(activity["activity_id"]))


async def test_cut_links_and_killed_programs_lose_and_double_nothing(
    tmp_path: Path, track_of: Callable[..., Track]
) -> None:
    track = track_of(ACTIVITY, 1800)
    async with whole_line(tmp_path, Faults(seed=1, cut_probability=0.02)) as line:

        async def kill(dice: random.Random) -> None:
            await (line.kill_gateway() if dice.random() < 0.5 else line.kill_server())

        start_utc_s = await _play_disturbed(line, track, _disturb(2, (0.5, 4.0), kill))
        line.faults.cut_probability = 0.0
        activity, held = await _held(line, start_utc_s)
        assert line.killed >= 4 and line.faults.cuts >= 2
        assert len(np.unique(held.utc_s)) == len(held.utc_s)
        assert not len(missing_seconds(track, start_utc_s, held))
        assert not differences(track, start_utc_s, held)
        assert activity["receipt"]["whole"]
        assert len(await line.view.activities()) == 1


async def test_a_power_cut_at_any_flash_operation_loses_at_most_thirty_seconds(
    tmp_path: Path, track_of: Callable[..., Track]
) -> None:
    track = track_of(ACTIVITY, 1500)
    async with whole_line(tmp_path) as line:

        async def cut(dice: random.Random) -> None:
            boots = line.wearable.boots
            line.wearable.cut_power(PowerCut(after=dice.randrange(1, 4), seed=dice.randrange(1 << 30)))
            await line.wearable.wait_until(lambda: line.wearable.boots > boots, limit_s=120)

        start_utc_s = await _play_disturbed(line, track, _disturb(3, (0.2, 2.0), cut))
        activity, held = await _held(line, start_utc_s)
        cuts = [
            at
            for at, how in zip(line.wearable.ended_utc_s, line.wearable.endings, strict=True)
            if how is Ending.POWER_CUT
        ]
        assert len(cuts) >= 4
        assert len(np.unique(held.utc_s)) == len(held.utc_s)
        assert not differences(track, start_utc_s, held)
        assert activity["receipt"]["whole"]
        for missing in _runs(missing_seconds(track, start_utc_s, held)):
            before = [at for at in cuts if missing[0] - 1 <= at <= missing[-1] + 5]
            assert before, f"{missing[0]}–{missing[-1]} is missing without a power cut"
            assert before[0] - missing[0] <= MOST_LOST_S, f"the cut at {before[0]} cost everything since {missing[0]}"


def _runs(seconds: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.split(seconds, np.flatnonzero(np.diff(seconds) > 1) + 1) if len(seconds) else []
