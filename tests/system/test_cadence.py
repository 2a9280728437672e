"""A run's cadence through the virtual accelerometer, the firmware's step counter and the whole line."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from paceline_tools.track import Track
from system.samples import Held
from system.whole_line import whole_line

SPEED = 400.0
SECONDS = 900
STEADY_S = 10  # the counter looks back over six seconds
STEADY_SPM = 4


@pytest.mark.parametrize("name", ["rust_fit_file__20210610_track_garmin_fenix_6.fit"])
async def test_the_cadence_of_a_run_is_measured_within_3_spm(
    tmp_path_factory: pytest.TempPathFactory, track_of: Callable[..., Track], name: str
) -> None:
    track = track_of(name, SECONDS)
    async with whole_line(tmp_path_factory.mktemp("line")) as line:
        start_utc_s = await line.play(track, SPEED)
        activity = await line.finished(start_utc_s)
        held = Held.of(activity, await line.view.streams(activity["activity_id"]))
    given = _steady_spm(track)
    _, ours, theirs = np.intersect1d(track["second"].astype(np.int64) + start_utc_s, held.utc_s, return_indices=True)
    wanted = given[ours]
    errors = np.abs(held.columns["cadence_spm"][theirs] - wanted)[wanted > 0]
    assert len(errors) > SECONDS // 3
    assert np.mean(errors <= 3) >= 0.95, np.percentile(errors, [50, 90, 95, 99])


def _steady_spm(track: Track) -> NDArray[np.float64]:
    """The track's cadence where it has stayed nearly the same for a while, else 0; settled means all of that while."""
    spm = track["cadence_spm"].astype(np.float64)
    steady = np.zeros(len(spm))
    for i in range(STEADY_S, len(spm)):
        before = spm[i - STEADY_S : i + 1]
        if before.min() > 0 and np.ptp(before) <= STEADY_SPM:
            steady[i] = spm[i]
    return steady
