"""The line from its start to its end: what `make run` does."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.line.bring_up import Running, bring_up, free_port
from paceline_tools.line.children import while_alive
from paceline_tools.line.errors import LineError
from paceline_tools.line.places import USER, Places
from paceline_tools.line.plan import FASTEST_SPEED, plan_finished, time_left
from paceline_tools.line.progress import Progress
from paceline_tools.line.server_view import Summary
from paceline_tools.line.workouts import workouts
from paceline_tools.track import Track

ARRIVE_S, GOODBYE_S = 60.0, 5.0


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
    played = workouts(options.track)
    places = Places(options.data)
    places.prepare()
    async with AsyncExitStack() as stack:
        stack.enter_context(places.occupied())
        port = free_port(options.port)
        plan = plan_finished(now(), float(played.finished["second"][-1]), options.speed or FASTEST_SPEED)
        running = await bring_up(stack, places, port, plan, played.sport, progress)
        progress.box(_box(running))

        async def play() -> None:
            await play_finished(running, played.finished, progress, now)
            if not options.once:
                await play_live(running, played.live, progress, now)

        watches = [running.server.ended(), running.gateway.ended(), running.wearer.wear_out()]
        await while_alive(watches, play())


async def play_finished(running: Running, track: Track, progress: Progress, now: Callable[[], float]) -> None:
    """Do the first workout and wait until it is whole on the server."""
    before = {summary["activity_id"] for summary in await running.view.activities()}
    minutes, began_s = float(track["second"][-1]) / 60, now()

    def tell(part: float) -> None:
        left = time_left(part, now() - began_s)
        progress.now(f"workout 1   {part:.0%} of {minutes:.0f} min{', ' + left if left else ''}")

    tell(0)
    await running.wearer.run_finished(track, running.plan, tell)
    progress.now("workout 1   on its way to the server")

    def whole(summary: Summary) -> bool:
        is_new = summary["activity_id"] not in before and summary["start_utc_s"] >= running.plan.boot_utc_s
        return is_new and summary["status"] == "finished" and bool(summary["whole"])

    summary = await running.view.wait_for(whole, "The finished workout", ARRIVE_S)
    told = f"{summary['distance_m'] / 1000:.2f} km, {summary['points_count']} samples, nothing missing"
    progress.done(f"workout 1   is on the server: {told}")


async def play_live(running: Running, track: Track, progress: Progress, now: Callable[[], float]) -> None:
    """Do the second workout in real time until its track ends; then stay. Cancelled, it ends the workout first."""
    progress.now("workout 2   begins")
    seen = {summary["activity_id"] for summary in await running.view.activities()}
    ends = await running.wearer.begin_live(track, now)
    live: Summary | None = None
    try:

        def grows(summary: Summary) -> bool:
            return summary["status"] == "live" and summary["activity_id"] not in seen and summary["points_count"] > 0

        live = await running.view.wait_for(grows, "The live workout", ARRIVE_S)
        progress.done("workout 2   grows live")
        await asyncio.sleep(max(ends - now(), 0))
    finally:
        await _end_live(running, live)
    progress.done("workout 2   is done; the pages stay until Ctrl-C")
    await asyncio.get_running_loop().create_future()


async def _end_live(running: Running, live: Summary | None) -> None:
    """Press stop, and give the end the time to reach the server; where it does not, the next start sees to it."""

    def ended(summary: Summary) -> bool:
        return live is not None and summary["activity_id"] == live["activity_id"] and summary["status"] == "finished"

    with suppress(TimeoutError, LineError):
        async with asyncio.timeout(GOODBYE_S):
            await running.wearer.end()
            if live is not None:
                await running.view.wait_for(ended, "The end", GOODBYE_S)


def _box(running: Running) -> list[str]:
    url = running.view.url
    return [
        f"Open       {url}/",
        f"Log in as  {USER}",
        f"Password   {running.places.password.read_text().strip()}",
        "",
        f"All data   {running.places.root.resolve()}",
        "Ctrl-C stops everything; the next start goes on with the same data.",
    ]
