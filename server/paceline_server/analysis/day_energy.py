"""Energy of a day: what the body needs at rest, and what was done beside, each said apart.

At rest it is the basal rate of Mifflin et al., Am J Clin Nutr 51 (1990) 241-247, as on the wrist (docs/DAILY.md); it
was within 10 % of what was measured for four in five people (Frankenfield et al., J Am Diet Assoc 105 (2005) 775).
Digestion and sitting up cost some 10 to 20 % more, which is not added: it is rather too low, and no measurement.

Steps of which nobody counted the energy: at 100 steps a minute people walk at 3 MET (Tudor-Locke et al., Br J Sports
Med 52 (2018) 776-788), 2 of them beside rest, a MET being a kilocalorie for each kilogram an hour. Limits: of quick
steps it is too little, of slow ones about right; so many steps a minute of workouts are taken as theirs.
"""

from typing import NamedTuple

from paceline_server.analysis.athlete import USUAL_AGE_YEARS, USUAL_MASS_KG, Athlete

USUAL_HEIGHT_CM = 170.0
DAY_MIN = 1440.0
STEPS_A_MINUTE, STEPS_MET = 100.0, 2.0


class DayEnergy(NamedTuple):
    """Kilocalories of a day: at rest, counted by sources, of workouts and of steps that no source counted.

    Where minutes were worn `counted` holds the rest of those, and `rest` is that of the others.
    """

    rest: float
    counted: float = 0.0
    workouts: float = 0.0
    steps: float = 0.0


class Beside(NamedTuple):
    """What was done beside rest: what sources counted and minutes worn (None: nobody said), workouts, steps."""

    counted_kcal: float | None = None
    worn_min: float | None = None
    workouts_kcal: float = 0.0
    workouts_min: float = 0.0
    steps: float = 0.0


def basal_kcal_a_day(athlete: Athlete, height_cm: float | None) -> float:
    """Return the basal rate; what is not known is as usual: 35 years, 70 kg, 170 cm, the mean of both sexes."""
    mass = USUAL_MASS_KG if athlete.mass_kg is None else athlete.mass_kg
    age = USUAL_AGE_YEARS if athlete.age_years is None else athlete.age_years
    height = USUAL_HEIGHT_CM if height_cm is None else height_cm
    return 10 * mass + 6.25 * height - 5 * age + {"female": -161.0, "male": 5.0}.get(athlete.sex, -78.0)


def day_energy(basal_a_day: float, beside: Beside, mass_kg: float | None, passed: float = 1.0) -> DayEnergy:
    """Return the energy of a day of which a part (0 to 1) has passed.

    Where minutes were worn, what was counted holds the basal rate of those already, and that of the others is added;
    else it is what was spent beside rest. Workouts are of those that no wearable recorded, beside rest; they count
    where nothing was counted otherwise, or where a wearable was worn; steps only where nothing was counted.
    """
    if beside.worn_min:
        rest = basal_a_day * max(0.0, passed - beside.worn_min / DAY_MIN)
        return DayEnergy(rest, beside.counted_kcal or 0.0, beside.workouts_kcal)
    rest = basal_a_day * passed
    if beside.counted_kcal is not None:
        return DayEnergy(rest, beside.counted_kcal)
    mass = USUAL_MASS_KG if mass_kg is None else mass_kg
    walked = max(0.0, beside.steps - STEPS_A_MINUTE * beside.workouts_min)
    return DayEnergy(rest, 0.0, beside.workouts_kcal, walked / STEPS_A_MINUTE / 60 * STEPS_MET * mass)
