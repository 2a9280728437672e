"""Who moves: what judging a workout needs to know of a body. All of it may be unknown."""

from dataclasses import dataclass

ZONE_PERCENT = (50, 60, 70, 80, 90)  # of the highest heart rate: the lowest heart rates of the zones 1 to 5
USUAL_AGE_YEARS = 35.0  # these two as on the wrist, where nothing is known (docs/WORKOUTS.md)
USUAL_MASS_KG = 70.0


@dataclass(frozen=True, slots=True)
class Athlete:
    """What was true of a body on the day of a workout; `sex` is "female", "male" or "unknown"; None is not known.

    `zones_bpm` are the lowest heart rates of the zones 1 to 5. The thresholds are what can be held for an hour:
    heart rate, pace on the run, power on the bicycle.
    """

    sex: str = "unknown"
    age_years: float | None = None
    mass_kg: float | None = None
    max_heart_rate_bpm: float | None = None
    resting_heart_rate_bpm: float | None = None
    zones_bpm: tuple[int, ...] | None = None
    threshold_bpm: float | None = None
    threshold_pace_s_km: float | None = None
    threshold_power_w: float | None = None

    @property
    def highest_bpm(self) -> float | None:
        """The highest heart rate: the given one, else 208 - 0.7 * age (Tanaka et al., J Am Coll Cardiol 37 (2001) 153).

        The estimate is off by 10 bpm (one standard deviation) for a person.
        """
        if self.max_heart_rate_bpm is not None or self.age_years is None:
            return self.max_heart_rate_bpm
        return 208 - 0.7 * self.age_years

    @property
    def zone_floors_bpm(self) -> tuple[int, ...] | None:
        """The lowest heart rates of the zones 1 to 5: given, or parts of the highest heart rate, as on the wrist."""
        if self.zones_bpm is not None or self.highest_bpm is None:
            return self.zones_bpm
        highest = int(self.highest_bpm + 0.5)
        return tuple((highest * percent + 99) // 100 for percent in ZONE_PERCENT)


UNKNOWN = Athlete()
