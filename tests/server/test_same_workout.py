"""Two recordings of one workout, and what only looks like it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from paceline_server.analysis.same_workout import Same, Verdict, compare, may_be_same
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Column, Recording

START_S = 1_770_000_000.0
HOUR_S, WEEK_S = 3600.0, 7 * 86400.0


def on_a_track(
    rows: int = 1800, *, start_utc_s: float = START_S, pace_m_s: float = 3.0, noise_m: float = 0.0, north_m: float = 0.0
) -> Recording:
    """Return laps of 400 m with a heart rate that rises and falls."""
    time_s = np.arange(float(rows))
    round_rad = 2 * np.pi * pace_m_s * time_s / 400
    rng = np.random.default_rng(int(noise_m * 10))
    errors = np.repeat(rng.normal(0, noise_m, (2, rows // 30 + 1)), 30, axis=1)[:, :rows]
    radius_m = 400 / (2 * np.pi)
    return Recording.of(
        "running",
        "watch",
        start_utc_s,
        {
            "time_s": time_s,
            "latitude_deg": 47 + (north_m + radius_m * np.sin(round_rad) + errors[0]) / 111_195,
            "longitude_deg": 8 + (radius_m * np.cos(round_rad) + errors[1]) / (111_195 * np.cos(np.radians(47))),
            "heart_rate_bpm": np.rint(140 + 20 * np.sin(time_s / 200) + 6 * np.sin(time_s / 31)),
        },
    )


def only(recording: Recording, *names: str) -> Recording:
    """Return the recording with nothing but some columns."""
    nothing = np.full(recording.points, np.nan)
    columns: dict[str, Column] = {
        name: column if name in names or name == "time_s" else nothing for name, column in recording.columns.items()
    }
    return replace(recording, columns=columns)


def rows_of(recording: Recording, first: int, last: int) -> Recording:
    """Return some rows, at the times at which they were recorded."""
    cut = {name: column[first:last] for name, column in recording.columns.items()}
    return replace(recording, columns=cut)


PLACES = ("latitude_deg", "longitude_deg")
RUN = on_a_track()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (RUN, "0 m apart"),
        (on_a_track(noise_m=5.0), "positions"),
        (on_a_track(noise_m=5.0, start_utc_s=START_S + 17), "17 s ahead"),
        (replace(RUN, start_utc_s=START_S + 2 * HOUR_S), "2 h ahead"),
        (replace(RUN, start_utc_s=START_S - 5.5 * HOUR_S), "5.5 h ahead"),
        (replace(RUN, start_utc_s=START_S + 222), "222 s ahead"),
        (only(RUN, "heart_rate_bpm"), "heart rates"),
        (only(replace(RUN, start_utc_s=START_S - 9), "heart_rate_bpm"), "s ahead"),
        (rows_of(RUN, 100, 1500), "100 % of the shorter"),
    ],
)
def test_another_device_beside_it_is_found(other: Recording, said: str) -> None:
    verdict = compare(RUN, other)
    assert verdict.same is Same.YES and said in " ".join(verdict.reasons)
    assert _figures(compare(other, RUN)) == pytest.approx(_figures(verdict))


@pytest.mark.parametrize(
    "other",
    [
        replace(RUN, start_utc_s=START_S + WEEK_S),
        on_a_track(start_utc_s=START_S + WEEK_S, noise_m=5.0),
        on_a_track(start_utc_s=START_S + HOUR_S, noise_m=5.0, pace_m_s=3.05),
        on_a_track(start_utc_s=START_S + 1800, pace_m_s=3.02),
        only(on_a_track(north_m=2000.0), *PLACES),
        only(on_a_track(north_m=-2000.0), *PLACES),
    ],
    ids=["a week", "a week noisy", "an hour", "at once again", "2 km north", "2 km south"],
)
def test_what_only_looks_like_it_is_another(other: Recording) -> None:
    assert compare(RUN, other).same is compare(other, RUN).same is Same.NO


def test_parts_that_follow_each_other_are_no_duplicates() -> None:
    assert compare(rows_of(RUN, 0, 900), rows_of(RUN, 900, 1800)).same is Same.NO
    assert compare(rows_of(RUN, 0, 950), rows_of(RUN, 900, 1800)).same is Same.NO


def test_what_cannot_be_told_is_asked() -> None:
    watch, strap = only(RUN, *PLACES), only(RUN, "heart_rate_bpm")
    asked = compare(watch, strap)
    assert asked.same is Same.PERHAPS and "nothing that could be compared" in asked.reasons[-1]
    assert compare(RUN, rows_of(RUN, 0, 700)).same is Same.PERHAPS  # the battery was empty
    entered = Recording.of("running", "entered", START_S + 60, {"time_s": [0.0]})
    assert compare(RUN, entered).same is Same.NO or compare(RUN, entered).same is Same.PERHAPS
    virtual = only(on_a_track(north_m=9e5), *PLACES, "heart_rate_bpm")
    assert compare(RUN, virtual).same is Same.PERHAPS


def test_pauses_without_rows_do_not_part_them() -> None:
    kept = np.r_[0:600, 900:1800]
    paused = replace(RUN, columns={name: column[kept] for name, column in RUN.columns.items()})
    assert compare(RUN, paused).same is Same.YES


def test_times_alone_leave_out_what_need_not_be_read() -> None:
    hour = HOUR_S
    assert may_be_same(0, hour, 1000, hour) and may_be_same(1000, hour, 0, hour)
    assert may_be_same(0, hour, 2 * hour + 60, hour) and not may_be_same(0, hour, 2 * hour + 60, hour / 2)
    assert not may_be_same(0, hour, hour + 400, hour) and not may_be_same(0, hour, 86400, hour)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fit/fitfiler__garmin-fenix6-turbo.fit", "fit/fitfiler__zwift-turbo.fit"),
        ("fit/goldencheetah__FR55-CoreTemp-Walk.fit", "fit/goldencheetah__FR55-loaded-and-saved-via-GC.fit"),
        ("gpx/sports-lib__movescount.gpx.gz", "gpx/sports-lib__sports-tracker.gpx.gz"),
    ],
)
def test_real_workouts_of_two_devices_are_found(recordings: Path, one: str, other: str) -> None:
    first, second = (read_recording((recordings / "activities" / each).read_bytes(), each)[0] for each in (one, other))
    assert compare(first, second).same is Same.YES


def _figures(verdict: Verdict) -> list[float]:
    found = verdict.likeness
    assert found is not None
    return [abs(found.shift_s), abs(found.offset_s), found.of_shorter, found.of_longer]
