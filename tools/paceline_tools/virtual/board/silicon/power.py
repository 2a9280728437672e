"""How the processor stops: by a signal, so that no handler of the firmware runs and the host can tell the causes."""

import os

from silicon import bench

POWER_CUT_SIGNAL = "USR1"
RESET_SIGNAL = "USR2"


def stop(signal: str) -> None:
    """End this process at once; MicroPython has no kill(), its shell's parent is this process."""
    if bench.cable:
        bench.report()
    os.system("kill -s %s $PPID" % signal)
    while True:
        pass
