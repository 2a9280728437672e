"""Journal bytes → sessions → Recordings: time, boots, laps, pauses, resuming a reading."""

import numpy as np
import pytest
from paceline_protocol.page import PAGE_SIZE, journal_key
from paceline_server.formats.journal import JournalFollower, Reading
from paceline_server.formats.journal_session import RowDecoder, session_recording
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Lap, Pause, Recording
from server.journal_builder import DEVICE_KEY, EPOCH, JournalBuilder, run_samples

RECEIVED_S = 1_770_000_000


def follower_from(resume_position: int = 0) -> JournalFollower:
    """Return what reads a journal from a position on."""
    key, page = journal_key(DEVICE_KEY), resume_position // PAGE_SIZE
    return JournalFollower(key, EPOCH, first_page=page, resume_position=resume_position, journal_start=0)


def reading_of(data: bytes, resume_position: int = 0) -> Reading:
    """Read a journal from a position on."""
    follower = follower_from(resume_position)
    follower.feed(data[follower.position :])
    return follower.read()


def recordings_of(builder: JournalBuilder) -> list[tuple[Recording, Receipt]]:
    """Decode all sessions of a journal."""
    decoder = RowDecoder()
    return [
        session_recording(session, decoder, source="test", received_utc_s=RECEIVED_S)
        for session in reading_of(builder.data).sessions
    ]


def utc_of(recording: Recording) -> list[int]:
    """Return the UTC of every sample."""
    return (recording.start_utc_s + recording.columns["time_s"]).astype(int).tolist()


@pytest.mark.parametrize(
    ("anchors", "first_utc_s"),
    [
        ([(5, 1_760_000_005, 1)], 1_760_000_010),
        ([(5, 1_750_000_000, 3), (8, 1_760_000_008, 1)], 1_760_000_010),
        ([(5, 1_760_000_005, 2), (8, 1_750_000_000, 3)], 1_760_000_010),
        ([(5, 1_750_000_000, 0), (5, 1_760_000_005, 3)], 1_760_000_010),
        ([(2, 1_700_000_000, 2), (8, 1_760_000_008, 2)], 1_760_000_010),
    ],
    ids=["gps", "gps before rtc", "gateway before rtc", "rtc before unknown", "the last before"],
)
def test_the_best_clock_of_the_boot_counts(anchors: list[tuple[int, int, int]], first_utc_s: int) -> None:
    builder = JournalBuilder()
    builder.boot()
    for t_s, utc_s, source in anchors:
        builder.clock(t_s, utc_s, source)
    builder.start(10)
    builder.samples(run_samples(60))
    builder.end(70)
    ((recording, receipt),) = recordings_of(builder)
    assert utc_of(recording) == list(range(first_utc_s, first_utc_s + 60))
    assert receipt.whole


def test_times_before_the_first_anchor_are_counted_back_from_it() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.start(10)
    builder.samples(run_samples(60))
    builder.clock(70, 1_760_000_070)
    builder.end(71)
    ((recording, _),) = recordings_of(builder)
    assert utc_of(recording) == list(range(1_760_000_010, 1_760_000_070))


def test_drift_between_gps_anchors_is_followed() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(10, 1_760_000_010)
    builder.start(10)
    builder.samples(run_samples(50))
    builder.clock(60, 1_760_000_062)
    builder.samples(run_samples(50, t_s=60))
    builder.end(110)
    ((recording, receipt),) = recordings_of(builder)
    expected = [*range(1_760_000_010, 1_760_000_060), *range(1_760_000_062, 1_760_000_112)]
    assert utc_of(recording) == expected
    assert receipt.whole


def test_a_clock_set_back_within_a_workout_loses_no_sample() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005, 2)
    builder.start(10)
    builder.samples(run_samples(50))
    builder.clock(60, 1_760_000_040, 2)
    builder.samples(run_samples(50, t_s=60))
    builder.end(110)
    ((recording, receipt),) = recordings_of(builder)
    assert utc_of(recording) == list(range(1_760_000_010, 1_760_000_110))
    assert receipt.whole


def test_a_workout_without_any_clock_ends_when_it_was_received() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.start(10)
    builder.samples(run_samples(60))
    builder.end(70)
    ((recording, receipt),) = recordings_of(builder)
    assert utc_of(recording) == list(range(RECEIVED_S - 59, RECEIVED_S + 1))
    assert receipt.whole


@pytest.mark.parametrize("second_utc_s", [1_760_000_500, 1_760_000_020, 0], ids=["later", "overlapping", "unknown"])
def test_a_workout_goes_on_over_a_boot_and_keeps_every_sample(second_utc_s: int) -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(2000))
    builder.boot(2)
    if second_utc_s:
        builder.clock(3, second_utc_s + 3000)
    builder.start(3, continued=True)
    builder.samples(run_samples(1500, t_s=4))
    builder.end(1504)
    ((recording, receipt),) = recordings_of(builder)
    assert receipt == Receipt(recorded=3500, received=3500, sealed=True)
    assert recording.points == 3500
    assert (np.diff(recording.columns["time_s"]) > 0).all()
    if second_utc_s == 0:
        assert utc_of(recording)[2000] == utc_of(recording)[1999] + 1


def test_laps_and_pauses_lie_on_the_workouts_seconds() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(100))
    builder.lap(110)
    builder.pause(120, 150)
    builder.samples(run_samples(60, t_s=150))
    builder.lap(200, 2)
    builder.end(210)
    ((recording, _),) = recordings_of(builder)
    assert recording.laps == (Lap(0, 100, "button"), Lap(100, 190, "button"), Lap(190, 199, "end"))
    assert recording.pauses == (Pause(110, 140),)


def eight_workouts(gps: bool) -> tuple[bytes, list[int]]:
    """Return a journal of workouts over three boots, and where each ends."""
    builder = JournalBuilder()
    begin, ends = 10, []
    builder.boot()
    builder.clock(5, 1_760_000_005, 1 if gps else 2)
    for session in range(1, 9):
        if session % 3 == 0:
            builder.boot(session)
            builder.clock(5, 1_760_000_005 + session * 10_000, 1 if gps else 2)
            begin = 10
        builder.start(begin, session=session)
        builder.samples(run_samples(900, t_s=begin, seed=session))
        builder.battery(begin + 900)
        builder.end(begin + 900)
        builder.clock(begin + 950, 1_760_000_955 + session * 10_000 + begin, 1 if gps else 2)
        ends.append(builder.position)
        begin += 2000
    return builder.data, ends


@pytest.mark.parametrize("gps", [True, False])
def test_any_resumed_reading_gives_the_same_sessions(gps: bool) -> None:
    data, ends = eight_workouts(gps)
    everything = {session.number: session.fingerprint() for session in reading_of(data).sessions}
    resume = 0
    seen: dict[int, str] = {}
    for end in range(500, len(data) + 500, 500):
        reading = reading_of(data[:end], resume)
        assert reading.resume_position >= resume
        resume = reading.resume_position
        seen |= {session.number: session.fingerprint() for session in reading.sessions}
    assert seen == everything
    assert resume >= ends[4]


@pytest.mark.parametrize("gps", [True, False])
@pytest.mark.parametrize("piece", [97, 500, 5000])
def test_following_in_any_pieces_gives_the_same_sessions(gps: bool, piece: int) -> None:
    data, _ = eight_workouts(gps)
    everything = {session.number: session.fingerprint() for session in reading_of(data).sessions}
    follower = follower_from()
    seen: dict[int, str] = {}
    while follower.position < len(data):
        follower.feed(data[follower.position : follower.position + piece])
        seen |= {session.number: session.fingerprint() for session in follower.read().sessions}
        follower.forget_settled()
    assert not follower.stale
    assert seen == everything
    assert len(follower.read().sessions) <= (1 if gps else 8)


def test_a_workout_whose_end_is_lost_is_finished_when_the_next_begins() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(60))
    builder.start(500, session=2)
    builder.samples(run_samples(60, t_s=500))
    builder.end(560)
    first, second = reading_of(builder.data).sessions
    assert (first.finished, first.findings) == (True, ["the end of the workout is missing"])
    assert (second.finished, second.findings) == (True, [])
    (_, receipt), (_, other) = recordings_of(builder)
    assert (receipt.recorded, receipt.received, receipt.whole, other.whole) == (None, 60, False, True)


def test_a_strength_workout_without_samples_is_a_workout() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10, sport=6)
    builder.end(1810)
    ((recording, receipt),) = recordings_of(builder)
    assert (recording.sport, recording.points, recording.start_utc_s) == ("strength", 0, 1_760_000_010)
    assert receipt.whole
