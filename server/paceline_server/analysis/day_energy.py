"""Energy of a day: what the body needs at rest, and what was done beside.

At rest it is the basal rate of Mifflin et al., Am J Clin Nutr 51 (1990) 241-247, as on the wrist (docs/DAILY.md); it
was within 10 % of what was measured for four in five people (Frankenfield et al., J Am Diet Assoc 105 (2005) 775).
Digestion and sitting up cost some 10 to 20 % more, which is not added: it is rather too low, and no measurement.
"""

from paceline_server.analysis.athlete import USUAL_AGE_YEARS, USUAL_MASS_KG, Athlete

USUAL_HEIGHT_CM = 170.0
DAY_MIN = 1440.0


def basal_kcal_a_day(athlete: Athlete, height_cm: float | None) -> float:
    """Return the basal rate; what is not known is as usual: 35 years, 70 kg, 170 cm, the mean of both sexes."""
    mass = USUAL_MASS_KG if athlete.mass_kg is None else athlete.mass_kg
    age = USUAL_AGE_YEARS if athlete.age_years is None else athlete.age_years
    height = USUAL_HEIGHT_CM if height_cm is None else height_cm
    return 10 * mass + 6.25 * height - 5 * age + {"female": -161.0, "male": 5.0}.get(athlete.sex, -78.0)


def day_kcal(
    basal_a_day: float, counted_kcal: float | None, worn_min: float | None, workouts_kcal: float, passed: float = 1.0
) -> float:
    """Return the energy of a day of which a part (0 to 1) has passed.

    `counted_kcal` is what sources counted. Where minutes were worn, it holds the basal rate of those already, and that
    of the others is added; else it is what was spent beside rest. `workouts_kcal`, beside rest, are of workouts that no
    wearable recorded; they count where nothing was counted otherwise, or where a wearable was worn.
    """
    basal = basal_a_day * passed
    if worn_min:
        rest = basal_a_day * max(0.0, passed - worn_min / DAY_MIN)
        return rest + (counted_kcal or 0.0) + workouts_kcal
    return basal + (workouts_kcal if counted_kcal is None else counted_kcal)
