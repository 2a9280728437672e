"""Documents of ours: a workout in pieces is joined, days are within bounds, damage gives one error."""

import json

import numpy as np
import pytest
from paceline_server.daily.model import METRICS, MOST_A_DAY
from paceline_server.formats.days import (
    COUNTED_BOUNDS,
    DAY_BOUNDS,
    LATEST_BOUNDS,
    STAGES,
    DayFigure,
    DaysSaid,
    DaysTaken,
    SleepSpan,
    SpanFigure,
)
from paceline_server.formats.days_document import read_days, write_days
from paceline_server.formats.errors import FormatError
from paceline_server.formats.read import read_contents
from paceline_server.formats.sports import sport_of
from paceline_server.formats.workout_document import Series, Workout, write_workout
from paceline_server.profile.model import BODY_RANGES

START_S = 1_714_557_600.0


def workout(**more: object) -> Workout:
    fields = {"source": "Apple Watch", "kind": "HKWorkoutActivityTypeRunning", "start_s": START_S, "duration_s": 60.0}
    return Workout(1, **fields | more)  # pyright: ignore[reportArgumentType]


def test_series_are_joined_with_the_track_and_fill_what_it_leaves_out() -> None:
    second = [float(n) for n in range(31)]
    track = {"time_s": second, "latitude_deg": [47 + n * 1e-5 for n in second], "longitude_deg": [8.0] * 31}
    series = {
        "heart_rate_bpm": Series([2.0, 12.0, 50.0], [100.0, 120.0, 150.0]),
        "distance_m": Series([20.0, 60.0], [60.0, 150.0]),
    }
    document = workout(track=track, series=series, pauses=[(-5.0, 3.0), (40.0, 45.0), (59.0, 80.0)], laps=[(0.0, 30.0)])
    (one,) = read_contents(write_workout(document), "x").recordings
    assert (one.sport, one.source, one.start_utc_s, one.duration_s) == ("running", "Apple Watch", START_S, 60.0)
    time_s, bpm, metres = (one.columns[name].tolist() for name in ("time_s", "heart_rate_bpm", "distance_m"))
    assert time_s == [*second, 50.0, 60.0]
    assert (bpm[7], metres[7]) == (110.0, 21.0)
    assert (bpm[22], metres[22]) == (pytest.approx(120 + 30 * 10 / 38), pytest.approx(64.5))
    assert np.isnan(bpm[23])  # more than ten seconds from any beat
    assert (bpm[-1], metres[-1]) == (150.0, 150.0)
    assert np.isfinite(one.columns["latitude_deg"]).sum() == 31
    assert [(pause.start_s, pause.end_s) for pause in one.pauses] == [(0.0, 3.0), (40.0, 45.0), (59.0, 60.0)]
    assert [(lap.start_s, lap.end_s) for lap in one.laps] == [(0.0, 30.0)]


def test_a_workout_of_which_only_totals_are_known_has_its_start_and_its_end() -> None:
    (one,) = read_contents(write_workout(workout(kind="Swim", distance_m=1000.0)), "x").recordings
    assert one.columns["time_s"].tolist() == [0.0, 60.0]
    assert one.columns["distance_m"].tolist() == [0.0, 1000.0]
    assert one.sport == "swimming"


@pytest.mark.parametrize(
    "data",
    [
        b'{"paceline_workout":1,',
        b'{"paceline_workout":1,"source":"","kind":"","start_s":1e400,"duration_s":1}',
        write_workout(workout(duration_s=-1.0)),
        write_workout(workout(series={"heart_rate_bpm": Series([1.0, 2.0], [1.0])})),
        write_workout(workout(track={"time_s": [1.0], "latitude_deg": []})),
        b'{"paceline_days":1,"source":"x","values":[["steps","2026-02-30",1,1700000000]]}',
        b'{"paceline_days":1,"source":"x"}',
    ],
)
def test_a_damaged_document_gives_one_error(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_contents(data, "x")


def test_days_come_back_as_they_went_and_what_no_day_has_is_left_out() -> None:
    said = DaysSaid(
        "Apple Watch",
        (DayFigure("weight_kg", "2026-05-04", 72.5, 1_777_900_000),),
        (SpanFigure("steps", 1_777_800_600, 1_777_801_500, 740.0, 1_777_801_500),),
        (SleepSpan("1", 1_777_840_000, 1_777_860_000, ((0, 600, "light"), (600, 900, "deep")), 1_777_860_000),),
    )
    assert read_contents(write_days(said), "x").days == (said,)
    document = json.loads(write_days(said))
    document["values"].append(["weight_kg", "2026-05-05", 5000, 1_777_900_000])
    document.setdefault("counts", []).append(["steps", 1_777_800_600, 1_777_800_600, 3, 1_777_800_600])
    document["sleeps"].append(["2", 1_777_840_000, 1_777_840_100, [[0, 200, "light"]], 1_777_860_000])
    contents = read_days(json.dumps(document, separators=(",", ":")).encode())
    assert contents.days == (said,)
    assert contents.warnings == ("3 values were left out: no day has such.",)


def test_what_files_may_say_is_what_days_take() -> None:
    assert DAY_BOUNDS.keys() <= set(METRICS)
    assert all(COUNTED_BOUNDS[name] == (0, MOST_A_DAY[name]) for name in COUNTED_BOUNDS)
    assert all(LATEST_BOUNDS[name] == BODY_RANGES[name] for name in LATEST_BOUNDS)
    assert set(STAGES) == {"asleep", "awake", "light", "deep", "rem", "in_bed"}
    assert DaysTaken(" a\x00\n b" * 40).said().source.startswith("a b a b")


def test_sports_by_the_words_of_platforms() -> None:
    words = {
        "running": ("HKWorkoutActivityTypeRunning", "trail_running", "Virtual Run", "treadmill_running", "Run"),
        "walking": ("HKWorkoutActivityTypeWalking", "speed_walking", "Walk"),
        "cycling": (
            "HKWorkoutActivityTypeHandCycling",
            "Virtual Ride",
            "E-Bike Ride",
            "mountain_biking",
            "indoor_cycling",
        ),
        "swimming": ("lap_swimming", "open_water_swimming", "Swim", "HKWorkoutActivityTypeSwimming"),
        "strength": ("HKWorkoutActivityTypeFunctionalStrengthTraining", "Weight Training", "strength_training"),
        "hiking": ("Hike", "HKWorkoutActivityTypeHiking"),
        "indoor": ("HKWorkoutActivityTypeHighIntensityIntervalTraining", "Elliptical", "indoor_cardio"),
        "other": (
            "",
            "motorcycling",
            "Alpine Ski",
            "HKWorkoutActivityTypeWheelchairRunPace",
            "Yoga",
            "horseback_riding",
        ),
    }
    assert {word: sport_of(word) for found in words.values() for word in found} == {
        word: sport for sport, found in words.items() for word in found
    }
