"""What the encoder takes of a small heap. CPython cannot tell, so that there the laws hold by default."""

import gc
import sys

from paceline_protocol.sample_codec import SampleEncoder
from protocol.both.sample_walks import runner

ON_MICROPYTHON = sys.implementation.name == "micropython"
STATE_GOAL_BYTES = 8192


def _allocated() -> int:
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0  # type: ignore[attr-defined]


def test_no_byte_is_allocated_per_sample():
    if not ON_MICROPYTHON:
        return
    import micropython

    encoder = SampleEncoder()
    buffer = bytearray(300)
    samples = runner(60, 3)
    micropython.heap_lock()  # from here an allocation raises MemoryError
    try:
        for t_s, fix, latitude, longitude, altitude, speed, bpm, confidence, cadence in samples:
            if encoder.room_needed() > 255 or encoder.count == 25:
                encoder.close(buffer, 0)
            if t_s == 50:
                encoder.restart()
            encoder.put(t_s, fix, latitude, longitude, altitude, speed, bpm, confidence, cadence)
        encoder.close(buffer, 0)
    finally:
        micropython.heap_unlock()


def test_an_encoder_fits_its_goal():
    before = _allocated()
    encoder = SampleEncoder()
    assert _allocated() - before <= STATE_GOAL_BYTES
    assert encoder.count == 0
