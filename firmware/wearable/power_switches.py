"""Does what the power policy decides: looks at the wearable's parts twice a second, switches what has to change."""

from paceline_protocol.code_tables import ALERTS

from .power import HEALTHY, Policy, Situation
from .screen.navigation import SPORT

_BATTERY_LOW = ALERTS.index("battery low")


class PowerSwitches:
    """The hands of the policy; `policy` and `seen` tell what it decided, and from what."""

    def __init__(self, core, sensors, recorder, link, views, display) -> None:
        self._core = core
        self._sensors = sensors
        self._recorder = recorder
        self._link = link
        self._views = views
        self._display = display
        self.policy = Policy()
        self.seen = Situation()
        self._advertise_ms = self._cpu_mhz = 0
        self._told = HEALTHY

    def tick(self) -> None:
        """Look, decide, act."""
        now_s = self._core.clock.t_s()
        self._look(now_s)
        policy = self.policy
        policy.decide(now_s, self.seen)
        if policy.level > self._told:
            self._core.alert(_BATTERY_LOW, self.seen.percent)
        self._told = policy.level
        if policy.end_workout:
            self._recorder.stop()  # sealed, while there is power to do it
        sensors = self._sensors
        sensors.gps.want(policy.gps)
        sensors.pulse.want(policy.heart)
        sensors.motion.want(policy.live)
        sensors.tick()
        self._display.saving = policy.dim
        if policy.advertise_ms != self._advertise_ms:
            self._advertise_ms = policy.advertise_ms
            self._link.peripheral.pace(policy.advertise_ms)
        if policy.cpu_mhz != self._cpu_mhz:
            self._cpu_mhz = policy.cpu_mhz
            self._core.board.cpu_frequency(policy.cpu_mhz * 1_000_000)

    def _look(self, now_s: int) -> None:
        seen, recorder = self.seen, self._recorder  # four at once would be a tuple on the heap
        link, views = self._link, self._views
        sensors = self._sensors
        seen.workout = recorder.state != 0
        seen.lit = views.lit
        seen.preparing = views.lit and views.view == SPORT
        seen.sport = recorder.sport if seen.workout else views.sport
        seen.connected = link.connected
        trusted = link.trusted
        seen.watched = seen.connected and not trusted
        seen.pulled = trusted and not link.followed
        seen.worn = sensors.pulse.worn
        seen.still_s = now_s - sensors.motion.moved_t_s
        battery = sensors.battery
        seen.charging = battery.charging
        seen.percent = battery.percent if battery.millivolt else -1
        seen.timed = self._core.clock.source != 0
        seen.fixed = recorder.fix != 0
