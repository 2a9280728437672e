"""While a gateway is in range a running workout is followed: a sample is on the server 12 s after it was taken."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from paceline_tools.track import Track
from system.samples import Held
from system.whole_line import whole_line

ACTIVITY = "python-fitparse__activity-small-fenix2-run.fit"
MOST_LATE_S = 12
FOLLOWED_S = 10
POLL_S = 0.25


async def test_a_sample_is_on_the_server_within_12_s_of_being_taken(
    tmp_path: Path, track_of: Callable[..., Track]
) -> None:
    async with whole_line(tmp_path) as line:
        start_utc_s = await line.start_workout(track_of(ACTIVITY, 300))
        line.wearable.set_speed(1.0)  # the time of the wearable is the time of everybody else
        summary = await line.view.wait_for(
            lambda summary: summary["status"] == "live", f"The workout of {start_utc_s}", MOST_LATE_S + 10
        )
        newest_utc_s, late_s, seen = float(start_utc_s), [], set[float]()
        until_s = time.monotonic() + FOLLOWED_S
        while time.monotonic() < until_s:
            asked_utc_s = line.wearable.world.utc_s()
            held = Held.of(dict(summary), await line.view.streams(summary["activity_id"]))
            newest_utc_s = max([newest_utc_s, *held.utc_s[-1:]])
            late_s.append(asked_utc_s - newest_utc_s)
            seen.add(newest_utc_s)
            await asyncio.sleep(POLL_S)
        assert len(seen) >= 2, "it grew while we looked"
        assert max(late_s) <= MOST_LATE_S, sorted(late_s)[-5:]
