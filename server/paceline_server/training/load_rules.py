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
from paceline_server.words.quantities import Number
from paceline_server.words.speech import N_, Said

JUMP, LEAST_BEFORE = 1.5, 4
MONOTONOUS, LEAST_SESSIONS = 2.0, 5
RISING = 1.05
TIRED, LEAST_OF_MONTH, LEAST_DAYS = 1.5, 8, 28
IN_ROW = 6
RAISED_BPM = 5.0
MUCH_HARD = 0.2
WEEK_NAMES = (N_("week 1"), N_("week 2"), N_("week 3"), N_("week 4"), N_("week 5"))


def load_warnings(recent: RecentTraining) -> list[Recommendation]:
    """Return what is to be said of the load, at most one of each rule."""
    found: list[Recommendation] = []
    unit = "" if recent.by_heart else "min"
    sure = of_load(recent)
    before = recent.sessions_28 - recent.sessions_7
    figures = (Figure(N_("load of 7 days"), recent.load_7, unit), Figure(N_("usual week"), recent.usual_week, unit))
    if recent.known_days >= LEAST_DAYS and before >= LEAST_BEFORE and recent.usual_week > 0:
        times = recent.load_7 / recent.usual_week
        if times >= JUMP:
            advice = Said("Make the next days easier than the last ones.")
            reason = Said("The last seven days were %(times)s times your usual week.", {"times": Number(times, 1)})
            found.append(_warning("load_jump", advice, reason, (*figures, Figure(N_("times"), times)), sure))
    rising = [after >= RISING * before > 0 for before, after in pairwise(recent.weeks)]
    if all(rising) and recent.known_days >= LEAST_DAYS and not found:
        advice = Said("Let this be an easier week, about a quarter less than the last.")
        reason = Said("Your load has risen for three weeks in a row.")
        weeks = tuple(Figure(WEEK_NAMES[number], load, unit) for number, load in enumerate(recent.weeks))
        found.append(_warning("weeks_rising", advice, reason, weeks, sure))
    monotony = recent.monotony
    if monotony is not None and monotony >= MONOTONOUS and recent.sessions_7 >= LEAST_SESSIONS:
        advice = Said("Make easy days easier and hard days harder, and leave one day free.")
        reason = Said("Your last seven days were much alike (monotony %(value)s).", {"value": Number(monotony, 1)})
        found.append(_warning("monotony", advice, reason, (Figure(N_("monotony"), monotony), figures[0]), sure))
    part = recent.hard_part
    if part is not None and part >= MUCH_HARD and recent.sessions_28 >= LEAST_OF_MONTH:
        advice = Said("Take more of your sessions easy: below the third zone you can still talk.")
        reason = Said("%(part)s %% of your time in four weeks was in the zones 4 and 5.", {"part": Number(100 * part)})
        found.append(
            _warning("much_hard", advice, reason, (Figure(N_("hard part"), 100 * part, "%"),), recent.heart_part)
        )
    return found


def rest_advice(recent: RecentTraining, resting: RestingTrend | None) -> list[Recommendation]:
    """Return what speaks for a day of rest."""
    found: list[Recommendation] = []
    sure = of_load(recent)
    tired = recent.fatigue >= TIRED * recent.fitness > 0
    if tired and recent.sessions_28 >= LEAST_OF_MONTH and recent.known_days >= LEAST_DAYS:
        figures = (
            Figure(N_("fitness"), recent.fitness),
            Figure(N_("fatigue"), recent.fatigue),
            Figure(N_("form"), recent.form),
        )
        times = Number(recent.fatigue / recent.fitness, 1)
        reason = Said("Your fatigue is %(times)s times your fitness.", {"times": times})
        found.append(
            Recommendation(Kind.REST, "fatigue", Said("Take a day off, or only move easily."), reason, figures, sure)
        )
    if recent.days_in_row >= IN_ROW:
        reason = Said("You trained on %(n)s days in a row.", {"n": recent.days_in_row})
        figures = (Figure(N_("days in a row"), recent.days_in_row, "days"),)
        found.append(Recommendation(Kind.REST, "days_in_row", Said("Take a day off."), reason, figures, 1.0))
    if resting is not None and resting.recent_bpm - resting.usual_bpm >= RAISED_BPM:
        more = resting.recent_bpm - resting.usual_bpm
        reason = Said(
            "Your resting heart rate is %(more)s bpm above what is usual for you. Many things do that.",
            {"more": Number(more)},
        )
        figures = (
            Figure(N_("resting heart rate of 3 days"), resting.recent_bpm, "bpm"),
            Figure(N_("of the 28 days before"), resting.usual_bpm, "bpm"),
        )
        advice = Said("Take it easy until it has come down.")
        known = round(0.7 * min(1.0, resting.known_days / 21), 2)  # it tells that there is something, not what
        found.append(Recommendation(Kind.REST, "resting_heart_rate", advice, reason, figures, known))
    return found


def _warning(rule: str, advice: Said, reason: Said, figures: tuple[Figure, ...], sure: float) -> Recommendation:
    return Recommendation(Kind.LOAD_WARNING, rule, advice, reason, figures, round(sure, 2))
