"""A workout that was deleted so long ago that it cannot be restored: what is left of it, and what is said by that."""

import pytest
from paceline_server.activities.model import TOMBSTONES
from paceline_server.analysis.same_workout import Same
from paceline_server.keys import DATABASE
from paceline_server.tombstones.sketch import verdict_of
from paceline_server.tombstones.store import RESTORABLE_S, Gone
from server.running_server import Person, RunningServer, log_in
from server.sent_files import gpx, send_file, states
from sqlalchemy import select

GONE = Gone("a", 1_700_000_000.0, 1_690_000_020.0, 3600.0, 10_000.0)


@pytest.mark.parametrize(
    ("start_s", "duration_s", "distance_m", "same"),
    [
        (1_690_000_047.0, 3588.0, 10_049.0, Same.PERHAPS),
        (1_690_000_047.0, 3588.0, None, Same.PERHAPS),
        (1_690_000_047.0, 3588.0, 12_000.0, Same.NO),
        (1_690_000_047.0, 1000.0, None, Same.NO),
        (1_690_003_000.0, 3600.0, None, Same.NO),
        (1_690_600_000.0, 3600.0, 10_000.0, Same.NO),
    ],
)
def test_no_more_is_said_than_that_it_may_be_it(
    start_s: float, duration_s: float, distance_m: float | None, same: Same
) -> None:
    assert verdict_of(GONE, start_s, duration_s, distance_m).same is same


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_it_went_is_forgotten_and_about_when_it_was_is_kept(server: RunningServer, ann: Person) -> None:
    batch = await send_file(server, ann, gpx(points=200))
    (found,) = batch["files"][0]["recordings"]
    url = f"/api/v1/activities/{found['activity_id']}"
    async with server.http.delete(url, headers=ann.headers) as response:
        assert response.status == 204
    server.clock.now_s += RESTORABLE_S + 60
    await server.settled()
    mine = TOMBSTONES.c.owner_id == ann.owner_id
    row = await server.app[DATABASE].read(lambda each: each.execute(select(TOMBSTONES).where(mine)).one())
    assert row.kept is None and (row.start_utc_s % 60, row.duration_s, row.distance_m) == (0, 180, 600)
    ann = await log_in(server, ann)
    other, far = [await send_file(server, ann, data) for data in (gpx(points=190), gpx(points=190, day=2))]
    assert (states(other), states(far)) == (["deleted"], ["imported"])
    (said,) = other["files"][0]["recordings"][0]["beside"]
    assert said["same"] == "perhaps" and said["deleted_at"] and "was deleted on" in said["reasons"][0]
