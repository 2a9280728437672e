"""The line from its start to its end: what `make run` does."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.line.bring_up import Running, bring_up, free_port
from paceline_tools.line.children import while_alive
from paceline_tools.line.places import USER, Places
from paceline_tools.line.plan import plan_finished
from paceline_tools.line.progress import Progress
from paceline_tools.line.server_view import Summary
from paceline_tools.line.workouts import workouts
from paceline_tools.track import Track

PLAY_LIMIT_S, ARRIVE_S, GOODBYE_S = 600.0, 60.0, 3.0


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    data: Path
    port: int
    track: Path | None
    speed: float | None
    once: bool


async def run_line(options: Options, progress: Progress, now: Callable[[], float]) -> None:
    """Start everything, play the workouts and stay until cancelled; all that was started is stopped at the end.

    With `once`, return when the finished workout is on the server. LineError when anything is in the way.
    """
    finished, live = workouts(options.track)
    places = Places(options.data)
    places.prepare()
    async with AsyncExitStack() as stack:
        stack.enter_context(places.occupied())
        port = free_port(options.port)
        plan = plan_finished(now(), float(finished["second"][-1]), options.speed)
        running = await bring_up(stack, places, port, plan, progress)

        async def play() -> None:
            summary = await play_finished(running, finished, progress)
            if not options.once:
                await play_live(running, live, summary, progress, now)

        watches = [running.server.ended(), running.gateway.ended(), running.wearer.wear_out()]
        await while_alive(watches, play())


async def play_finished(running: Running, track: Track, progress: Progress) -> Summary:
    """Do the first workout, wait until it is whole on the server, and return it as the server lists it."""
    before = {summary["activity_id"] for summary in await running.view.activities()}
    minutes = float(track["second"][-1]) / 60

    def tell(part: float) -> None:
        progress.now(f"workout 1   {part:.0%} of {minutes:.0f} min")

    tell(0)
    await running.wearer.run_finished(track, running.plan, tell, PLAY_LIMIT_S)
    progress.now("workout 1   on its way to the server")

    def whole(summary: Summary) -> bool:
        is_new = summary["activity_id"] not in before and summary["start_utc_s"] >= running.plan.boot_utc_s
        return is_new and summary["status"] == "finished" and bool(summary["whole"])

    summary = await running.view.wait_for(whole, "The finished workout", ARRIVE_S)
    told = f"{summary['distance_m'] / 1000:.2f} km, {summary['points_count']} samples, nothing missing"
    progress.done(f"workout 1   is on the server: {told}")
    return summary


async def play_live(
    running: Running, track: Track, first: Summary, progress: Progress, now: Callable[[], float]
) -> None:
    """Do the second workout in real time until its track ends; then stay. Cancelled, it ends the workout first."""
    progress.now("workout 2   begins")
    seen = {summary["activity_id"] for summary in await running.view.activities()}
    ends = await running.wearer.begin_live(track, running.plan.speed, PLAY_LIMIT_S, now)
    try:

        def grows(summary: Summary) -> bool:
            return summary["status"] == "live" and summary["activity_id"] not in seen and summary["points_count"] > 0

        await running.view.wait_for(grows, "The live workout", ARRIVE_S)
        progress.done("workout 2   grows live")
        progress.box(_box(running, first))
        await asyncio.sleep(max(ends - now(), 0))
    finally:
        async with asyncio.timeout(GOODBYE_S):
            await running.wearer.end()
    progress.done("workout 2   is done; the pages stay until Ctrl-C")
    await asyncio.get_running_loop().create_future()


def _box(running: Running, first: Summary) -> list[str]:
    url = running.view.url
    return [
        f"Open       {url}/",
        f"Log in as  {USER}",
        f"Password   {running.places.password.read_text().strip()}",
        "",
        f"Finished   {url}/activities/{first['activity_id']}",
        f"All data   {running.places.root}",
        "Ctrl-C stops everything; the next start goes on with the same data.",
    ]
