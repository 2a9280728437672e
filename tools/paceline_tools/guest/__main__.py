"""`python -m paceline_tools.guest`: sees that emulator and image are there, then runs the tests in tests/bluez.

Where they cannot be had it says so and returns 0, but in CI (the variable CI is set), where everything must run, 1.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from paceline_tools.guest import image, qemu
from paceline_tools.guest.errors import GuestError
from paceline_tools.stage import SOURCE

LIMIT_S = 390
"""For all tests; the variable PACELINE_BLUEZ_LIMIT_S says another."""
TIDY_S = 30


def main(arguments: Sequence[str]) -> int:
    """Run the tests, with more arguments for pytest; return their status, 1 beyond the limit."""
    try:
        qemu.ensure(may_install=os.geteuid() == 0)
        started_s = time.monotonic()
        built = image.build()
    except GuestError as error:
        print(f"test-bluez: SKIPPED, {error}", flush=True)
        return 1 if os.environ.get("CI") else 0
    print(f"test-bluez: {', '.join(built.versions[:2])}, image in {time.monotonic() - started_s:.0f} s", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "--durations=0", "tests/bluez", *arguments]
    tests = subprocess.Popen(command, cwd=SOURCE, env={**os.environ, "PACELINE_BLUEZ": "1"})
    limit_s = int(os.environ.get("PACELINE_BLUEZ_LIMIT_S", LIMIT_S))
    try:
        return tests.wait(limit_s)
    except subprocess.TimeoutExpired:
        print(f"test-bluez: not done after {limit_s} s", file=sys.stderr, flush=True)
        tests.send_signal(signal.SIGINT)
        try:
            tests.wait(TIDY_S)
        except subprocess.TimeoutExpired:
            tests.kill()
            tests.wait()
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
