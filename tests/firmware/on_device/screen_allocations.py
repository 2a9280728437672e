"""On MicroPython only: a refresh of the screen takes nothing from the heap."""

import gc

from firmware.wearable_bench import WearableBench
from wearable.drivers.ssd1306 import BLOCKS, Ssd1306
from wearable.kept_state import KeptState
from wearable.screen.canvas import Canvas
from wearable.screen.navigation import CLAIM, SUMMARY
from wearable.screen.progress import Progress
from wearable.screen.settings import Settings
from wearable.screen.snapshot import TRUSTED, Snapshot, snapshot
from wearable.screen.views import draw


class Bus:
    """Takes everything."""

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        """Take it."""


class Battery:
    """A measured cell."""

    millivolt = 3900
    percent = 64


def test_a_refresh_takes_nothing_from_the_heap() -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    bench.gps(4, 90)
    bench.recorder.lap(1)
    canvas = Canvas()
    driver = Ssd1306(Bus(), canvas.buffer)
    driver.start()
    model = Snapshot(bytes(8))
    progress = Progress()
    settings = Settings(KeptState(bench.nvs))
    recorder = bench.recorder

    def refresh(view: int) -> None:
        totals = recorder.totals
        progress.follow(totals.session, recorder.elapsed_s(), totals.distance_cm, totals.lap)
        snapshot(model, recorder, bench.clock, Battery, bench.journal, TRUSTED, progress, settings)
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
