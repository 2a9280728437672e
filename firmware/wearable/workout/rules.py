"""The rules of one workout: what its sport and its wearer's settings make of each second."""

from . import sports
from .auto_pause import AutoPause
from .calories import UNITS, Calories


class Anybody:
    """A wearer about whom nothing is known."""

    birth_year = sex = weight_hg = auto_pause = auto_lap_m = auto_lap_s = pool_cm = 0


class Rules:
    """Rules for a user of a known age (0 unknown); `auto_paused` when a reset interrupted an auto-pause.

    `gps` tells whether samples are made of solutions; laps end by themselves after `lap_m` and `lap_s`, where not 0.
    """

    def __init__(self, sport: int, user, age: int, auto_paused: bool) -> None:
        self.gps = sports.uses_gps(sport)
        self.still_cm_s = sports.of(sport, sports.STILL_CM_S)
        self._tells_moving = self.still_cm_s > 0
        self._calories = Calories(sport, user.sex, age, user.weight_hg)
        rule = sports.of(sport, sports.PAUSE_S) and (user.auto_pause or auto_paused)
        self.auto_pause = AutoPause(sport, auto_paused) if rule else None
        self.lap_m, self.lap_s = (0, 0) if sport == sports.STRENGTH else (user.auto_lap_m, user.auto_lap_s)

    def burn(self, totals, step_s: int, busy: bool, fix: int, speed_cm_s: int, heart_bpm: int, confidence: int) -> None:
        """Add a second's energy to the totals, which have taken its sample."""
        moving = totals.moving if self._tells_moving else busy and not totals.paused
        totals.burn(step_s * self._calories.second(moving, fix, speed_cm_s, heart_bpm, confidence), UNITS)
