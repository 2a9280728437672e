"""Lengths of a pool and sets of a strength workout: from the journal into analysis, API and page."""

import numpy as np
from paceline_protocol.records import LENGTH, PAUSE, RESUME, SET
from paceline_server.activities.recorded import SetDone
from paceline_server.analysis.metrics import measure
from paceline_server.formats.recording import ExerciseSet, Length
from paceline_server.pages.split_view import length_rows, set_rows
from paceline_server.platform.auth import COOKIE
from server.journal_builder import JournalBuilder
from server.running_server import Person, RunningServer
from server.test_journal_sessions import recordings_of

SWIMMING, STRENGTH = 5, 6


def _still(seconds: int, cadence_spm: int = 0) -> list[tuple[int, int, int, int, int, int, int, int, int]]:
    return [(10 + t_s, 0, 0, 0, 0, 0, 120, 3, cadence_spm) for t_s in range(seconds)]


def swim() -> JournalBuilder:
    """Four lengths of 25 m in 30 s each, half a minute's rest behind the second."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10, sport=SWIMMING)
    builder.samples(_still(170, 34))
    for number, end in enumerate((40, 70, 130, 160), 1):
        builder.record(LENGTH, end, number, 300, 9 + number, 2500)
    builder.end(180)
    return builder


def strength() -> JournalBuilder:
    """Two sets of 40 and 50 s with a minute's rest between."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10, sport=STRENGTH)
    builder.samples(_still(170))
    builder.record(SET, 50, 1, 12, 40, 0)
    builder.record(SET, 160, 2, 0, 50, 60)
    builder.end(180)
    return builder


def test_lengths_make_the_distance_and_the_moving_time() -> None:
    ((recording, receipt),) = recordings_of(swim())
    assert receipt.whole and [length.strokes for length in recording.lengths] == [10, 11, 12, 13]
    assert recording.lengths[2] == Length(90.0, 120.0, 12, 25.0)
    metrics = measure(recording)
    assert (metrics.distance_m, metrics.moving_time_s) == (100.0, 120.0)
    at = np.searchsorted(recording.columns["time_s"], [15, 60, 75, 90, 105])
    assert metrics.cumulative_distance_m[at].tolist() == [12.5, 50.0, 50.0, 50.0, 62.5]


def test_sets_make_the_moving_time() -> None:
    ((recording, _),) = recordings_of(strength())
    assert recording.sets == (ExerciseSet(0.0, 40.0, 12), ExerciseSet(100.0, 150.0, 0))
    assert measure(recording).moving_time_s == 90.0


def test_what_overlaps_is_put_in_order() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10, sport=SWIMMING)
    builder.samples(_still(60))
    builder.record(LENGTH, 40, 1, 60_000, 10, 2500)
    builder.record(LENGTH, 35, 2, 300, 10, 2500)
    builder.record(LENGTH, 65, 3, 400, 10, 2500)
    builder.end(70)
    ((recording, _),) = recordings_of(builder)
    assert [(length.start_s, length.end_s) for length in recording.lengths] == [(0, 30), (30, 30), (30, 55)]
    assert measure(recording).distance_m == 75


def test_an_auto_pause_with_samples_in_it_is_left_out_of_the_moving_time() -> None:
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    moving = [(10 + t_s, 3, 47_000_000 + 30 * t_s, 8_000_000, 2000, 300, 150, 3, 165) for t_s in range(60)]
    still = [(70 + t_s, 3, 47_001_800, 8_000_000, 2000, 60, 150, 3, 0) for t_s in range(40)]
    on = [(110 + t_s, 3, 47_001_800 + 30 * t_s, 8_000_000, 2000, 300, 150, 3, 165) for t_s in range(60)]
    builder.samples(moving + still[:5])
    builder.record(PAUSE, 69, 2)
    builder.samples(still[5:] + on[:3])
    builder.record(RESUME, 109, 2)
    builder.samples(on[3:])
    builder.end(170)
    ((recording, receipt),) = recordings_of(builder)
    assert receipt.whole and recording.points == 160
    assert [(pause.start_s, pause.end_s) for pause in recording.pauses] == [(59, 99)]
    assert measure(recording).moving_time_s == 119


async def test_the_api_shows_them(server: RunningServer, ann: Person) -> None:
    await server.put(ann, swim().data, 0)
    (activity,) = await server.activities(ann)
    assert (activity["type"], activity["distance_m"], activity["moving_time_s"]) == ("swimming", 100.0, 120.0)
    _, full = await server.get(ann, f"/activities/{activity['activity_id']}")
    assert full["lengths"][0] == {"start_s": 0.0, "end_s": 30.0, "strokes": 10, "pool_m": 25.0}
    assert len(full["lengths"]) == 4 and full["sets"] == []
    assert full["calories"] == 321


def test_the_page_has_rows_of_them() -> None:
    assert length_rows((Length(0, 30, 10, 25.0), Length(60, 95.5, 0, 50.0)))[0] == ("1", "0:30", "2:00", "10")
    sets = (SetDone("bench_press", 12, 60.5, None, 0, 40), SetDone(repetitions=0, start_s=100, end_s=150), SetDone())
    assert set_rows(sets) == (
        ("1", "bench press", "12", "60.5 kg", "0:40", "1:00"),
        ("2", "", "–", "", "0:50", "–"),
        ("3", "", "–", "", "–", "–"),
    )


async def test_the_page_shows_the_lengths(server: RunningServer, ann: Person) -> None:
    await server.put(ann, swim().data, 0)
    (activity,) = await server.activities(ann)
    url = f"{server.url}/activities/{activity['activity_id']}"
    async with server.http.get(url, headers={"Cookie": f"{COOKIE}={ann.token}"}) as response:
        page = await response.text()
    assert response.status == 200
    assert "Per 100 m" in page and "<td>2:00</td>" in page and "Repetitions" not in page
