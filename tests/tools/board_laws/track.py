# pyright: reportMissingImports=false, reportMissingParameterType=false
"""What a track says about each second, also where it has no row, and before and after it."""

from silicon.track import Track
from tools.board_laws.wearer import START_US, steady, write_track


def track(rows):
    return Track(write_track("laws.ptrk", rows), START_US)


def test_each_row_is_found_in_any_order():
    one = track(steady(300))
    for second in (0, 1, 2, 299, 5, 250, 249, 248, 1):
        moment = one.at(second)
        assert (moment.fix, moment.latitude_e7) == (3, 520_000_000 + 100 * second), second


def test_a_second_without_a_row_has_no_fix_keeps_the_heart_rate_and_stands():
    rows = [row for row in steady(100) if not 40 <= row[0] < 60]
    one = track(rows)
    for second in (40, 50, 59):
        moment = one.at(second)
        assert (moment.fix, moment.heart_rate_bpm, moment.cadence_spm, moment.speed_mm_s) == (0, 72, 0, 0)
    assert one.at(60).fix == 3 and one.at(39).fix == 3


def test_before_the_start_one_stands_at_the_first_position_and_after_the_end_at_the_last():
    one = track(steady(100))
    before, after = one.at(-500), one.at(5000)
    assert (before.fix, before.latitude_e7, before.speed_mm_s, before.cadence_spm) == (3, 520_000_000, 0, 0)
    assert (after.fix, after.latitude_e7, after.speed_mm_s, after.cadence_spm) == (3, 520_009_900, 0, 0)
    assert before.heart_rate_bpm == after.heart_rate_bpm == 72


def test_what_is_no_track_is_refused():
    with open("laws.ptrk", "wb") as file:
        file.write(b"PTRX" + bytes(4))
    try:
        Track("laws.ptrk", 0)
    except ValueError as error:
        assert "laws.ptrk" in str(error)
    else:
        raise AssertionError("it was taken")
