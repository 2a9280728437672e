"""The encoder's cost on real MicroPython (unix): a short script run there on the recording's own samples."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import paceline_protocol
from paceline_protocol.sample import COLUMNS

from paceline_tools.bench.corpus import Columns

ESP32_S3_RATIO = 73
"""How much slower bytecode runs on an ESP32-S3 at 240 MHz than on the unix port here (estimate from perf_bench)."""

_SCRIPT = """
import gc, sys, time
from array import array
from paceline_protocol.sample_codec import SampleEncoder
rows = int(sys.argv[2])
columns = [array("i", [0] * rows) for _ in range(9)]
with open(sys.argv[1], "rb") as file:
    for column in columns:
        file.readinto(column)

def allocated():
    gc.collect()
    return gc.mem_alloc()

def encode(encoder, buffer, t, f, a, o, h, s, b, q, c):
    for i in range(rows):
        if encoder.count == 25 or encoder.room_needed() > 255:
            encoder.close(buffer, 0)
        encoder.put(t[i], f[i], a[i], o[i], h[i], s[i], b[i], q[i], c[i])

def main():
    before = allocated()
    encoder = SampleEncoder()
    state = allocated() - before
    buffer = bytearray(300)
    gc.disable()
    before = gc.mem_alloc()
    encode(encoder, buffer, *columns)
    leaked = gc.mem_alloc() - before
    start = time.clock()  # CPU seconds
    encode(encoder, buffer, *columns)
    spent = 1e6 * (time.clock() - start)
    print('{"encode_us": %f, "state_bytes": %d, "allocated_bytes": %d}' % (spent / rows, state, leaked))

main()
"""


@dataclass(frozen=True)
class DeviceCost:
    """CPU microseconds per sample, bytes of heap that an encoder takes, bytes allocated while encoding all samples."""

    encode_us: float
    state_bytes: int
    allocated_bytes: int


def measure_device(columns: Columns, runs: int = 5) -> DeviceCost:
    """Return the cost of encoding these samples under MicroPython, the fastest of some runs."""
    rows = len(columns["t_s"])
    micropython = Path(sys.executable).with_name("micropython")
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder) / "encode.py", Path(folder) / "samples.bin"
        script.write_text(_SCRIPT)
        data.write_bytes(b"".join(columns[name].astype("<i4").tobytes() for name, _, _ in COLUMNS))
        path = Path(paceline_protocol.__file__).parent.parent
        command = [str(micropython), str(script), str(data), str(rows)]
        costs = []
        for _ in range(runs):
            done = subprocess.run(
                command, env={"MICROPYPATH": str(path)}, capture_output=True, text=True, check=True, timeout=60
            )
            costs.append(DeviceCost(**json.loads(done.stdout)))
    return min(costs, key=lambda cost: cost.encode_us)
