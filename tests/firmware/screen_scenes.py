"""Scenes for the checked pictures, on MicroPython: the real drawing code prints each as `name hexadecimal`.

Run with the firmware and the protocol on the path.
"""

import binascii

from paceline_protocol.records import SPORTS
from paceline_protocol.wrist_pack import pack_plans
from paceline_protocol.wrist_plan import plan_for
from wearable.screen import navigation
from wearable.screen.canvas import Canvas
from wearable.screen.fonts import TEXT
from wearable.screen.snapshot import CONNECTED, TRUSTED, Snapshot
from wearable.screen.views import draw
from wearable.workout.plan import Plan

_RUN, _RIDE, _STRENGTH = SPORTS.index("running"), SPORTS.index("cycling"), SPORTS.index("strength")
_SWIM = SPORTS.index("swimming")


def _idle() -> Snapshot:
    model = Snapshot(bytes((0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18)))
    model.minute_of_day = 18 * 60 + 42
    model.date(2151)
    model.chosen_sport = _RUN
    model.battery_percent = 83
    model.link = TRUSTED
    model.hours_left, model.steps_today, model.user_name = 31, 8432, b"Anna"
    model.held_bytes, model.backlog_bytes = 262_144, 40_500
    model.brightness, model.zone_quarters, model.highest_bpm, model.row = 1, 4, 190, 2
    return model


def _workout() -> Snapshot:
    model = _idle()
    model.state, model.sport, model.fix = 1, _RUN, 3
    model.elapsed_s, model.moving_s, model.distance_m = 5025, 4990, 16_094
    model.speed_cm_s, model.altitude_m, model.ascent_m = 322, 418, 164
    model.heart_rate_bpm, model.heart_rate_confidence, model.zone = 152, 3, 4
    model.heart_rate_avg_bpm, model.heart_rate_max_bpm, model.cadence_spm = 148, 171, 172
    model.kilocalories = 812
    model.lap, model.done_elapsed_s, model.done_distance_m = 4, 312, 1000
    return model


def _without_anything() -> Snapshot:
    return Snapshot(bytes(8))


def _synced() -> Snapshot:
    model = _idle()
    model.backlog_bytes = 0
    model.link = CONNECTED
    return model


def _ride() -> Snapshot:
    model = _workout()
    model.sport, model.elapsed_s, model.distance_m, model.speed_cm_s = _RIDE, 38_096, 181_250, 914
    return model


def _strength() -> Snapshot:
    model = _workout()
    model.sport, model.state, model.fix, model.cadence_spm, model.elapsed_s = _STRENGTH, 2, 0, 0, 754
    return model


def _set() -> Snapshot:
    model = _strength()
    model.state, model.sets, model.repetitions, model.elapsed_s = 1, 2, 7, 611
    return model


def _rest() -> Snapshot:
    model = _set()
    model.sets, model.resting, model.rest_s = 3, True, 47
    return model


def _swim() -> Snapshot:
    model = _workout()
    model.sport, model.fix, model.altitude_m, model.speed_cm_s = _SWIM, 0, -10_000, 0
    model.distance_m, model.lengths, model.elapsed_s, model.moving_s = 850, 34, 1105, 1044
    return model


def _auto_paused() -> Snapshot:
    model = _workout()
    model.auto_paused, model.speed_cm_s, model.cadence_spm = True, 0, 0
    return model


def _second_user() -> Snapshot:
    model = _idle()
    model.many_users = True
    return model


def _user_row() -> Snapshot:
    model = _idle()
    model.user_name, model.user, model.row = b"", 4, 4
    return model


class Goals:
    """Three goals as workout/goals.py tells them."""

    kinds = bytes((1, 3, 4))
    periods = bytes((2, 3, 1))
    targets = (40_000, 12, 12_000)
    progress = (27_450, 12, 8432)


def _goals() -> Snapshot:
    model = _workout()
    model.goals = Goals  # type: ignore[assignment]
    return model


class Told:
    """A notice as notices.py tells it."""

    title = b"Goal reached"
    text = b"Run 40 km a week: 41.2 km, the aim was 40 km."


class LongestTold:
    """As wide as words get: five lines, one a word that no line holds."""

    title = b"Erinnerung: bewegen!"
    text = b"WWWWWWWWWWWWWWWWWWWWWWWW, Trainingsplan, Kilometerzahl, Puls"


def _told() -> Snapshot:
    model = _idle()
    model.notice = Told  # type: ignore[assignment]
    return model


def _longest_told() -> Snapshot:
    model = _idle()
    model.notice = LongestTold  # type: ignore[assignment]
    return model


_STEPS = [
    {"kind": 0, "until": 1, "amount": 600, "target": 1, "low": 1, "high": 2},
    {"kind": 1, "until": 2, "amount": 1000, "target": 3, "low": 240, "high": 255},
    {"kind": 2, "until": 1, "amount": 90, "target": 2, "low": 100, "high": 140, "times": 6, "back": 1},
    {"kind": 5},
]


def _planned(step: int, round_: int, passed_s: int, distance_m: int) -> Snapshot:
    data = pack_plans([{"user": 0, "sport": _RUN, "steps": _STEPS}])
    model = _workout()
    plan = Plan(data[plan_for(data, 0, _RUN) :])
    plan.begin(step, round_, 0)
    plan.second(passed_s, distance_m, 0)
    model.plan = plan  # type: ignore[assignment]
    return model


def _warm_up() -> Snapshot:
    return _planned(0, 1, 93, 300)


def _work() -> Snapshot:
    return _planned(1, 3, 60, 240)


def _recovery() -> Snapshot:
    return _planned(2, 6, 12, 30)


def _last_step() -> Snapshot:
    return _planned(3, 1, 754, 0)


def _unsure() -> Snapshot:
    model = _workout()
    model.heart_rate_confidence, model.heart_rate_bpm, model.zone = 1, 97, 1
    model.altitude_m, model.cadence_spm = -10_000, 0
    return model


SCENES = (
    ("clock", navigation.CLOCK, _idle),
    ("clock_without_time", navigation.CLOCK, _without_anything),
    ("sport", navigation.SPORT, _idle),
    ("page_1", navigation.PAGE_1, _workout),
    ("page_1_ride", navigation.PAGE_1, _ride),
    ("page_1_strength_paused", navigation.PAGE_1, _strength),
    ("page_1_set", navigation.PAGE_1, _set),
    ("page_1_rest", navigation.PAGE_1, _rest),
    ("page_1_swim", navigation.PAGE_1, _swim),
    ("page_1_auto_paused", navigation.PAGE_1, _auto_paused),
    ("page_2_swim", navigation.PAGE_2, _swim),
    ("sport_user", navigation.SPORT, _second_user),
    ("settings_user", navigation.SETTINGS, _user_row),
    ("goals", navigation.GOALS, _goals),
    ("plan_time", navigation.PLAN, _warm_up),
    ("plan_distance", navigation.PLAN, _work),
    ("plan_recovery", navigation.PLAN, _recovery),
    ("plan_button", navigation.PLAN, _last_step),
    ("summary_swim", navigation.SUMMARY, _swim),
    ("page_2", navigation.PAGE_2, _workout),
    ("page_2_unsure", navigation.PAGE_2, _unsure),
    ("lap", navigation.LAP, _workout),
    ("summary", navigation.SUMMARY, _workout),
    ("sync", navigation.SYNC, _idle),
    ("sync_done", navigation.SYNC, _synced),
    ("settings", navigation.SETTINGS, _idle),
    ("claim", navigation.CLAIM, _idle),
    ("notice", navigation.NOTICE, _told),
    ("notice_long", navigation.NOTICE, _longest_told),
)


def _alphabet(canvas: Canvas) -> None:
    rows = (b"ABCDEFGHIJKLMNOPQRS", b"TUVWXYZ", b"abcdefghijklmnopqrst", b"uvwxyz 0123456789", b":./-%+!?,'() ^ _ ~")
    canvas.clear()
    for i in range(len(rows)):
        canvas.text(0, 2 + 12 * i, rows[i], TEXT)


def main() -> None:
    """Print every scene."""
    canvas = Canvas()
    for name, view, model in SCENES:
        draw(canvas, view, model())
        print(name, binascii.hexlify(canvas.buffer).decode())
    _alphabet(canvas)
    print("alphabet", binascii.hexlify(canvas.buffer).decode())


main()
