"""What is powered when: a pure policy over what the wearable knows of itself and its wearer (docs/POWER.md).

The app fills in a Situation twice a second and asks decide(); power_switches.py does what it says.
"""

from micropython import const
from paceline_protocol.code_tables import SPORTS

GPS_OFF, GPS_SAVED, GPS_FULL = 0, 1, 2
HEALTHY, LOW, CRITICAL = 0, 1, 2  # the battery's levels

INDOORS = (SPORTS.index("swimming"), SPORTS.index("strength"), SPORTS.index("indoor"))  # no GPS

LOW_PERCENT = const(15)
LOW_ENDS_PERCENT = const(20)
CRITICAL_PERCENT = const(3)
CRITICAL_ENDS_PERCENT = const(6)
CRITICAL_AFTER_S = const(90)  # longer than from one reading of the gauge to the next: one alone is not believed

GPS_LINGER_S = const(60)  # after a workout, a look at the choice of sports, the first time
GPS_SEARCH_S = const(120)  # for the time, while nothing else tells it …
GPS_SEARCH_EVERY_S = const(1800)
GPS_PROVEN_S = const(60)  # with a fix for so long a receiver may save power

HEART_WINDOW_S = const(25)  # 5 to settle, 8 to fill the spectrum, the rest to be sure
HEART_GLANCE_S = const(4)  # enough to see that nobody wears it
HEART_EVERY_S = const(300)
HEART_EVERY_LOW_S = const(900)
STILL_S = const(1200)  # a sleeper turns more often

ADVERTISE_FAST_MS = const(200)
ADVERTISE_SLOW_MS = const(1000)
ADVERTISE_LOW_MS = const(2000)
ADVERTISE_FAST_S = const(60)  # after a button, a workout, a connection

CPU_MHZ = const(80)  # the least that Bluetooth runs on
CPU_PULLED_MHZ = const(240)


class Situation:
    """What decide() looks at; `sport` is the workout's, or the chosen one before it."""

    def __init__(self) -> None:
        self.workout = False  # under way, paused or not
        self.sport = 0
        self.preparing = False  # the choice of sports is shown
        self.lit = False
        self.connected = False
        self.watched = False  # somebody is connected who is no gateway: a phone that shows the heart rate
        self.pulled = False  # a gateway fetches the journal
        self.worn = False  # as the heart rate sensor last saw it
        self.still_s = 0
        self.percent = -1  # -1 unknown
        self.charging = False
        self.timed = False  # the time of day is known
        self.fixed = False


class Policy:
    """The decisions; all attributes are renewed by decide()."""

    def __init__(self) -> None:
        self.level = HEALTHY
        self.end_workout = False
        self.gps = GPS_OFF
        self.heart = False
        self.live = False  # motion is wanted within a second or two, not ten
        self.dim = False
        self.advertise_ms = ADVERTISE_FAST_MS
        self.cpu_mhz = CPU_MHZ
        self._critical_since_s = -1
        self._gps_until_s = 0
        self._search_s = 0
        self._unfixed_s = 0
        self._window_s = -HEART_EVERY_LOW_S
        self._fast_until_s = ADVERTISE_FAST_S

    def decide(self, now_s: int, seen: Situation) -> None:
        """Decide for this moment; `now_s` are device seconds, which never go back."""
        self._weigh(now_s, seen)
        alive = self.level != CRITICAL
        self.end_workout = seen.workout and not alive
        if not seen.fixed:
            self._unfixed_s = now_s
        self.gps = self._gps(now_s, seen) if alive else GPS_OFF
        self.heart = alive and self._heart(now_s, seen)
        self.live = alive and (seen.workout or seen.lit or self.heart)
        self.dim = self.level != HEALTHY
        if seen.workout or seen.lit or seen.connected:
            self._fast_until_s = now_s + ADVERTISE_FAST_S
        slow_ms = ADVERTISE_LOW_MS if self.dim else ADVERTISE_SLOW_MS
        self.advertise_ms = ADVERTISE_FAST_MS if alive and now_s < self._fast_until_s else slow_ms
        self.cpu_mhz = CPU_PULLED_MHZ if seen.pulled else CPU_MHZ

    def _weigh(self, now_s: int, seen: Situation) -> None:
        percent = seen.percent
        if percent < 0:
            return
        if percent > CRITICAL_PERCENT or seen.charging:
            self._critical_since_s = -1
        elif self._critical_since_s < 0:
            self._critical_since_s = now_s
        if self._critical_since_s >= 0 and now_s - self._critical_since_s >= CRITICAL_AFTER_S:
            self.level = CRITICAL
        elif self.level == CRITICAL and percent < CRITICAL_ENDS_PERCENT and not seen.charging:
            pass
        elif percent < LOW_PERCENT:
            self.level = LOW
        elif percent >= LOW_ENDS_PERCENT or self.level == CRITICAL:
            self.level = HEALTHY

    def _gps(self, now_s: int, seen: Situation) -> int:
        outdoors = seen.sport not in INDOORS
        if outdoors and (seen.workout or seen.preparing):
            self._gps_until_s = now_s + GPS_LINGER_S
            saving = self.level == LOW and seen.workout and now_s - self._unfixed_s >= GPS_PROVEN_S
            return GPS_SAVED if saving else GPS_FULL
        if seen.workout:
            self._gps_until_s = now_s
        if not seen.timed and now_s >= self._search_s:
            if now_s < self._search_s + GPS_SEARCH_S:
                self._gps_until_s = now_s + GPS_LINGER_S
            else:
                self._gps_until_s = now_s
                self._search_s = now_s + GPS_SEARCH_EVERY_S
        return GPS_FULL if now_s < self._gps_until_s else GPS_OFF

    def _heart(self, now_s: int, seen: Situation) -> bool:
        if seen.workout or seen.preparing or seen.watched:
            return True
        if seen.charging or (not seen.worn and seen.still_s >= STILL_S):
            return False
        passed_s = now_s - self._window_s
        if passed_s >= (HEART_EVERY_S if self.level == HEALTHY else HEART_EVERY_LOW_S):
            self._window_s = now_s
            passed_s = 0
        return passed_s < HEART_GLANCE_S or (seen.worn and passed_s < HEART_WINDOW_S)
