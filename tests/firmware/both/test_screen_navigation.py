"""What the buttons mean on each view, when the display is lit, and what the wearer may set."""

from firmware.wearable_bench import Nvs
from firmware.wrist_bench import BlobFolder
from paceline_protocol.wrist_pack import pack_settings
from wearable.kept_state import KeptState
from wearable.link.blobs import BlobStore
from wearable.screen.lighting import LIT_S, Lighting
from wearable.screen.navigation import (
    BEGIN,
    CHANGE,
    CLAIM,
    CLOCK,
    DISMISS,
    END,
    GOALS,
    KEEP_SPORT,
    LAP,
    MARK,
    NOTHING,
    NOTICE,
    PAGE_1,
    PAGE_2,
    PAUSE,
    PLAN,
    RESUME,
    SETTINGS,
    SPORT,
    SUMMARY,
    SYNC,
    Navigation,
)
from wearable.screen.settings import ALWAYS_ON, BRIGHTNESS, MAX_HEART_RATE, ROWS, TIME_ZONE, USER, Settings
from wearable.users import KIND, Users

IDLE, RECORDING, PAUSED = 0, 1, 2


def _running() -> Navigation:
    views = Navigation(1)
    assert views.start(True, IDLE) == BEGIN
    assert views.follow(True, 1, 100)
    return views


def test_start_begins_the_kept_sport_pauses_and_goes_on_and_held_it_ends_lit_or_dark() -> None:
    for seen in (False, True):
        views = Navigation(4)
        assert views.start(seen, IDLE) == BEGIN and views.sport == 4
        assert views.follow(True, 1, 10) and views.view == PAGE_1
        assert views.start(seen, RECORDING) == PAUSE
        assert views.start_released(RECORDING) == NOTHING
        assert views.start(seen, PAUSED) == NOTHING and views.start_released(PAUSED) == RESUME
        assert views.start_held(seen, RECORDING) == views.start_held(seen, PAUSED) == END
        assert views.start_released(IDLE) == NOTHING
        assert views.follow(False, 1, 20) and views.view == SUMMARY
        assert views.start(seen, IDLE) == BEGIN, "the next workout needs no other press"


def test_lap_chooses_the_sport_that_start_begins() -> None:
    views = Navigation(6)
    assert views.lap(True, IDLE) == NOTHING and (views.view, views.sport) == (SPORT, 6)
    for sport in (7, 0, 1):
        assert views.lap(True, IDLE) == NOTHING
        assert (views.view, views.sport) == (SPORT, sport)
    assert views.start(True, IDLE) == BEGIN and views.sport == 1
    views.follow(True, 1, 1)
    views.follow(False, 1, 2)
    views.darkened()
    assert views.sport == 1


def test_lap_held_keeps_the_sport_without_a_workout_and_darkness_forgets_it() -> None:
    views = Navigation(1)
    views.lap(True, IDLE)
    views.lap(True, IDLE)
    views.darkened()
    assert (views.view, views.sport) == (CLOCK, 1)
    views.lap(True, IDLE)
    views.lap(True, IDLE)
    assert views.lap_held(True, IDLE) == KEEP_SPORT
    views.darkened()
    assert (views.view, views.sport) == (CLOCK, 2)


def test_the_menu_is_walked_with_lap_and_left_by_holding_it() -> None:
    views = Navigation(1)
    assert views.lap_held(True, IDLE) == NOTHING and views.view == SYNC
    seen = []
    for _ in range(ROWS + 2):
        assert views.lap(True, IDLE) == NOTHING
        seen.append((views.view, views.row))
    assert seen == [(SETTINGS, row) for row in range(ROWS)] + [(CLAIM, 0), (CLOCK, 0)]
    views.lap_held(True, IDLE)
    views.lap(True, IDLE)
    views.lap(True, IDLE)
    assert views.lap_held(True, IDLE) == NOTHING and (views.view, views.row) == (CLOCK, 0)


def test_start_changes_a_setting_and_repeats_while_held_and_begins_nothing() -> None:
    views = Navigation(1)
    assert views.start_held(True, IDLE) == NOTHING
    views.lap_held(True, IDLE)
    assert views.start_held(True, IDLE) == NOTHING
    views.lap(True, IDLE)
    assert views.start(True, IDLE) == CHANGE and views.start_held(True, IDLE) == CHANGE
    assert views.start(False, IDLE) == BEGIN, "who sees no settings means a workout"


def test_a_dark_display_makes_nothing_of_lap_while_idle_but_marks_in_a_workout() -> None:
    views = Navigation(1)
    assert views.lap(False, IDLE) == NOTHING and views.lap_held(False, IDLE) == NOTHING and views.view == CLOCK
    views.follow(True, 1, 10)
    assert views.lap(False, RECORDING) == MARK
    assert views.lap_held(False, RECORDING) == NOTHING and views.view == PAGE_1


def test_lap_held_turns_the_page_and_a_lap_is_shown_for_a_while() -> None:
    views = _running()
    for view in (PAGE_2, PAGE_1, PAGE_2):
        assert views.lap_held(True, RECORDING) == NOTHING and views.view == view
    assert views.lap(True, RECORDING) == MARK
    assert views.follow(True, 2, 200) and views.view == LAP
    assert not views.follow(True, 2, 207) and views.view == LAP
    assert not views.follow(True, 2, 208) and views.view == PAGE_2
    views.darkened()
    assert views.view == PAGE_2


def test_plan_and_goals_are_pages_when_there_are_any() -> None:
    views = _running()
    views.has_goals = True
    for view in (PAGE_2, GOALS, PAGE_1):
        views.lap_held(True, RECORDING)
        assert views.view == view
    views.has_plan = True
    for view in (PAGE_2, PLAN, GOALS, PAGE_1, PAGE_2):
        views.lap_held(True, PAUSED)
        assert views.view == view
    assert views.follow(True, 2, 200) and views.view == PLAN, "a step has begun"
    assert not views.follow(True, 2, 209) and views.view == PLAN
    views.has_plan = False
    views.follow(True, 2, 210)
    assert views.view == PAGE_1, "the plan is over"
    views.follow(False, 2, 220)
    views.lap_held(True, IDLE)
    assert views.view == GOALS
    views.lap(True, IDLE)
    assert views.view == SYNC


def test_a_notice_is_in_the_place_of_the_clock_until_lap_dismisses_it() -> None:
    views = Navigation(1)
    views.notice = 7
    assert views.follow(False, 0, 1) and views.view == NOTICE, "it lights the display"
    assert not views.follow(False, 0, 2)
    views.darkened()
    assert not views.follow(False, 0, 3) and views.view == NOTICE, "the next look is at it, which nothing lights again"
    assert views.lap(False, IDLE) == NOTHING and views.view == NOTICE
    assert views.lap(True, IDLE) == DISMISS
    assert not views.follow(False, 0, 4) and views.view == CLOCK
    views.notice = 8
    assert views.follow(False, 0, 5) and views.view == NOTICE
    views.notice = 0
    assert not views.follow(False, 0, 6) and views.view == CLOCK, "taken back"


def test_a_notice_is_in_nobodys_way() -> None:
    views = Navigation(1)
    views.lap_held(True, IDLE)
    views.notice = 7
    assert not views.follow(False, 0, 1) and views.view == SYNC, "who reads on is not interrupted"
    views.darkened()
    assert views.follow(False, 0, 2) and views.view == NOTICE
    assert views.lap_held(True, IDLE) == NOTHING and views.view == SYNC
    views.lap_held(True, IDLE)
    assert not views.follow(False, 0, 3) and views.view == NOTICE
    assert views.start(True, IDLE) == BEGIN
    views.notice = 0  # as it is in a workout
    assert views.follow(True, 1, 4) and views.view == PAGE_1
    assert views.follow(False, 1, 5) and views.view == SUMMARY
    views.notice = 7
    assert not views.follow(False, 1, 6) and views.view == SUMMARY
    views.darkened()
    assert not views.follow(False, 1, 7) and views.view == NOTICE


def test_a_workout_that_a_gateway_begins_or_ends_brings_its_view() -> None:
    views = Navigation(1)
    views.lap_held(True, IDLE)
    assert views.follow(True, 1, 5) and views.view == PAGE_1
    assert not views.follow(True, 1, 6)
    assert views.follow(False, 1, 7) and views.view == SUMMARY


def test_the_display_is_lit_after_a_touch_and_in_workouts_when_set_so() -> None:
    lighting = Lighting()
    assert not lighting.lit(0, True, 0)
    assert lighting.lit(0, True, 1) and not lighting.lit(0, False, 1)
    lighting.touch(100)
    assert lighting.lit(100 + LIT_S - 1, False, 0) and not lighting.lit(100 + LIT_S, False, 0)


def _settings(kept: KeptState) -> Settings:
    return Settings(kept, Users(BlobStore("/nowhere"), kept))


def _values(settings: Settings) -> "tuple[int, ...]":
    return settings.brightness, settings.always_on, settings.users.zone_quarters, settings.max_heart_rate_bpm


def test_settings_go_around_within_their_bounds_and_are_kept() -> None:
    kept = KeptState(Nvs())
    settings = _settings(kept)
    for row, values in ((BRIGHTNESS, 3), (ALWAYS_ON, 2), (TIME_ZONE, 53), (MAX_HEART_RATE, 17)):
        seen = set()
        for _ in range(values):
            settings.change(row)
            seen.add(_values(settings))
        assert len(seen) == values
        before = max(seen)
        settings.change(row)
        assert _values(settings) in seen and before in seen
    settings.change(TIME_ZONE)
    settings.save()
    again = _settings(kept)
    assert _values(again) == _values(settings) and again.users.zone_quarters == 4
    assert 140 <= again.max_heart_rate_bpm <= 220 and 0 <= again.contrast <= 255


def test_settings_from_a_worn_nvs_are_held_in_their_bounds() -> None:
    kept = KeptState(Nvs())
    kept.save("screen", b"\xff\x01\xff")
    settings = _settings(kept)
    assert (settings.contrast, settings.max_heart_rate_bpm) == (255, 220)


def test_the_wearer_is_another_after_a_press() -> None:
    with BlobFolder() as folder:
        folder.put(KIND, pack_settings([{"slot": 2, "name": "Anna"}, {"slot": 6, "name": "Bo"}]))
        kept = KeptState(Nvs())
        settings = Settings(kept, Users(folder.store, kept))
        settings.change(USER)
        assert settings.users.current.name == b"Bo"
        settings.change(USER)
        assert settings.users.current.name == b"Anna"
