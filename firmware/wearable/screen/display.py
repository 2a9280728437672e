"""The task of the display: takes a snapshot, draws the view, sends what changed, lights and darkens.

Without a display, or when it stops answering, the wearable does everything else as ever; it is looked for again now and
then.
"""

import asyncio

from ..drivers.ssd1306 import BLOCKS, Ssd1306
from .canvas import Canvas
from .lighting import Lighting
from .settings import LOWEST_CONTRAST, Settings
from .snapshot import Snapshot, snapshot
from .views import draw

_LOOK_MS = 200
_AGAIN_MS = 60_000


class Display:
    """The screen of one wearable; `link_state()` tells what Snapshot.link holds. pressed() is for the buttons."""

    def __init__(self, i2c, device_id: bytes, parts, views, settings: Settings, link_state) -> None:
        """Take as `parts` recorder, clock, battery, journal and coach, as `views` navigation and notices."""
        self._parts = parts
        self._recorder, self._clock, _, _, self._coach = parts
        self._navigation, self._notices = views
        self._settings = settings
        self._link_state = link_state
        self._canvas = Canvas()
        self._driver = Ssd1306(i2c, self._canvas.buffer)
        self._model = Snapshot(device_id)
        self._model.notice = self._notices
        self._lighting = Lighting()
        self._contrast = -1
        self._drawn_s = -1
        self._stale = True
        self.saving = False  # the battery is low: dark when not asked, and dim
        self.failures = 0

    def pressed(self) -> None:
        """A button was pressed: light up, and show what it did."""
        self._lighting.touch(self._clock.t_s())
        self._stale = True

    async def run(self) -> None:
        """Serve the display for ever."""
        self._lighting.touch(self._clock.t_s())
        while True:
            try:
                self._driver.start()
                self._contrast = -1
                await self._serve()
            except OSError:
                self.failures += 1
            self._lost()
            await asyncio.sleep_ms(_AGAIN_MS)

    async def _serve(self) -> None:
        while True:
            now_s = self._clock.t_s()
            self._follow(now_s)
            lit = self._lighting.lit(now_s, self._recorder.state != 0, self._settings.always_on and not self.saving)
            if lit and (self._stale or now_s != self._drawn_s):
                self._draw(now_s)
                for block in range(BLOCKS):
                    if self._driver.send(block):
                        await asyncio.sleep_ms(0)  # others may want the bus, or the processor
            if lit != self._navigation.lit:
                self._switch(lit)
            await asyncio.sleep_ms(_LOOK_MS)

    def _lost(self) -> None:
        if self._navigation.lit:
            self._navigation.lit = False
            self._navigation.darkened()

    def _follow(self, now_s: int) -> None:
        recorder = self._recorder
        totals = recorder.totals
        if recorder.state:
            self._coach.progress.follow(totals.session, recorder.elapsed_s(), totals.distance_cm, totals.lap)
        self._navigation.has_plan = self._coach.plan is not None
        self._navigation.has_goals = self._coach.goals.any
        self._navigation.notice = self._notices.shown
        if self._navigation.follow(recorder.state != 0, totals.lap, now_s):
            self._lighting.touch(now_s)
            self._stale = True

    def _draw(self, now_s: int) -> None:
        self._drawn_s = now_s
        self._stale = False
        model, settings = self._model, self._settings
        snapshot(model, self._parts, self._link_state(), settings)
        model.chosen_sport, model.row = self._navigation.sport, self._navigation.row
        draw(self._canvas, self._navigation.view, model)
        contrast = LOWEST_CONTRAST if self.saving else settings.contrast
        if contrast != self._contrast:
            self._contrast = contrast
            self._driver.contrast(self._contrast)

    def _switch(self, lit: bool) -> None:
        self._driver.light(lit)
        self._navigation.lit = lit
        if not lit:
            self._navigation.darkened()
            self._settings.save()
            self._stale = True
