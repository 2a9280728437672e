"""What to do next, and at which pace and heart rate.

One rule is chosen, the first that fits: nothing done yet, coming back after a gap, beginning, resting, a long one, a
hard one, an easy one. Sources: little and often for who begins: World Health Organization, Guidelines on physical
activity (2020); half of what was usual after two weeks and more without: Mujika and Padilla, Sports Med 30 (2000)
79-87 and 145-154; a longest session at most a tenth longer than that of the 30 days before: Frandsen et al., Br J
Sports Med 59 (2025) 1203-1210; hard ones apart, and few: Seiler and Kjerland, Scand J Med Sci Sports 16 (2006) 49-56;
paces: running_capacity.py; heart rates: the zones of the day.
"""

from paceline_server.analysis.athlete import Athlete
from paceline_server.analysis.race_form import RaceForm
from paceline_server.analysis.recent_training import RecentTraining
from paceline_server.analysis.running_capacity import EASY, INTERVAL, MARATHON, THRESHOLD, speed_at_m_s
from paceline_server.training.advice import Figure, Kind, Pace, Recommendation, Session
from paceline_server.training.sureness import of_load
from paceline_server.words.quantities import Number
from paceline_server.words.speech import N_, AllSaid, Said

FIRST_S, SHORTEST_S, BEGINNERS_S = 1200.0, 900.0, 1800.0
GAP_DAYS, LEAST_BEFORE_GAP = 14, 8
FEW_OF_MONTH, SHORT_LIFE_DAYS = 6, 28
LONG_EVERY_DAYS, HARD_EVERY_DAYS = 6, 3
LONGER, LONGEST_RUN_S = 1.1, 9000.0
ENDURANCE = frozenset({"running", "walking", "hiking", "cycling", "swimming"})
HARD_ENOUGH = 0.2
LONG_ENOUGH_S = 2400.0  # for three blocks with all around them
BETWEEN_HARD = 2  # sessions of a week before a hard or a long one is due
EASY_ZONES, LONG_ZONES, HARD_ZONES = (1, 2), (2, 2), (4, 4)


def next_session(recent: RecentTraining, athlete: Athlete, form: RaceForm | None, *, rest: bool) -> Recommendation:
    """Return the session to do next; `rest`: something speaks for a day of rest, or against more load."""
    trained_today = recent.idle_days == 0
    day = recent.today + (1 if trained_today or rest else 0)
    if recent.idle_days is None:
        session = Session(day, "walking", "easy", FIRST_S, None, _heart(athlete, EASY_ZONES))
        return _next(
            "first", Said("Begin with 20 minutes of brisk walking."), Said("There is no workout yet."), session, (), 1.0
        )
    sport, usual_s = recent.sport or "running", recent.usual_s
    if recent.idle_days >= GAP_DAYS and recent.before_gap >= LEAST_BEFORE_GAP:
        session = _session(day, sport, "easy", max(SHORTEST_S, 0.5 * usual_s), athlete, form)
        figures = (
            Figure(N_("days without a workout"), recent.idle_days, "days"),
            Figure(N_("usual time"), usual_s, "s"),
        )
        reason = Said(
            "Your last workout was %(n)s days ago; before, %(minutes)s minutes were usual.",
            {"n": recent.idle_days, "minutes": Number(usual_s / 60)},
        )
        return _next("comeback", Said("Come back with half of what was usual, easily."), reason, session, figures, 0.9)
    if recent.sessions_28 < FEW_OF_MONTH or recent.known_days < SHORT_LIFE_DAYS:
        day = max(recent.today, recent.today - recent.idle_days + 2)
        longest_s = max(SHORTEST_S, min(BEGINNERS_S, usual_s * LONGER))
        figures = (Figure(N_("workouts in 28 days"), recent.sessions_28), Figure(N_("usual time"), usual_s, "s"))
        reason = Said("You did %(n)s workouts in four weeks: often is worth more than much.", {"n": recent.sessions_28})
        session = _session(day, sport, "easy", longest_s, athlete, form)
        return _next(
            "beginner", Said("Move easily, so that you could talk, every other day."), reason, session, figures, 0.8
        )
    return _trained(recent, athlete, form, day, rest=rest)


def _trained(
    recent: RecentTraining, athlete: Athlete, form: RaceForm | None, day: int, *, rest: bool
) -> Recommendation:
    sport, usual_s, sure = recent.sport or "running", recent.usual_s, of_load(recent)
    figures = (Figure(N_("workouts in 7 days"), recent.sessions_7), Figure(N_("usual time"), usual_s, "s"))
    if rest:
        session = _session(day, sport, "easy", max(SHORTEST_S, 0.75 * usual_s), athlete, form)
        reason = Said("Something above speaks for less.")
        return _next(
            "after_load", Said("After the rest, go shorter than usual, easily."), reason, session, figures, sure
        )
    since_long, since_hard = recent.short_since, recent.easy_since
    if sport not in ENDURANCE:
        session = Session(day, sport, "usual", usual_s)
        return _next("usual", Said("One as usual."), Said("Nothing speaks against it."), session, figures, sure)
    if (since_long is None or since_long >= LONG_EVERY_DAYS) and recent.sessions_7 >= BETWEEN_HARD:
        return _long(recent, athlete, form, day, sure)
    told = recent.hard_part is not None
    fresh = since_hard is None or since_hard >= HARD_EVERY_DAYS
    if told and fresh and (recent.hard_part or 0.0) < HARD_ENOUGH and recent.sessions_7 >= BETWEEN_HARD:
        session = Session(
            day,
            sport,
            "threshold",
            usual_s,
            None,
            _heart(athlete, HARD_ZONES),
            _pace(form, THRESHOLD) if sport == "running" else None,
        )
        hard = (*figures, Figure(N_("hard part"), 100 * (recent.hard_part or 0.0), "%"))
        reason = Said("Your last hard session is three days ago and more, and most of your time was easy.")
        if since_hard is None:
            reason = Said("No session of late was hard.")
        times = (3, 8) if usual_s >= LONG_ENOUGH_S else (2, 5)
        advice = Said(
            "Warm up, then %(times)s times %(minutes)s minutes comfortably hard, with 2 easy minutes between them.",
            {"times": times[0], "minutes": times[1]},
        )
        return _next("hard", advice, reason, session, hard, sure)
    session = _session(day, sport, "easy", usual_s, athlete, form)
    reason = Said("Easy sessions are what the others rest on.")
    return _next("easy", Said("An easy one, as long as usual."), reason, session, figures, sure)


def _long(recent: RecentTraining, athlete: Athlete, form: RaceForm | None, day: int, sure: float) -> Recommendation:
    sport = recent.sport or "running"
    longest_s = max(recent.longest_s * LONGER, recent.usual_s)
    if sport == "running":
        longest_s = max(min(longest_s, LONGEST_RUN_S), recent.usual_s)
    longest_m = recent.longest_m * longest_s / recent.longest_s if recent.longest_s > 0 else None
    pace = _pace(form, EASY) if sport == "running" else None
    session = Session(day, sport, "long", longest_s, longest_m or None, _heart(athlete, LONG_ZONES), pace)
    figures = (Figure(N_("longest of 30 days"), recent.longest_s, "s"), Figure(N_("usual time"), recent.usual_s, "s"))
    reason = Said(
        "None of late was long; your longest of 30 days took %(minutes)s minutes.",
        {"minutes": Number(recent.longest_s / 60)},
    )
    if recent.short_since is not None:
        reason = Said("Your last long one is %(n)s days ago.", {"n": recent.short_since})
    advice = Said("A long one, easily: at most a tenth longer than your longest of the last 30 days.")
    return _next("long", advice, reason, session, figures, sure)


def pace_and_zones(athlete: Athlete, form: RaceForm | None, today: int) -> Recommendation | None:
    """Return the ranges to train in; None when neither a running effort nor a heart rate tells any."""
    if form is None and athlete.zone_floors_bpm is None:
        return None
    ranges = (
        (N_("easy"), EASY, EASY_ZONES),
        (N_("marathon"), MARATHON, (3, 3)),
        (N_("threshold"), THRESHOLD, HARD_ZONES),
        (N_("interval"), INTERVAL, (5, 5)),
    )
    paces = tuple(Pace(name, _heart(athlete, zones), _pace(form, parts)) for name, parts, zones in ranges)
    figures: tuple[Figure, ...] = ()
    sure = 0.6
    reasons: list[Said] = []
    if form is not None:
        figures += (Figure(N_("VDOT"), form.vdot, "ml/kg/min"), Figure(N_("days ago"), today - form.day, "days"))
        reasons.append(Said("Paces follow from your best running effort of the last 90 days."))
        sure = round(max(0.5, 1 - (today - form.day) / 180), 2)
    if athlete.zone_floors_bpm is not None:
        reasons.append(Said("Heart rates are those of your zones."))
        if athlete.zones_bpm is None and athlete.max_heart_rate_bpm is None:
            reasons[-1] = Said("Heart rates are estimated from your age: ± 10 bpm.")
    advice = Said("Train in these ranges.")
    return Recommendation(Kind.PACE_AND_ZONES, "ranges", advice, AllSaid(tuple(reasons)), figures, sure, paces=paces)


def _session(
    day: int, sport: str, intensity: str, duration_s: float, athlete: Athlete, form: RaceForm | None
) -> Session:
    pace = _pace(form, EASY) if sport == "running" else None
    return Session(day, sport, intensity, duration_s, None, _heart(athlete, EASY_ZONES), pace)


def _heart(athlete: Athlete, zones: tuple[int, int]) -> tuple[int, int] | None:
    """Return the heart rates from the first to the last of these zones (1 to 5)."""
    floors = athlete.zone_floors_bpm
    if floors is None:
        return None
    highest = athlete.highest_bpm
    above = floors[zones[1]] - 1 if zones[1] < len(floors) else None
    top = above if above is not None else int(highest) if highest is not None else 255
    return floors[zones[0] - 1], max(top, floors[zones[0] - 1])


def _pace(form: RaceForm | None, parts: tuple[float, float]) -> tuple[float, float] | None:
    if form is None:
        return None
    return 1000 / speed_at_m_s(form.vdot, parts[1]), 1000 / speed_at_m_s(form.vdot, parts[0])


def _next(
    rule: str, advice: Said, reason: Said, session: Session, figures: tuple[Figure, ...], sure: float
) -> Recommendation:
    return Recommendation(Kind.NEXT_SESSION, rule, advice, reason, figures, sure, session)
