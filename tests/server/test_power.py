"""Power goes through every format, the telemetry and the streams; it is hidden with the pace."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from paceline_server.activities.shown import columns_shown, known_optional
from paceline_server.formats.read import read_recording
from paceline_server.formats.recording import Recording
from paceline_server.formats.writing.fit import write_fit
from paceline_server.formats.writing.gpx import write_gpx
from paceline_server.formats.writing.table import write_csv
from paceline_server.formats.writing.tcx import write_tcx
from paceline_server.formats.writing.workout import Workout
from paceline_server.telemetry import pack_columns, unpack_columns
from server.running_server import Person, RunningServer

WATTS = np.array([np.nan, *np.linspace(150, 320, 198), 0.0])


def ride() -> Workout:
    time_s = np.arange(200.0)
    columns = {
        "time_s": time_s,
        "latitude_deg": 47 + time_s * 1e-5,
        "longitude_deg": np.full(200, 8.0),
        "heart_rate_bpm": np.full(200, 140.0),
        "power_w": np.rint(WATTS),
    }
    return Workout(Recording.of("cycling", "x", 1_714_557_600.0, columns), time_s * 8, 199.0)


def test_every_format_that_knows_power_brings_it_back() -> None:
    workout = ride()
    for write in (write_fit, write_gpx, write_tcx):
        (back,) = read_recording(write(workout), "x")
        np.testing.assert_array_equal(back.columns["power_w"], np.rint(WATTS), err_msg=write.__name__)
    header, first, second, *_ = write_csv(workout).decode().splitlines()
    assert [header.split(",")[-1], first.split(",")[-1], second.split(",")[-1]] == ["power_w", "", "150"]
    without = replace(workout, recording=replace(workout.recording, columns=_without(workout.recording)))
    assert len(write_fit(without)) < len(write_fit(workout))
    assert b"power" not in write_gpx(without)


def _without(recording: Recording) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return {name: column for name, column in recording.columns.items() if name != "power_w"}


def test_telemetry_keeps_it_and_a_blob_of_before_has_none() -> None:
    columns = dict(ride().recording.columns)
    np.testing.assert_array_equal(unpack_columns(pack_columns(columns))["power_w"], np.rint(WATTS))
    older = unpack_columns(pack_columns({name: column for name, column in columns.items() if name != "power_w"}))
    assert np.isnan(older["power_w"]).all()
    assert "power_w" not in known_optional(older)
    assert np.isnan(columns_shown(frozenset({"pace"}), columns)["power_w"]).all()


async def test_it_is_sent_shown_and_analysed(server: RunningServer, ann: Person) -> None:
    points = [{"time": t, "power": 200 + t % 2, "heart_rate": 140} for t in range(120)]
    body = {"type": "cycling", "start_time": "2025-04-12T14:30:00Z", "data_points": points}
    async with server.http.post("/api/v1/activities", json=body, headers=ann.headers) as response:
        activity_id = (await response.json())["activity_id"]
    await server.settled()
    _, streams = await server.get(ann, f"/activities/{activity_id}/streams")
    assert streams["power_w"][:3] == [200, 201, 200]
    _, shown = await server.get(ann, f"/activities/{activity_id}")
    power = shown["analysis"]["power"]
    assert (power["highest_w"], power["mean_w"]) == (201, 200.5)
    assert power["curve"][0] == {"duration_s": 1.0, "power_w": 201.0}


def test_power_of_foot_pods_is_a_field_of_developers(recordings: Path) -> None:
    folder = recordings / "activities/fit"
    pod = read_recording((folder / "goldencheetah__Fr955v19.28andStryd.fit").read_bytes(), "x")[0].columns["power_w"]
    meter = read_recording((folder / "fitfiler__zwift-turbo.fit").read_bytes(), "x")[0].columns["power_w"]
    assert 100 < np.nanmedian(pod) < 400
    assert 100 < np.nanmedian(meter) < 400
