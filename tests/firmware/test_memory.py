"""What the firmware takes of the heap: while it records, and as a whole on a MicroPython of 32 bits."""

from pathlib import Path

from conftest import missing
from paceline_tools.bench import firmware
from paceline_tools.bench.heap32 import Wasm32Missing, weigh
from protocol.micropython_process import micropython

HEAP_BYTES = (
    92_000  # live and waiting for gc; the goal of 100 KiB holds for the peak with fragments, too (docs/MEMORY.md)
)


def test_recording_takes_nothing_from_the_heap(tmp_path: Path) -> None:
    micropython()
    result = firmware.run(firmware.compile_all(tmp_path), "cpu", 120)
    assert result["allocated"] == dict.fromkeys(result["allocated"], 0)


def test_the_heap_on_32_bits(tmp_path: Path) -> None:
    try:
        weight = weigh(tmp_path, 30)
    except Wasm32Missing as error:
        missing(f"{error} is not installed (make wasm32)")
        return
    assert weight.live <= weight.most <= HEAP_BYTES
    assert weight.live - weight.idle < 1024  # a workout fills nothing
