"""The metrics: known answers on made courses, the device's own totals on recorded ones."""

import json
from pathlib import Path

import numpy as np
import pytest
from paceline_server.analysis.ascent import cumulative_climb_m
from paceline_server.analysis.distance import cumulative_distance_m, haversine_m
from paceline_server.analysis.metrics import measure
from paceline_server.analysis.polyline import encode_polyline
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Pause, Recording
from server.journal_builder import run_samples

RECORDED = [
    "activities/fit/python-fitparse__garmin-edge-500-activity.fit",
    "activities/fit/python-fitparse__activity-small-fenix2-run.fit",
    "activities/fit/rust_fit_file__20210507_run_coros_pace_2.fit",
    "activities/fit/fitfiler__garmin-edge530-ride.fit",
    "activities/fit/sports-lib__6916728382.fit",
    "activities/fit/sports-lib__broken-start-latlng.fit",  # begins thousands of kilometres away
]


def straight(seconds: int, speed_m_s: float = 3.0, *, with_speed: bool = True, noise_m: float = 0.0) -> Recording:
    """Return a run due north at one speed."""
    time_s = np.arange(seconds + 1.0)
    noise = np.random.default_rng(5).normal(0, noise_m, seconds + 1)
    columns = {
        "time_s": time_s,
        "latitude_deg": 47 + (speed_m_s * time_s + noise) / 111_195.08,
        "longitude_deg": np.full(seconds + 1, 8.0),
        "altitude_m": np.full(seconds + 1, 400.0),
        "heart_rate_bpm": np.full(seconds + 1, 150.0),
    }
    if with_speed:
        columns["speed_m_s"] = np.full(seconds + 1, speed_m_s)
    return Recording.of("running", "test", 0.0, columns)


@pytest.mark.parametrize("with_speed", [True, False])
def test_a_straight_run_has_its_length_pace_and_splits(with_speed: bool) -> None:
    metrics = measure(straight(1000, with_speed=with_speed))
    assert metrics.distance_m == pytest.approx(3000, rel=1e-4)
    assert metrics.moving_time_s == 1000
    assert metrics.ascent_m == 0
    assert [round(split.distance_m) for split in metrics.splits] == [1000, 1000, 1000]
    assert [split.duration_s for split in metrics.splits] == pytest.approx([1000 / 3] * 3, rel=1e-3)
    assert (metrics.heart_rate_avg_bpm, metrics.heart_rate_max_bpm) == (150, 150)


def test_haversine_agrees_with_the_degree_of_a_great_circle() -> None:
    assert haversine_m(np.array([0.0, 1.0]), np.array([0.0, 0.0]))[0] == pytest.approx(111_195.08, rel=1e-6)
    assert haversine_m(np.array([0.0, 0.0]), np.array([179.5, -179.5]))[0] == pytest.approx(111_195.08, rel=1e-6)


def test_noise_while_standing_is_no_distance_by_speed() -> None:
    recording = straight(600, 0.1)
    assert measure(recording).distance_m < 61
    columns = dict(straight(600, 2.0).columns)
    columns["speed_m_s"] = np.where(np.arange(601) < 300, 2.0, 0.15)
    assert cumulative_distance_m(columns)[-1] == pytest.approx(599, abs=2)


def test_a_hole_in_the_positions_is_crossed_in_a_straight_line() -> None:
    columns = dict(straight(600).columns)
    hole = slice(100, 200)
    for name in ("latitude_deg", "longitude_deg", "speed_m_s"):
        columns[name] = columns[name].copy()
        columns[name][hole] = np.nan
    assert cumulative_distance_m(columns)[-1] == pytest.approx(1800, abs=5)


def test_what_is_told_at_the_end_of_a_lap_was_made_since_the_start_unless_it_is_of_before() -> None:
    columns = dict(straight(600).columns)
    told = np.full(601, np.nan)
    told[[200, 400, 600]] = 500.0, 900.0, 1300.0
    columns["distance_m"] = told
    assert cumulative_distance_m(columns)[[0, 100, 600]].tolist() == [0, 250, 1300]
    columns["distance_m"] = np.where(np.arange(601) < 10, np.nan, told + 40_000)  # the run of a triathlon
    assert cumulative_distance_m(columns)[-1] == 800
    columns["distance_m"] = np.where(np.arange(601) < 600, np.nan, 2000.0)
    assert cumulative_distance_m(columns)[[0, 300, 600]].tolist() == [0, 1000, 2000]


def test_a_jump_of_the_positions_is_no_way() -> None:
    columns = dict(straight(600, with_speed=False).columns)
    columns["latitude_deg"] = columns["latitude_deg"].copy()
    columns["latitude_deg"][300] += 0.5  # there and back again
    assert cumulative_distance_m(columns)[-1] == pytest.approx(1800, rel=0.03)


def test_pauses_are_not_moving_time() -> None:
    recording = straight(1000)
    paused = Recording("running", "test", 0.0, recording.columns, (), (Pause(100, 160), Pause(500.5, 510)))
    assert measure(paused).moving_time_s == pytest.approx(1000 - 60 - 9.5)


def test_indoors_all_but_the_pauses_is_moving_time() -> None:
    columns = {"time_s": np.arange(601.0), "heart_rate_bpm": np.full(601, 120.0)}
    recording = Recording.of("strength", "test", 0.0, columns, pauses=(Pause(100, 200),))
    metrics = measure(recording)
    assert (metrics.distance_m, metrics.moving_time_s, metrics.ascent_m) == (0, 500, None)
    assert (metrics.route_polyline, metrics.splits) == ("", ())


def test_ascent_counts_climbs_and_not_noise() -> None:
    rng = np.random.default_rng(3)
    flat = 400 + rng.normal(0, 0.5, 3600)
    hills = 400 + 50 * np.sin(np.arange(3600) / 3600 * 6 * np.pi) + rng.normal(0, 0.3, 3600)
    along_m = np.arange(3600, dtype=np.float64) * 3
    on_the_flat, on_hills = cumulative_climb_m(flat, along_m), cumulative_climb_m(hills, along_m)
    assert on_the_flat is not None and on_hills is not None
    assert (on_the_flat.ascent_m[-1], on_the_flat.descent_m[-1]) == (0, 0)
    for upto in on_hills[:2]:  # three climbs of 100 m, the first half of one at the end; and as much down
        assert upto[-1] == pytest.approx(300, rel=0.03)
        assert (np.diff(upto) >= 0).all()
    back = cumulative_climb_m(-hills, along_m)
    assert back is not None
    assert back.descent_m.tolist() == on_hills.ascent_m.tolist()


@pytest.mark.parametrize(
    ("sport", "speed_m_s", "moves"),
    [
        ("running", 0.6, True),
        ("running", 0.45, False),
        ("hiking", 0.45, True),
        ("cycling", 0.6, False),
        ("swimming", 0.25, True),
        ("strength", 0.21, True),
        ("other", 0.45, False),
    ],
)
def test_who_stands_depends_on_the_sport(sport: str, speed_m_s: float, moves: bool) -> None:
    columns = {"time_s": np.arange(601.0), "speed_m_s": np.full(601, speed_m_s)}
    assert measure(Recording.of(sport, "test", 0.0, columns)).moving_time_s == (600 if moves else 0)


def test_only_confident_heart_rates_count() -> None:
    columns = {
        "time_s": np.arange(4.0),
        "heart_rate_bpm": np.array([100.0, 120.0, 220.0, np.nan]),
        "heart_rate_confidence": np.array([2.0, 3.0, 1.0, 0.0]),
    }
    metrics = measure(Recording.of("running", "test", 0.0, columns))
    assert (metrics.heart_rate_avg_bpm, metrics.heart_rate_max_bpm) == (110, 120)


def test_the_polyline_is_the_published_example() -> None:
    # The example of Google's description of the format.
    latitude, longitude = np.array([38.5, np.nan, 40.7, 43.252]), np.array([-120.2, np.nan, -120.95, -126.453])
    assert encode_polyline(latitude, longitude) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    corners = [(-90.0, -180.0), (90.0, 180.0)]
    assert encode_polyline(np.array([-90.0, 90.0]), np.array([-180.0, 180.0])) == _by_the_book(corners)


@pytest.mark.parametrize("seed", range(5))
def test_the_polyline_agrees_with_the_one_written_letter_by_letter(seed: int) -> None:
    samples = run_samples(500, seed=seed)
    points = [(sample[2] / 1e6, sample[3] / 1e6) for sample in samples]
    latitude, longitude = np.array(points).T
    assert encode_polyline(latitude, longitude) == _by_the_book(points)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_activities_agree_with_the_devices_totals(recordings: Path, name: str) -> None:
    manifest = json.loads((recordings / "MANIFEST.json").read_text())
    (totals,) = next(item for item in manifest["items"] if item["path"] == name)["device_totals_session"]
    (recording,) = read_recording((recordings / name).read_bytes(), name)
    columns = {name: column for name, column in recording.columns.items() if name != "distance_m"}
    metrics = measure(Recording("other", "test", recording.start_utc_s, columns, pauses=recording.pauses))
    assert metrics.distance_m == pytest.approx(totals["total_distance"], rel=0.01)
    assert metrics.moving_time_s == pytest.approx(totals["total_timer_time"], rel=0.02)
    assert metrics.ascent_m == pytest.approx(totals["total_ascent"], rel=0.1, abs=25)
    if totals.get("avg_heart_rate"):
        assert metrics.heart_rate_avg_bpm == pytest.approx(totals["avg_heart_rate"], abs=1)
        assert metrics.heart_rate_max_bpm == totals["max_heart_rate"]


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_recording_of_hardly_any_rows_is_measured(rows: int) -> None:
    recording = straight(600)
    columns = {name: column[:rows] for name, column in recording.columns.items()}
    metrics = measure(Recording("running", "test", 0.0, columns))
    assert metrics.distance_m == pytest.approx(3 * max(0, rows - 1))
    assert len(metrics.cumulative_distance_m) == rows


def _by_the_book(points: list[tuple[float, float]]) -> str:
    text, before = "", (0, 0)
    for point in points:
        now = (round(point[0] * 1e5), round(point[1] * 1e5))
        if text and now == before:
            continue
        for here, there in zip(now, before, strict=True):
            value = ~((here - there) << 1) if here < there else (here - there) << 1
            while value >= 0x20:
                text += chr((0x20 | value & 0x1F) + 63)
                value >>= 5
            text += chr(value + 63)
        before = now
    return text
