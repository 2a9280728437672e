"""SQL of the sums. Every statement names the owner; a row changes in the transaction that changes its activity."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from paceline_protocol import wrist_settings
from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select

from paceline_server.activities.model import FINISHED, Activity
from paceline_server.daily import store as daily
from paceline_server.daily.local_days import LocalDays
from paceline_server.desired.model import DESIRED_BLOBS
from paceline_server.events import store as events
from paceline_server.events.declared import ACTIVITY_COUNTED
from paceline_server.platform.prepared import Prepared
from paceline_server.stats.derivation import SUMS_NAMES, stamp_of, sums_of
from paceline_server.stats.model import ACTIVITY_SUMS, WEARABLE, Sums
from paceline_server.users import store as users

_SETTINGS = 1
_QUARTER_S = 900
_ADD = Prepared(insert(ACTIVITY_SUMS))
_STATE = Prepared(
    select(func.count(), func.sum(ACTIVITY_SUMS.c.stamp)).where(ACTIVITY_SUMS.c.owner_id == bindparam("owner"))
)
_READ = tuple(column for column in ACTIVITY_SUMS.c if column.name not in ("owner_id", "stamp"))


def take(connection: Connection, activity: Activity, *, tell: bool = True) -> None:
    """Let the row be what the activity adds now; `tell`: those who hear of what is counted."""
    _replace(connection, activity)
    if tell and activity.status == FINISHED:
        events.emit(connection, ACTIVITY_COUNTED, activity.owner_id, "all", activity.updated_at_s)


def add(connection: Connection, activities: Sequence[Activity], *, tell: bool = True) -> None:
    """Let there be rows of an owner's finished activities, which had none; `tell` who hears of it."""
    local = daily.local_days(connection, activities[0].owner_id)
    found = [sums_of(one, _zone_s(connection, one, local)) for one in activities]
    rows_ = [_row(sums) for sums in found if sums is not None]
    _ADD.change_each(connection, rows_)
    if tell:
        newest = activities[-1]
        events.emit(connection, ACTIVITY_COUNTED, newest.owner_id, "all", newest.updated_at_s)


def _replace(connection: Connection, activity: Activity) -> None:
    forget(connection, activity.owner_id, activity.activity_id)
    sums = sums_of(activity, _zone_s(connection, activity))
    if sums is not None:
        _ADD.change(connection, **_row(sums))


def _row(sums: Sums) -> dict[str, Any]:
    return {name: getattr(sums, name) for name in SUMS_NAMES} | {"stamp": stamp_of(sums)}


def forget(connection: Connection, owner_id: str, activity_id: str) -> None:
    """Let an activity add nothing any more."""
    table = ACTIVITY_SUMS
    connection.execute(delete(table).where(and_(table.c.owner_id == owner_id, table.c.activity_id == activity_id)))


def rebuild(connection: Connection, owner_id: str, activities: Iterable[Activity]) -> None:
    """Drop an owner's rows and make them anew of all activities."""
    connection.execute(delete(ACTIVITY_SUMS).where(ACTIVITY_SUMS.c.owner_id == owner_id))
    for activity in activities:
        _replace(connection, activity)


def everybody(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield every user, and what an event calls all that is theirs."""
    for user in users.everybody(connection):
        yield user.owner_id, "all"


def state(connection: Connection, owner_id: str) -> tuple[int, int]:
    """Return the number of an owner's rows and the sum of their stamps: as long as both stay, so do the rows."""
    ((count, stamps),) = _STATE.rows(connection, owner=owner_id)
    return count, int(stamps or 0)


def rows(connection: Connection, owner_id: str) -> list[Row[Any]]:
    """Return an owner's rows, the earliest start first."""
    table = ACTIVITY_SUMS
    found = connection.execute(select(*_READ).where(table.c.owner_id == owner_id))
    return sorted(found, key=lambda row: (row.start_utc_s, row.activity_id))


def _zone_s(connection: Connection, activity: Activity, local: LocalDays | None = None) -> int:
    """Return the seconds east of UTC of the activity's own clock.

    Where its source does not say, it is the zone in which the wearable was set to be, 0 when nobody set it; what no
    wearable recorded is of the clock of its owner's day.
    """
    if activity.utc_offset_s is not None:
        return activity.utc_offset_s
    if not activity.source.startswith(WEARABLE):
        local = local or daily.local_days(connection, activity.owner_id)
        zone = local.zone(local.day_of(activity.start_utc_s))
        away = datetime.fromtimestamp(activity.start_utc_s, zone).utcoffset()
        return int(away.total_seconds()) if away is not None else 0
    table = DESIRED_BLOBS
    query = select(table.c.data).where(
        table.c.owner_id == activity.owner_id,
        table.c.device_id == activity.source.removeprefix(WEARABLE),
        table.c.kind == _SETTINGS,
    )
    data = connection.execute(query).scalar_one_or_none()
    return (data[2] - wrist_settings.ZONE_UTC) * _QUARTER_S if data and data[2] else 0
