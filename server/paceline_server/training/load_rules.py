"""Whether too much was done: warnings, and rest. A rule is silent where what it looks at is unknown.

Sources: seven days against the four weeks before, 1.5 and more: Gabbett, Br J Sports Med 50 (2016) 273-280 (what it
says of injuries is disputed: Impellizzeri et al., Int J Sports Physiol Perform 15 (2020) 907-913; here it only says
that the week is unlike those before). Monotony of 2 and more: Foster, Med Sci Sports Exerc 30 (1998) 1164-1168.
Three weeks of building and an easier one: Bompa, Periodization, 5th ed. (2009). A fifth of the time hard is much:
Seiler and Kjerland, Scand J Med Sci Sports 16 (2006) 49-56.
"""

from itertools import pairwise

from paceline_server.analysis.recent_training import RecentTraining
from paceline_server.analysis.resting_trend import RestingTrend
from paceline_server.training.advice import Figure, Kind, Recommendation
from paceline_server.training.sureness import of_load

JUMP, LEAST_BEFORE = 1.5, 4
MONOTONOUS, LEAST_SESSIONS = 2.0, 5
RISING = 1.05
TIRED, LEAST_OF_MONTH, LEAST_DAYS = 1.5, 8, 28
IN_ROW = 6
RAISED_BPM = 5.0
MUCH_HARD = 0.2


def load_warnings(recent: RecentTraining) -> list[Recommendation]:
    """Return what is to be said of the load, at most one of each rule."""
    found: list[Recommendation] = []
    unit = "" if recent.by_heart else "min"
    sure = of_load(recent)
    before = recent.sessions_28 - recent.sessions_7
    figures = (Figure("load of 7 days", recent.load_7, unit), Figure("usual week", recent.usual_week, unit))
    if recent.known_days >= LEAST_DAYS and before >= LEAST_BEFORE and recent.usual_week > 0:
        times = recent.load_7 / recent.usual_week
        if times >= JUMP:
            advice = "Make the next days easier than the last ones."
            reason = f"The last seven days were {times:.1f} times your usual week."
            found.append(_warning("load_jump", advice, reason, (*figures, Figure("times", times)), sure))
    rising = [after >= RISING * before > 0 for before, after in pairwise(recent.weeks)]
    if all(rising) and recent.known_days >= LEAST_DAYS and not found:
        advice = "Let this be an easier week, about a quarter less than the last."
        reason = "Your load has risen for three weeks in a row."
        weeks = tuple(Figure(f"week {number}", load, unit) for number, load in enumerate(recent.weeks, 1))
        found.append(_warning("weeks_rising", advice, reason, weeks, sure))
    monotony = recent.monotony
    if monotony is not None and monotony >= MONOTONOUS and recent.sessions_7 >= LEAST_SESSIONS:
        advice = "Make easy days easier and hard days harder, and leave one day free."
        reason = f"Your last seven days were much alike (monotony {monotony:.1f})."
        found.append(_warning("monotony", advice, reason, (Figure("monotony", monotony), figures[0]), sure))
    part = recent.hard_part
    if part is not None and part >= MUCH_HARD and recent.sessions_28 >= LEAST_OF_MONTH:
        advice = "Take more of your sessions easy: below the third zone you can still talk."
        reason = f"{100 * part:.0f} % of your time in four weeks was in the zones 4 and 5."
        found.append(_warning("much_hard", advice, reason, (Figure("hard part", 100 * part, "%"),), recent.heart_part))
    return found


def rest_advice(recent: RecentTraining, resting: RestingTrend | None) -> list[Recommendation]:
    """Return what speaks for a day of rest."""
    found: list[Recommendation] = []
    sure = of_load(recent)
    tired = recent.fatigue >= TIRED * recent.fitness > 0
    if tired and recent.sessions_28 >= LEAST_OF_MONTH and recent.known_days >= LEAST_DAYS:
        figures = (
            Figure("fitness", recent.fitness),
            Figure("fatigue", recent.fatigue),
            Figure("form", recent.form),
        )
        reason = f"Your fatigue is {recent.fatigue / recent.fitness:.1f} times your fitness."
        found.append(
            Recommendation(Kind.REST, "fatigue", "Take a day off, or only move easily.", reason, figures, sure)
        )
    if recent.days_in_row >= IN_ROW:
        reason = f"You trained on {recent.days_in_row} days in a row."
        figures = (Figure("days in a row", recent.days_in_row, "days"),)
        found.append(Recommendation(Kind.REST, "days_in_row", "Take a day off.", reason, figures, 1.0))
    if resting is not None and resting.recent_bpm - resting.usual_bpm >= RAISED_BPM:
        more = resting.recent_bpm - resting.usual_bpm
        reason = f"Your resting heart rate is {more:.0f} bpm above what is usual for you. Many things do that."
        figures = (
            Figure("resting heart rate of 3 days", resting.recent_bpm, "bpm"),
            Figure("of the 28 days before", resting.usual_bpm, "bpm"),
        )
        advice = "Take it easy until it has come down."
        known = round(0.7 * min(1.0, resting.known_days / 21), 2)  # it tells that there is something, not what
        found.append(Recommendation(Kind.REST, "resting_heart_rate", advice, reason, figures, known))
    return found


def _warning(rule: str, advice: str, reason: str, figures: tuple[Figure, ...], sure: float) -> Recommendation:
    return Recommendation(Kind.LOAD_WARNING, rule, advice, reason, figures, round(sure, 2))
