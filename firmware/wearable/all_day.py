"""What runs beside workouts, day and night: days, beats, light; wired to the sensors, asked once a second."""

from .daily import Daily
from .light_log import BeatLog, LightLog
from .signal.beats import Beats


class AllDay:
    """`daily` counts; `coach` learns the steps of today, `send` each time between beats in 1/1024 s."""

    def __init__(self, core, sensors, recorder, coach, send) -> None:
        logs = (core.journal, core.clock, core.users)
        self.daily = Daily(core.journal, core.clock, core.kept, core.users)
        self._sensors = sensors
        self._recorder = recorder
        self._coach = coach
        self._beats = BeatLog(*logs, send)
        sensors.heart.tell(Beats(self._beats.found))
        sensors.pulse.log = LightLog(*logs, recorder)

    def second(self) -> None:
        """Look at sensors and recorder."""
        sensors = self._sensors
        self.daily.tick(self._recorder, sensors.steps, sensors.pulse.worn, sensors.heart.still)
        self._beats.tick()
        self._coach.steps_today = self.daily.steps_today
