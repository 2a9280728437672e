"""The recorder with a sport's rules: auto-pause, laps, energy, sets, lengths; over pauses by hand and resets."""

from firmware.made_motion import Motion
from firmware.wearable_bench import WearableBench, Wearer, Wearers
from paceline_protocol.code_tables import LAP_TRIGGERS, PAUSE_REASONS, SPORTS
from paceline_protocol.records import LAP, LENGTH, PAUSE, RESUME, SESSION_END, SET
from wearable.recorder import BY_BUTTON, BY_COMMAND, PAUSED, RECORDING

RUNNING, SWIMMING, STRENGTH, INDOOR = (SPORTS.index(name) for name in ("running", "swimming", "strength", "indoor"))


def _bench(auto_pause: int = 0, auto_lap_m: int = 0, auto_lap_s: int = 0, pool_cm: int = 0) -> WearableBench:
    return WearableBench(users=Wearers(Wearer(auto_pause, auto_lap_m, auto_lap_s, pool_cm)))


def _running(bench: WearableBench) -> int:
    """Begin a run; return the device second of GPS second 0."""
    bench.gps(1, 3)
    bench.recorder.start(RUNNING, 0)
    return bench.clock.t_s() - 3


def _pauses(bench: WearableBench) -> "list[tuple[int, int, str]]":
    records, _, _ = bench.read()
    return [(kind, fields.t_s, PAUSE_REASONS[fields.reason]) for kind, fields in records if kind in (PAUSE, RESUME)]


def test_an_auto_pause_keeps_every_sample_and_says_when_it_was() -> None:
    bench = _bench(auto_pause=1)
    zero = _running(bench)
    bench.gps(4, 60)
    bench.gps(61, 100, speed_cm_s=5)
    assert bench.recorder.auto_paused and bench.recorder.state == RECORDING
    bench.gps(101, 160)
    bench.recorder.stop()
    records, samples, _ = bench.read()
    assert len(samples) == 157, "no sample is lost"
    assert _pauses(bench) == [(PAUSE, zero + 60, "auto"), (RESUME, zero + 100, "auto")]
    (end,) = [fields for kind, fields in records if kind == SESSION_END]
    assert (end.moving_s, end.elapsed_s, end.distance_m) == (117, 157, 351)


def test_without_the_wearers_wish_nothing_pauses_by_itself() -> None:
    bench = _bench()
    _running(bench)
    bench.gps(4, 100, speed_cm_s=0)
    assert not bench.recorder.auto_paused and _pauses(bench) == []


def test_a_pause_by_hand_wins_over_one_by_itself() -> None:
    bench = _bench(auto_pause=1)
    _running(bench)
    bench.gps(4, 30, speed_cm_s=0)
    assert bench.recorder.auto_paused
    bench.recorder.pause(BY_BUTTON)
    assert bench.recorder.state == PAUSED and not bench.recorder.auto_paused
    held = len(bench.read()[1])
    bench.gps(31, 60)
    assert bench.recorder.state == PAUSED and len(bench.read()[1]) == held, "movement does not end it"
    bench.recorder.resume(BY_COMMAND)
    bench.gps(61, 70)
    assert [(kind, reason) for kind, _, reason in _pauses(bench)] == [
        (PAUSE, "auto"),
        (PAUSE, "button"),
        (RESUME, "command"),
    ]
    assert len(bench.read()[1]) == held + 10


def test_a_hand_ends_an_auto_pause() -> None:
    bench = _bench(auto_pause=1)
    _running(bench)
    bench.gps(4, 30, speed_cm_s=0)
    bench.recorder.resume(BY_BUTTON)
    assert not bench.recorder.auto_paused and bench.recorder.state == RECORDING
    assert [reason for _, _, reason in _pauses(bench)] == ["auto", "button"]


def test_an_auto_pause_outlives_a_reset() -> None:
    bench = _bench(auto_pause=1)
    _running(bench)
    bench.gps(4, 40, speed_cm_s=0)
    bench.boot()
    assert bench.recorder.state == RECORDING and bench.recorder.auto_paused
    bench.gps(60, 80)
    assert not bench.recorder.auto_paused
    assert [(kind, reason) for kind, _, reason in _pauses(bench)] == [(PAUSE, "auto"), (RESUME, "auto")]


def test_a_command_is_told_as_one() -> None:
    bench = _bench()
    bench.recorder.start(RUNNING, 0)
    bench.pass_s(5)
    bench.recorder.lap(BY_COMMAND)
    bench.recorder.pause(BY_COMMAND)
    records, _, _ = bench.read()
    assert [LAP_TRIGGERS[fields.trigger] for kind, fields in records if kind == LAP] == ["command"]
    assert [reason for _, _, reason in _pauses(bench)] == ["command"]


def test_laps_end_by_themselves_and_go_on_after_a_reset() -> None:
    bench = _bench(auto_lap_m=300)
    zero = _running(bench)
    bench.gps(4, 303)
    bench.journal.flush()
    bench.recorder.save_when_due(False)
    bench.boot()
    bench.gps(400, 500)
    records, _, _ = bench.read()
    laps = [(fields.t_s, fields.lap, LAP_TRIGGERS[fields.trigger]) for kind, fields in records if kind == LAP]
    assert laps[:3] == [(zero + 103, 1, "distance"), (zero + 203, 2, "distance"), (zero + 303, 3, "distance")]
    assert [(lap, trigger) for _, lap, trigger in laps[3:]] == [(4, "distance")]


def test_energy_is_counted_and_told() -> None:
    bench = _bench()
    _running(bench)
    bench.recorder.heart_rate_bpm, bench.recorder.heart_rate_confidence = 150, 3
    bench.gps(4, 1803)
    bench.recorder.stop()
    end = bench.read()[0][-2][1]
    wanted = 30 * (-55.0969 + 0.6309 * 150 + 0.1988 * 70 + 0.2017 * 40) / 4.184
    assert abs(end.kilocalories - wanted) <= 2 and bench.recorder.kilocalories == end.kilocalories


def test_indoors_the_seconds_are_made_at_once_even_beside_a_receiver() -> None:
    bench = _bench()
    bench.gps(1, 10)
    bench.recorder.start(INDOOR, 0)
    bench.gps(11, 40)
    samples = bench.read()[1]
    assert len(samples) == 30 and {sample[1] for sample in samples} == {0}


def test_totals_after_a_power_cut_are_those_of_the_samples_held() -> None:
    for seconds in (50, 77, 100, 260):
        bench = _bench()
        zero = _running(bench)
        bench.gps(4, 3 + seconds)
        bench.boot()
        held = len(bench.read()[1])
        totals = bench.recorder.totals
        assert (totals.samples, totals.moving_s, totals.distance_cm) == (held, held, 300 * held), zero
        assert bench.recorder.elapsed_s() == held


def _feel(bench: WearableBench, motion: Motion) -> None:
    for number, sample in enumerate(motion.samples):
        if number % 13 == 0:
            bench.pass_s(1) if number % 26 == 0 else None
        bench.recorder.move(*sample)


def test_sets_and_rests_by_the_button_with_repetitions_from_motion() -> None:
    bench = _bench()
    recorder = bench.recorder
    recorder.start(STRENGTH, 0)
    for count, rest_s in ((8, 60), (6, 90)):
        motion = Motion(count)
        motion.rest(2)
        motion.curls(count)
        motion.rest(1)
        _feel(bench, motion)
        assert abs(recorder.repetitions - count) <= 1 and not recorder.resting
        recorder.lap(BY_BUTTON)
        assert recorder.resting
        bench.pass_s(rest_s)
        assert recorder.rest_s == rest_s
        recorder.lap(BY_BUTTON)
        assert not recorder.resting and recorder.rest_s == 0
    bench.pass_s(20)
    assert recorder.sets == 2
    recorder.stop()
    records, samples, _ = bench.read()
    sets = [fields for kind, fields in records if kind == SET]
    assert [fields.set for fields in sets] == [1, 2, 3]
    assert [fields.rest_s for fields in sets] == [0, 60, 90]
    assert sets[2].repetitions == 0 and sets[2].duration_s == 20
    end = records[-2][1]
    assert end.moving_s == sum(fields.duration_s for fields in sets)
    assert end.elapsed_s == len(samples) == end.moving_s + 150
    assert not [kind for kind, _ in records if kind == LAP]


def test_a_rest_goes_on_after_a_reset_and_a_set_loses_its_count() -> None:
    bench = _bench()
    bench.recorder.start(STRENGTH, 0)
    bench.pass_s(30)
    bench.recorder.lap(BY_BUTTON)
    bench.pass_s(26)
    bench.boot()
    assert bench.recorder.resting and bench.recorder.sets == 1
    assert 20 <= bench.recorder.rest_s <= 27
    bench.recorder.lap(BY_BUTTON)
    bench.boot()
    motion = Motion()
    motion.curls(10)
    _feel(bench, motion)
    assert bench.recorder.repetitions == 0, "nobody knows how many there were before"


def test_lengths_make_the_distance_of_a_swim() -> None:
    bench = _bench(pool_cm=5000)
    bench.recorder.start(SWIMMING, 0)
    motion = Motion()
    motion.rest(10)
    for _ in range(4):
        motion.crawl(20, 2.0)
        motion.rest(20)
    _feel(bench, motion)
    bench.recorder.stop()
    records, samples, _ = bench.read()
    lengths = [fields for kind, fields in records if kind == LENGTH]
    assert [(fields.length, fields.pool_cm) for fields in lengths] == [(1, 5000), (2, 5000), (3, 5000), (4, 5000)]
    assert all(abs(fields.strokes - 20) <= 2 and 380 <= fields.duration_ds <= 460 for fields in lengths)
    end = records[-2][1]
    assert end.distance_m == 200 and bench.recorder.lengths == 4
    assert 0.6 * end.elapsed_s <= end.moving_s <= 0.85 * end.elapsed_s
    assert {sample[1] for sample in samples} == {0}
    assert 26 <= max(sample[8] for sample in samples) <= 36, "strokes a minute of this arm"
