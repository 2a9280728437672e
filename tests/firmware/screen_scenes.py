"""Scenes for the checked pictures, on MicroPython: the real drawing code prints each as `name hexadecimal`.

Run with the firmware and the protocol on the path.
"""

import binascii

from paceline_protocol.records import SPORTS
from wearable.screen import navigation
from wearable.screen.canvas import Canvas
from wearable.screen.fonts import TEXT
from wearable.screen.snapshot import CONNECTED, TRUSTED, Snapshot
from wearable.screen.views import draw

_RUN, _RIDE, _STRENGTH = SPORTS.index("running"), SPORTS.index("cycling"), SPORTS.index("strength")


def _idle() -> Snapshot:
    model = Snapshot(bytes((0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x07, 0x18)))
    model.minute_of_day = 18 * 60 + 42
    model.date(2151)
    model.chosen_sport = _RUN
    model.battery_percent = 83
    model.link = TRUSTED
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
    ("page_2", navigation.PAGE_2, _workout),
    ("page_2_unsure", navigation.PAGE_2, _unsure),
    ("lap", navigation.LAP, _workout),
    ("summary", navigation.SUMMARY, _workout),
    ("sync", navigation.SYNC, _idle),
    ("sync_done", navigation.SYNC, _synced),
    ("settings", navigation.SETTINGS, _idle),
    ("claim", navigation.CLAIM, _idle),
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
