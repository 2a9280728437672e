"""On MicroPython only: the display's task between the wearable's parts and the display's memory."""

import asyncio

from firmware.coach_bench import CoachBench
from firmware.display_panel import Battery, Panel
from wearable.screen.canvas import Canvas
from wearable.screen.display import Display
from wearable.screen.lighting import LIT_S
from wearable.screen.navigation import CLOCK, PAGE_1, SUMMARY, Navigation
from wearable.screen.snapshot import TRUSTED, Snapshot, snapshot
from wearable.screen.views import draw

from firmware import quick_loop

DEVICE_ID = bytes(range(8))


class Nothing:
    """No notice waits."""

    shown = 0


class Screen:
    """A wearable with a display whose task runs while run_s() lets time pass."""

    def __init__(self) -> None:
        self.wrist = CoachBench()
        self.bench = self.wrist.bench
        self.panel = Panel()
        self.settings = self.wrist.settings
        self.views = Navigation(1)
        self.parts = (self.bench.recorder, self.bench.clock, Battery, self.bench.journal, self.wrist.coach)
        self.display = Display(self.panel, DEVICE_ID, self.parts, (self.views, Nothing), self.settings, lambda: TRUSTED)

    async def pass_s(self, seconds: int) -> None:
        """Let the clock go on, then the task look twice at least."""
        self.bench.pass_s(seconds)
        await asyncio.sleep(0.5)

    def picture(self, view: int) -> bytes:
        """The view as it should be now."""
        model = Snapshot(DEVICE_ID)
        snapshot(model, self.parts, TRUSTED, self.settings)
        model.chosen_sport = self.views.sport
        canvas = Canvas()
        draw(canvas, view, model)
        return bytes(canvas.buffer)


def _live(scenario) -> None:
    async def run() -> None:
        screen = Screen()
        task = asyncio.create_task(screen.display.run())
        await scenario(screen)
        task.cancel()

    quick_loop.run(run())


def test_the_display_shows_what_the_wearable_knows_and_goes_dark() -> None:
    async def scenario(screen: Screen) -> None:
        panel = screen.panel
        await screen.pass_s(2)
        assert panel.lit and panel.contrast == screen.settings.contrast
        assert bytes(panel.memory) == screen.picture(CLOCK)
        screen.bench.recorder.start(1, 0)
        await screen.pass_s(1)
        assert screen.views.view == PAGE_1 and panel.lit
        assert bytes(panel.memory) == screen.picture(PAGE_1)
        await screen.pass_s(LIT_S)
        assert not panel.lit, "nobody has touched it"
        panel.blocks = []
        await screen.pass_s(5)
        assert panel.blocks == [], "nothing is sent to a dark display"
        screen.bench.recorder.stop()
        await screen.pass_s(1)
        assert screen.views.view == SUMMARY and panel.lit
        assert bytes(panel.memory) == screen.picture(SUMMARY)

    _live(scenario)


def test_a_display_set_so_stays_lit_through_a_workout() -> None:
    async def scenario(screen: Screen) -> None:
        screen.settings.always_on = 1
        screen.bench.recorder.start(1, 0)
        await screen.pass_s(3 * LIT_S)
        assert screen.panel.lit
        screen.bench.recorder.stop()
        await screen.pass_s(1)
        await screen.pass_s(LIT_S)
        assert not screen.panel.lit

    _live(scenario)


def test_without_a_display_nothing_is_lit_and_the_menus_are_shut() -> None:
    async def scenario(screen: Screen) -> None:
        screen.panel.gone = True
        await screen.pass_s(1)
        assert screen.display.failures == 1 and not screen.views.lit

    _live(scenario)


def test_a_display_that_goes_away_costs_nothing_else() -> None:
    async def scenario(screen: Screen) -> None:
        await screen.pass_s(1)
        screen.views.lap(True, False)
        screen.panel.gone = True
        await screen.pass_s(1)
        assert screen.display.failures == 1 and not screen.views.lit and screen.views.view == CLOCK

    _live(scenario)
