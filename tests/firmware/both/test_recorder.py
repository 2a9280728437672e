"""The recorder: one sample a second, whatever GPS, clock, pages and resets do."""

from firmware.wearable_bench import NOON_2020_S, Pvt, WearableBench
from paceline_protocol.page import HEADER_SIZE
from paceline_protocol.records import (
    BOOT,
    CLOCK,
    CONTINUED,
    LAP,
    PAUSE,
    RESUME,
    SEAL,
    SESSION_END,
    SESSION_START,
    iter_records,
    parse_fields,
)
from wearable.calendar import UNIX_2020_S
from wearable.errors import Refused


def _times(bench: WearableBench) -> "list[int]":
    return [sample[0] for sample in bench.read()[1]]


def test_every_solution_becomes_one_sample_of_its_second() -> None:
    bench = WearableBench()
    bench.gps(1, 5)
    bench.recorder.start(1, 2)
    bench.gps(6, 305)
    bench.recorder.stop()
    records, samples, _ = bench.read()
    clocks = [fields for kind, fields in records if kind == CLOCK]
    assert len(clocks) == 1 and clocks[0].source == 1
    offset = clocks[0].utc_s - clocks[0].t_s - UNIX_2020_S - NOON_2020_S
    assert [sample[0] + offset for sample in samples] == list(range(6, 306))
    for sample in samples:
        second = sample[0] + offset
        assert sample[1:6] == (3, 47_000_000 + 30 * second, 8_000_000, 2000 + second // 2, 300)


def test_totals_are_those_of_the_samples() -> None:
    bench = WearableBench()
    bench.gps(1, 5)
    bench.recorder.start(1, 2)
    bench.recorder.heart_rate_bpm, bench.recorder.heart_rate_confidence = 150, 3
    bench.gps(6, 305)
    assert bench.recorder.stop() == 1
    records, samples, reader = bench.read()
    assert [kind for kind, _ in records][-2:] == [SESSION_END, SEAL]
    end = records[-2][1]
    assert end.samples == len(samples) == 300
    assert (end.distance_m, end.moving_s, end.elapsed_s) == (900, 300, 300)
    assert 28 <= end.ascent_m <= 30
    assert (end.heart_rate_avg_bpm, end.heart_rate_max_bpm) == (150, 150)
    assert reader.sealed_until > 0 and reader.problems == []


def test_a_heart_rate_beyond_a_byte_does_not_keep_a_workout_from_ending() -> None:
    bench = WearableBench()
    bench.gps(1, 5)
    bench.recorder.start(1, 2)
    bench.recorder.heart_rate_bpm, bench.recorder.heart_rate_confidence = 260, 1
    bench.gps(6, 40)
    bench.recorder.stop()
    records, samples, _ = bench.read()
    assert records[-2][1].heart_rate_max_bpm == 255
    assert [sample[6] for sample in samples] == [255] * 35


def test_solutions_that_come_late_or_in_clumps_lose_no_second() -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    second = 4
    for clump in (1, 4, 2, 5, 1, 3):
        bench.pass_s(clump)
        for _ in range(clump):
            bench.recorder.solution(Pvt(second))
            second += 1
        bench.recorder.tick()
    samples = bench.read()[1]
    assert [sample[1] for sample in samples] == [3] * (second - 4)
    assert len({sample[0] for sample in samples}) == second - 4


def test_without_gps_the_clock_makes_the_seconds() -> None:
    bench = WearableBench()
    bench.recorder.start(7, 0)
    bench.pass_s(100)
    samples = bench.read()[1]
    assert [sample[0] for sample in samples] == list(range(1, 101))
    assert {sample[1] for sample in samples} == {0}


def test_a_tunnel_is_filled_without_position_and_gps_goes_on_after_it() -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    bench.gps(4, 20)
    bench.pass_s(30)
    bench.gps(51, 60)
    samples = bench.read()[1]
    times = [sample[0] for sample in samples]
    assert times == list(range(times[0], times[0] + len(times))) and len(times) in (56, 57)
    assert [sample[1] for sample in samples][:17] == [3] * 17
    assert [sample[1] for sample in samples][18:46] == [0] * 28
    assert [sample[1] for sample in samples][-9:] == [3] * 9


def test_time_that_jumps_back_never_repeats_a_second() -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    bench.gps(4, 30)
    bench.gps(10, 60)
    times = _times(bench)
    assert times == sorted(set(times))
    assert len(times) == 57, "from second 4 to 60 of GPS, each once"


def test_a_pause_takes_no_samples_and_laps_are_numbered() -> None:
    bench = WearableBench()
    bench.recorder.start(1, 0)
    bench.pass_s(10)
    bench.recorder.lap(1)
    bench.recorder.pause(2)
    bench.pass_s(50)
    bench.recorder.resume(2)
    bench.pass_s(10)
    bench.recorder.lap(2)
    records, samples, _ = bench.read()
    assert [(fields.lap, fields.trigger) for kind, fields in records if kind == LAP] == [(1, 1), (2, 2)]
    assert [kind for kind, _ in records if kind in (PAUSE, RESUME)] == [PAUSE, RESUME]
    assert [sample[0] for sample in samples] == list(range(1, 11)) + list(range(61, 71))


def test_what_cannot_be_done_now_is_refused_and_changes_nothing() -> None:
    bench = WearableBench()
    recorder = bench.recorder
    end = bench.journal.end
    for act in (recorder.stop, lambda: recorder.lap(1), lambda: recorder.pause(1), lambda: recorder.resume(1)):
        try:
            act()
        except Refused:
            continue
        raise AssertionError("done without a workout")
    assert bench.journal.end == end


def test_a_workout_goes_on_after_a_reset_and_counts_what_is_held() -> None:
    bench = WearableBench()
    bench.recorder.start(4, 3)
    for _ in range(4):
        bench.pass_s(90)
        bench.boot()
        assert bench.recorder.session == 1
    bench.pass_s(40)
    bench.recorder.stop()
    records, samples, _ = bench.read()
    starts = [fields for kind, fields in records if kind == SESSION_START]
    assert [fields.flags for fields in starts] == [0] + [CONTINUED] * 4
    assert {(fields.session, fields.sport, fields.user) for fields in starts} == {(1, 4, 3)}
    (end,) = [fields for kind, fields in records if kind == SESSION_END]
    assert end.samples == len(samples)
    assert len(samples) >= 4 * (90 - 25) + 40
    assert len([kind for kind, _ in records if kind == BOOT]) == 5


def test_a_finished_workout_does_not_begin_again_by_itself() -> None:
    bench = WearableBench()
    bench.recorder.start(1, 0)
    bench.pass_s(30)
    bench.recorder.stop()
    bench.boot()
    assert (bench.recorder.state, bench.recorder.session) == (0, 1)
    assert bench.recorder.start(1, 0) == 2


def test_a_paused_workout_is_still_paused_after_a_reset() -> None:
    bench = WearableBench()
    bench.recorder.start(1, 0)
    bench.pass_s(5)
    bench.recorder.pause(1)
    bench.boot()
    bench.pass_s(20)
    assert _times(bench) == [1, 2, 3, 4, 5]


def test_every_page_of_a_workout_can_be_read_alone() -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    second = 4
    while bench.journal.end < 2 * 4096 + 500:
        bench.recorder.heart_rate_bpm = 100 + second * 37 % 91
        bench.recorder.cadence_spm = second * 53 % 200
        bench.gps(second, second)
        second += 1
    page = bytearray(4096)
    for number in (1, 2):
        bench.journal.read(4096 * number, page)
        kinds = [(kind, payload) for _, kind, payload in iter_records(page, HEADER_SIZE)]
        assert [kind for kind, _ in kinds][:2] == [CLOCK, SESSION_START]
        fields = parse_fields(SESSION_START, kinds[1][1])
        assert fields is not None and fields.flags == CONTINUED and fields.session == 1
