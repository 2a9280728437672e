"""`python -m paceline_tools.line --data DIR`: the whole line on this machine, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from paceline_tools.line.errors import LineError
from paceline_tools.line.progress import Progress
from paceline_tools.line.run import Options, run_line

PORT = 8080


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the line; return 0 when it was told to stop (or, with --once, is done), 1 when something was in the way."""
    options = _options(arguments)
    progress = Progress(sys.stdout, time.monotonic)
    try:
        asyncio.run(_until_told(options, progress))
    except LineError as error:
        progress.end()
        print(f"make run: {error}", file=sys.stderr)
        return 1
    return 0


async def _until_told(options: Options, progress: Progress) -> None:
    running = asyncio.create_task(run_line(options, progress, time.time))
    loop = asyncio.get_running_loop()
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        progress.now("stopping")
        running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not told:
            raise
        progress.done("stopped")


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="paceline_tools.line", description="the whole line on this machine")
    parser.add_argument("--data", type=Path, required=True, help="directory of everything that it keeps")
    parser.add_argument("--track", type=Path, help="FIT, GPX or TCX file to wear (default: an invented run)")
    parser.add_argument("--port", type=int, default=PORT, help="of the pages, 0 for any (default: %(default)s)")
    parser.add_argument("--speed", type=float, help="of workout 1, in virtual seconds per second, at least 1")
    parser.add_argument("--once", action="store_true", help="stop when workout 1 is on the server")
    parsed = parser.parse_args(arguments)
    if parsed.speed is not None and not parsed.speed >= 1:
        parser.error("--speed is at least 1")
    if not 0 <= parsed.port <= 65535:
        parser.error("--port is 0 … 65535")
    return Options(parsed.data, parsed.port, parsed.track, parsed.speed, parsed.once)


if __name__ == "__main__":
    raise SystemExit(main())
