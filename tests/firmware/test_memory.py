"""What the firmware takes of the heap: while it records, and as a whole on a MicroPython of 32 bits."""

from pathlib import Path

import pytest
from conftest import missing
from paceline_tools.bench import firmware
from paceline_tools.bench.heap32 import Wasm32Missing, weigh
from protocol.micropython_process import micropython

HEAP_BYTES = 100 * 1024
FRAGMENTS_PERCENT = 12  # more than what is live: what fragments and the loading of modules may take


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
    assert weight.live * (100 + FRAGMENTS_PERCENT) // 100 <= HEAP_BYTES
    assert weight.live - weight.idle < 1024  # a workout fills nothing


def test_it_boots_and_records_in_little_more_than_what_is_live(tmp_path: Path) -> None:
    micropython()
    build = firmware.in_place(tmp_path)
    roomy = firmware.run(build, "heap", 30)
    little = roomy["world"] + roomy["live"] * (100 + FRAGMENTS_PERCENT) // 100
    tight = firmware.run(build, "heap", 30, little // 1024)
    assert tight["samples"] == roomy["samples"] > 100
    with pytest.raises(MemoryError):
        firmware.run(build, "heap", 30, (roomy["world"] + roomy["live"]) // 1024 - 8)
