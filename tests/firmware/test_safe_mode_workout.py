"""Boots without a recorder (safe mode, a crash at start) within a workout: the server still sees one workout, whole."""

import pytest
from firmware.wearable_bench import EPOCH, JOURNAL_KEY, WearableBench
from paceline_protocol.records import ALERT, BOOT, pack_fields
from paceline_server.formats.journal import JournalFollower
from paceline_server.formats.journal_session import RowDecoder, session_recording
from wearable.clock import Clock
from wearable.journal.writer import Journal
from wearable.session_head import keep_open


def _boot_without_recorder(bench: WearableBench, alerts: int) -> None:
    bench.now_ms = 0
    bench.flash = bench.flash.boot()
    journal = Journal(bench.flash, JOURNAL_KEY, lambda: EPOCH)
    clock = Clock(lambda: bench.now_ms, lambda later, earlier: later - earlier)
    bench.boots += 1
    journal.append(BOOT, pack_fields(BOOT, bench.boots, 3, b"\0\1\0"))
    keep_open(journal, clock)
    for _ in range(alerts):
        journal.append(ALERT, pack_fields(ALERT, clock.t_s(), 8, 0))


@pytest.mark.parametrize("alerts", [0, 1, 300, 900])
@pytest.mark.parametrize("paused", [False, True])
def test_a_workout_outlives_boots_without_a_recorder(alerts: int, paused: bool) -> None:
    bench = WearableBench()
    bench.gps(1, 3)
    bench.recorder.start(1, 0)
    bench.gps(4, 103)
    if paused:
        bench.recorder.pause(1)
    for _ in range(3):
        _boot_without_recorder(bench, alerts)
    bench.boot()
    if paused:
        bench.recorder.resume(1)
    bench.gps(2000, 2060)
    bench.recorder.stop()
    _, samples, reader = bench.read()
    assert reader.problems == []
    follower = JournalFollower(JOURNAL_KEY, EPOCH, first_page=0, resume_position=0, journal_start=0)
    data = bytearray(bench.journal.end)
    for position in range(0, len(data), 4096):
        count = bench.journal.read(position, memoryview(data)[position : position + 4096])
        assert count
    follower.feed(bytes(data))
    (session,) = follower.read().sessions
    recording, receipt = session_recording(session, RowDecoder(), source="test", received_utc_s=1_770_000_000)
    assert receipt.whole, receipt
    assert recording.points == len(samples) == receipt.recorded


def test_without_a_workout_nothing_is_written() -> None:
    bench = WearableBench()
    end = bench.journal.end
    keep_open(bench.journal, bench.clock)
    assert bench.journal.end == end
