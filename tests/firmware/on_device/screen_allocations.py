"""On MicroPython only: a refresh of the screen takes nothing from the heap, and neither does a second of the coach."""

import gc

from firmware.coach_bench import CoachBench
from firmware.display_panel import Battery
from paceline_protocol.records import SPORTS
from paceline_protocol.wrist_pack import pack_plans, pack_settings
from wearable.drivers.ssd1306 import BLOCKS, Ssd1306
from wearable.screen.canvas import Canvas
from wearable.screen.navigation import CLAIM, SUMMARY
from wearable.screen.snapshot import TRUSTED, Snapshot, snapshot
from wearable.screen.views import draw


class Bus:
    """Takes everything."""

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        """Take it."""


RUN = SPORTS.index("running")


def _wrist() -> CoachBench:
    goals = [{"goal": 1, "kind": kind, "period": 2, "target": 500_000} for kind in (1, 4, 6)]
    steps = [{"kind": 1, "until": 1, "amount": 3000, "target": 1, "low": 1, "high": 2, "times": 3}]
    settings = pack_settings([{"name": "Anna", "zone_low": 1, "zone_high": 2, "goals": goals}])
    wrist = CoachBench(settings, pack_plans([{"user": 0, "sport": RUN, "steps": steps}]))
    wrist.go(1, 3)
    wrist.recorder.start(RUN, 0)
    wrist.go(4, 90)
    return wrist


def test_a_refresh_takes_nothing_from_the_heap() -> None:
    wrist = _wrist()
    bench, recorder = wrist.bench, wrist.recorder
    recorder.lap(1)
    canvas = Canvas()
    driver = Ssd1306(Bus(), canvas.buffer)
    driver.start()
    model = Snapshot(bytes(8))
    parts = (recorder, bench.clock, Battery, bench.journal, wrist.coach)

    def refresh(view: int) -> None:
        totals = recorder.totals
        wrist.coach.progress.follow(totals.session, recorder.elapsed_s(), totals.distance_cm, totals.lap)
        snapshot(model, parts, TRUSTED, wrist.settings)
        draw(canvas, view, model)
        for block in range(BLOCKS):
            driver.send(block)

    for view in range(SUMMARY + 1):
        refresh(view)
        refresh(CLAIM)
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        for _ in range(3):
            bench.now_ms += 1000
            refresh(view)
            refresh(CLAIM if view != CLAIM else SUMMARY)
        after = gc.mem_alloc()
        gc.enable()
        assert after == before, (view, after - before)


def test_a_second_of_the_coach_takes_nothing_from_the_heap() -> None:
    wrist = _wrist()
    wrist.recorder.heart_rate_bpm, wrist.recorder.heart_rate_confidence = 180, 3
    wrist.motor.buzz = lambda pattern: None
    assert wrist.coach.plan is not None
    for _ in range(3):
        wrist.bench.now_ms += 1000
        wrist.coach.second()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(60):
        wrist.bench.now_ms += 1000
        wrist.coach.second()
    after = gc.mem_alloc()
    gc.enable()
    assert after == before, after - before
