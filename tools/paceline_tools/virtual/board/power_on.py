"""Powers the virtual board up: micropython power_on.py BOOT_FILE, in the staged tree, with this folder on the path.

The boot file (JSON) holds: socket, state (folder), speed, utc_us, reset_cause, mac, partitions, and optionally wiring,
track {path, start_utc_us}, power_cut {at | after, seed}, ticks_at_boot_us.
"""

import json
import sys

import utime

# asyncio's C core counts real milliseconds and compares them with the keys of sleeping tasks, which come from `time`.
# It must therefore see virtual times that do not wrap and always lie behind every real one: "now" to it is "long due".
_FAR_AHEAD_MS = 1 << 40


class _AsyncioTime:
    ticks_add = staticmethod(utime.ticks_add)
    ticks_diff = staticmethod(utime.ticks_diff)

    @staticmethod
    def ticks_ms() -> int:
        return bench.clock.now_us() // 1000 + _FAR_AHEAD_MS


def _wire_asyncio() -> None:
    sys.modules["time"] = _AsyncioTime
    import asyncio.core  # noqa: F401 -- loaded here so that it takes the clock above

    del sys.modules["time"]


def _run(name: str) -> None:
    try:
        with open(name) as file:
            source = file.read()
    except OSError:
        return
    exec(compile(source, name, "exec"), {"__name__": "__main__"})  # noqa: S102 -- as the board's own start does


from silicon import bench  # noqa: E402

with open(sys.argv[1]) as boot_file:
    settings = json.load(boot_file)

from silicon import circuit  # noqa: E402

circuit.power_up(settings)
_wire_asyncio()
sys.argv.clear()
_run("boot.py")
_run("main.py")
