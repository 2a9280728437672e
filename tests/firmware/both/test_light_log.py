"""RR and PPG records: every interval and count, in order, across pages, and only when asked for."""

import struct

from firmware.worn_bench import WornBench
from paceline_protocol.layout import Fields
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import PPG, RR, parse_fields
from paceline_protocol.wrist_pack import pack_settings
from paceline_protocol.wrist_settings import RECORD_PPG, RECORD_RR
from wearable.light_log import BeatLog, LightLog

_LOST = 0xFFFFFF


def _bench(flags: int = RECORD_RR | RECORD_PPG) -> WornBench:
    return WornBench(pack_settings([{"slot": 0}], flags))


def _records(bench: WornBench, kind: int) -> "list[Fields]":
    found = []
    for records in bench.journal.pages_back():
        found[:0] = [parse_fields(each, payload) for each, payload in records if each == kind]
    return found


def _counts(bench: WornBench) -> "list[int]":
    counts = []
    for record in _records(bench, PPG):
        assert record.rate_hz == 25 and len(record.counts) % 3 == 0
        data = bytes(record.counts)
        counts += [data[i] | data[i + 1] << 8 | data[i + 2] << 16 for i in range(0, len(data), 3)]
    return counts


def _intervals(bench: WornBench) -> "list[int]":
    intervals = []
    for record in _records(bench, RR):
        data = bytes(record.intervals)
        intervals += struct.unpack(f"<{len(data) // 2}H", data)
    return intervals


def test_every_count_of_a_workout_is_there_across_pages() -> None:
    bench = _bench()
    log = LightLog(bench.journal, bench.clock, bench.users, bench.recorder)
    log.take([5], 1, 0)
    bench.recorder.start(1, 0)
    wanted = []
    for second in range(120):
        samples = [(25 * second + i) * 80 for i in range(25)]
        log.take(samples, 25, 0)
        wanted += samples
        bench.pass_s(1)
    bench.recorder.stop()
    log.take([7], 1, 0)
    assert _counts(bench) == wanted
    assert bench.journal.end > 2 * PAGE_SIZE
    assert all(len(record.counts) == 240 for record in _records(bench, PPG)[:-1])


def test_an_hour_costs_what_the_document_says() -> None:
    bench = _bench()
    log = LightLog(bench.journal, bench.clock, bench.users, bench.recorder)
    bench.recorder.start(1, 0)
    start = bench.journal.end
    for _ in range(60):
        log.take([100_000] * 25, 25, 0)
    bench.journal.flush()
    assert 275_000 <= (bench.journal.end - start) * 60 <= 300_000


def test_lost_counts_are_shown() -> None:
    bench = _bench()
    log = LightLog(bench.journal, bench.clock, bench.users, bench.recorder)
    bench.recorder.start(1, 0)
    log.take([1, 2], 2, 9)  # lost before anything was recorded
    log.take([3], 1, 12)
    log.end()
    log.take([4], 1, 12)
    log.end()
    assert _counts(bench) == [1, 2, _LOST, _LOST, _LOST, 3, 4]


def test_nothing_is_written_unasked() -> None:
    bench = _bench(0)
    heard = []
    beats = BeatLog(bench.journal, bench.clock, bench.users, heard.append)
    light = LightLog(bench.journal, bench.clock, bench.users, bench.recorder)
    bench.recorder.start(1, 0)
    for _ in range(200):
        beats.found(900)
        light.take([1] * 17, 17, 0)
        beats.tick()
    assert _records(bench, RR) == [] and _records(bench, PPG) == []
    assert heard == [900] * 200


def test_intervals_come_in_batches_of_a_minute() -> None:
    bench = _bench()
    beats = BeatLog(bench.journal, bench.clock, bench.users, lambda _interval: None)
    wanted = []
    for second in range(180):
        bench.pass_s(1)
        wanted.append(1000 + second)
        beats.found(wanted[-1])
        beats.tick()
    bench.pass_s(60)
    beats.tick()
    assert _intervals(bench) == wanted
    records = _records(bench, RR)
    assert len(records) == 3 and [record.t_s for record in records] == [61, 122, 180]


def test_a_row_of_unsure_beats_is_one_zero_and_a_fast_heart_fills_a_batch() -> None:
    bench = _bench()
    beats = BeatLog(bench.journal, bench.clock, bench.users, lambda _interval: None)
    for interval in (0, 0, 800, 0, 0, 0, 810):
        beats.found(interval)
    for _ in range(200):
        beats.found(300)
    bench.pass_s(61)
    beats.tick()
    assert _intervals(bench) == [800, 0, 810] + [300] * 200
