"""The wearable as it is worn: wires sensors, buttons, recorder and link, and runs their tasks under supervision."""

import asyncio
import gc

from .alerts import Alerts
from .all_day import AllDay
from .buttons import Buttons
from .link.blobs import BlobStore
from .notices import Notices
from .power_switches import PowerSwitches
from .recorder import Recorder
from .screen.display import Display
from .screen.navigation import Navigation
from .screen.settings import Settings
from .screen.snapshot import ALONE, CONNECTED, TRUSTED
from .sensors import Sensors
from .version import VERSION
from .workout.coach import Coach

_BEAT_MS = 500
_COLLECT_EVERY = 20  # beats


class App:
    """All parts of one wearable."""

    def __init__(self, core) -> None:
        self._core = core
        self._kept, self._clock, self._journal = core.kept, core.clock, core.journal
        self._board = board = core.board
        self._recorder = Recorder(self._journal, self._clock, self._kept, core.users)
        self._recorder.boot(core.boots, core.cause, VERSION)
        core.tell_damage()
        self._clock.on_anchor = self._anchored
        self._sensors = Sensors(board, self._recorder, self._journal, self._clock)
        self._alerts = Alerts(board.vibration)
        blobs = BlobStore(board.BLOB_FOLDER)
        self._notices = Notices(blobs, self._kept, core.users, self._clock, self._alerts, self._journal)
        self._link = core.make_link(self._recorder, self._sensors.battery, self._notices.look)
        self._views = Navigation(self._kept.sport())
        self._settings = Settings(self._kept, core.users)
        self._coach = Coach(
            (self._recorder, core.users, blobs, self._kept, self._alerts),
            self._journal,
            self._clock,
            self._settings,
            core.alert,
        )
        self._all_day = AllDay(core, self._sensors, self._recorder, self._coach, self._link.standard.rr)
        parts = (self._recorder, self._clock, self._sensors.battery, self._journal, self._coach)
        views = (self._views, self._notices)
        self._display = Display(board.i2c, core.device_id, parts, views, self._settings, self._link_state)
        self._power = PowerSwitches(core, self._sensors, self._recorder, self._link, self._views, self._display)

    async def run(self, supervisor) -> None:
        """Run all tasks, supervised."""
        screen = (self._views, self._notices, self._settings, self._display)
        buttons = Buttons(self._board, self._recorder, self._coach, self._alerts, self._kept, *screen)
        for name, task in (
            ("gps", self._sensors.read_gps),
            ("heart", self._sensors.read_heart),
            ("motion", self._sensors.read_motion),
            ("battery", self._sensors.read_battery),
            ("barometer", self._sensors.read_air),
            ("start button", buttons.watch_start),
            ("lap button", buttons.watch_lap),
            ("alerts", self._alerts.run),
            ("link", self._link.run),
            ("display", self._display.run),
        ):
            asyncio.create_task(supervisor.keep(name, task, name == "link"))
        await supervisor.keep("beat", self._beat, True)

    async def _beat(self) -> None:
        standard = self._link.standard
        users = self._core.users
        heart = self._sensors.heart
        beat = 0
        while True:
            self._core.watchdog.feed()
            self._core.lives.lived(self._clock.t_s())
            self._take_solutions()
            self._recorder.tick()
            self._coach.second()
            self._power.tick()
            self._recorder.save_when_due(self._link.followed)
            if beat % 2 == 0:
                self._link.be_private(users.hide_live, users.rotate_address)
                standard.heart_rate(heart.bpm, heart.worn)
                standard.battery(self._sensors.battery.percent)
                standard.workout(self._recorder, self._sensors.gps.receiver.solution, self._clock.utc_2020_s())
                self._all_day.second()
                self._notices.second(self._recorder.state != 0)
                self._kept.keep_confirmed(self._journal.epoch, self._journal.confirmed, self._clock.t_s())
            beat += 1
            if beat % _COLLECT_EVERY == 0:
                gc.collect()
            await asyncio.sleep_ms(_BEAT_MS)

    def _link_state(self) -> int:
        if self._link.trusted:
            return TRUSTED
        return CONNECTED if self._link.connected else ALONE

    def _take_solutions(self) -> None:
        try:
            self._sensors.take_solutions()
        except Exception:  # noqa: BLE001 (the GPS task meets the same and tells it; the others' beat goes on)
            pass

    def _anchored(self) -> None:
        self._recorder.write_clock()
        self._core.set_rtc()
