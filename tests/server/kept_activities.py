"""Activities that were not recorded, for tests of what follows from them."""

from datetime import date

from paceline_server.activities import store as activities
from paceline_server.activities.changes import Change
from paceline_server.activities.model import FINISHED, Activity
from paceline_server.formats.receipt import Receipt
from paceline_server.keys import DATABASE
from server.running_server import NOW_S, RunningServer

DAY_S = 86_400


def activity_of(owner_id: str, number: int, day: date, distance_m: float, sport: str = "running") -> Activity:
    """Return a finished activity at noon (UTC) of a day."""
    start_s = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY_S + 43_200.0
    return Activity(
        activity_id=f"0199c000-0000-7000-8000-{number:012x}",
        owner_id=owner_id,
        sport=sport,
        source="file",
        status=FINISHED,
        start_utc_s=start_s,
        duration_s=1800.0,
        moving_time_s=1700.0,
        distance_m=distance_m,
        ascent_m=20.0,
        heart_rate_avg_bpm=None,
        heart_rate_max_bpm=None,
        calories_kcal=300.0,
        points_count=0,
        whole=True,
        source_key=f"file:{number}",
        fingerprint="1",
        route_polyline="",
        receipt=Receipt(0, 0, (), True, ()),
        laps=(),
        pauses=(),
        splits=(),
        created_at_s=NOW_S,
        updated_at_s=NOW_S,
    )


async def keep(server: RunningServer, activity: Activity) -> None:
    """Add or replace an activity, and wait for what follows."""
    change = Change(activity.owner_id, activity.activity_id)
    assert await server.app[DATABASE].write(activities.save, activity, change)
    await server.settled()
