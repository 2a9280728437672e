"""On MicroPython only: what runs all day takes nothing from the heap between two records."""

import gc

from firmware.heap_taken import heap_taken
from firmware.worn_bench import WornBench
from paceline_protocol.wrist_pack import pack_settings
from paceline_protocol.wrist_settings import RECORD_PPG, RECORD_RR
from wearable.light_log import BeatLog, LightLog

_ROUNDS = 60


def test_a_second_of_a_day_takes_nothing_from_the_heap() -> None:
    bench = WornBench(pack_settings([{"slot": 0}]))
    bench.time(32_401)
    daily, recorder = bench.daily, bench.recorder
    bench.beat_bpm(150)

    def step(i: int) -> None:
        bench.now_ms += 1000
        daily.tick(recorder, i, True, True)

    assert heap_taken(step, _ROUNDS) == 0


def test_beats_and_light_take_nothing_from_the_heap_before_a_batch_is_full() -> None:
    bench = WornBench(pack_settings([{"slot": 0}], RECORD_RR | RECORD_PPG))
    recorder = bench.recorder
    recorder.start(1, 0)
    beats = BeatLog(bench.journal, bench.clock, bench.users, lambda interval: None)
    light = LightLog(bench.journal, bench.clock, bench.users, recorder)
    samples = [100_000]
    light.take(samples, 1, 0)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(_ROUNDS):
        beats.found(850)
        beats.tick()
        light.take(samples, 1, 0)
    after = gc.mem_alloc()
    gc.enable()
    assert after == before
