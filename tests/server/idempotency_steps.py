"""A server that is sent one keyed write, the making of an invitation, and is killed before a step of it that is named.

    python -m server.idempotency_steps

reads lines of DATA DATABASE_URL TOKEN STEP, runs each in a fork of its own and prints its exit status. STEP 0 kills
never; what a step is, crash_steps.py says: here those of the transactions that hold the key.
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from paceline_server.idempotency.model import IDEMPOTENCY_KEYS
from server.crash_steps import Killer
from server.running_server import RunningServer, StandingClock

KEY = "6f9e3c1a"
DONE, TOLD, WRONG = 0, 3, 4
LATER_S = 120.0  # longer than any request takes


async def ask(data: Path, url: str, token: str, *, later: bool) -> int:
    """Send the write and tell how it was answered."""
    clock = StandingClock()
    clock.now_s += LATER_S if later else 0.0
    server = RunningServer(data, clock, url)
    server.config = replace(server.config, work=False)
    await server.start()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY}
    async with server.http.post("/api/v1/invitations", headers=headers) as response:
        answer = await response.json()
        done = response.status == 201 and len(answer["invitation"]) > 20
        told = response.status == 409 and answer["error"] == "idempotency_answer_lost"
    await server.stop()
    return DONE if done else TOLD if told else WRONG


def run(arguments: list[str]) -> int:
    """Run one line."""
    data, url, token, step = arguments
    Killer(int(step), IDEMPOTENCY_KEYS.name)
    return asyncio.run(ask(Path(data), url, token, later=step == "0"))


def main() -> None:
    """Run every line of standard input."""
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            os._exit(run(line.split()))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
