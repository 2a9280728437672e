"""Real activities through wearable, radio, gateway and server: every sample arrives, equal, once."""

from collections.abc import Callable

import numpy as np
import pytest
from conftest import thinned
from paceline_tools.track import Track
from system.samples import Held, differences, heart_rate_errors_bpm, missing_seconds
from system.whole_line import WholeLine, whole_line

SPEED = 400.0
ACTIVITIES = (
    "rust_fit_file__20210610_track_garmin_fenix_6.fit",  # laps of a running track
    "goldencheetah__FR55-CoreTemp-Walk.fit",
    "sports-lib__7445393868.fit",  # road cycling: of it, the heart rate's test plays a part each time
    "rust_fit_file__20210218_zwift.fit",  # virtual ride: heights that jump
    "workoutizer__run_with_coordinates.fit",  # GPS for a part of it only
)


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory):
    """One line for all of them: one journal, several workouts."""
    async with whole_line(tmp_path_factory.mktemp("line")) as running:
        yield running


@pytest.mark.parametrize("name", thinned(ACTIVITIES, 3))
async def test_every_sample_arrives_equal_and_once(line: WholeLine, track_of: Callable[..., Track], name: str) -> None:
    track = track_of(name)
    start_utc_s = await line.play(track, SPEED)
    activity = await line.finished(start_utc_s)
    held = Held.of(activity, await line.view.streams(activity["activity_id"]))
    assert len(np.unique(held.utc_s)) == len(held.utc_s)
    assert not len(missing_seconds(track, start_utc_s, held))
    assert not differences(track, start_utc_s, held)
    receipt = activity["receipt"]
    assert receipt["whole"] and receipt["sealed"] and not receipt["gaps"] and not receipt["problems"]
    assert receipt["recorded"] == receipt["received"] == len(held.utc_s)


@pytest.mark.parametrize("name", ["sports-lib__7445393868.fit"])
async def test_the_heart_rate_goes_through_the_optical_sensor(
    line: WholeLine, track_of: Callable[..., Track], name: str
) -> None:
    track = track_of(name, 900)
    start_utc_s = await line.play(track, SPEED)
    activity = await line.finished(start_utc_s)
    held = Held.of(activity, await line.view.streams(activity["activity_id"]))
    errors = heart_rate_errors_bpm(track, start_utc_s, held)
    assert len(errors) > 0.8 * len(track)
    assert np.median(errors) <= 3


async def test_the_spool_is_byte_equal_to_the_flash(line: WholeLine) -> None:
    """Runs after the replays: several workouts, several pages."""
    (spool,) = line.places.gateway.glob("*/*.journal")
    (kept,) = line.places.server.glob("journals/*/*/*.journal")
    pulled = spool.read_bytes()
    assert len(pulled) > 4096
    assert line.wearable.flash_path.read_bytes()[: len(pulled)] == pulled
    assert kept.read_bytes()[: len(pulled)] == pulled
