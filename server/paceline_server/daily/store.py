"""SQL of the days."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, insert, select

from paceline_server.daily.derivation import day_of, values_of
from paceline_server.daily.model import DAILY_METRICS, DAILY_PARTS, METRICS, DayRecord, pack, unpack
from paceline_server.devices.model import DEVICES


class Value(NamedTuple):
    """What a source says of a metric on a day."""

    metric: str
    day: str
    source: str
    value: float
    latest_utc_s: int


def source_of(device_id: str) -> str:
    """Return the name under which a wearable counts."""
    return f"wearable {device_id}"


def take(
    connection: Connection,
    owner_id: str,
    device_id: str,
    epoch: int,
    from_position: int,
    records: Sequence[DayRecord],
) -> None:
    """Let these be all DAY records of the journal from a position on. Done twice, it changes nothing."""
    device = select(DEVICES.c.device_id).where(DEVICES.c.owner_id == owner_id, DEVICES.c.device_id == device_id)
    connection.execute(device.with_for_update(key_share=True))  # another epoch of the same day waits
    parts = DAILY_PARTS
    journal = and_(parts.c.owner_id == owner_id, parts.c.device_id == device_id, parts.c.epoch == epoch)
    query = select(parts.c.day, parts.c.records)
    after: defaultdict[str, list[DayRecord]] = defaultdict(list)
    for record in records:
        after[day_of(record)].append(record)
    touched = parts.c.last_position >= from_position
    if after:
        touched |= parts.c.day.in_(list(after))
    before = {day: unpack(data) for day, data in connection.execute(query.where(journal, touched))}
    for day, held in before.items():
        after[day] = [record for record in held if record.position < from_position] + after[day]
    for day, day_records in after.items():
        if day_records == before.get(day):
            continue
        connection.execute(delete(parts).where(journal, parts.c.day == day))
        if day_records:
            row = {"owner_id": owner_id, "device_id": device_id, "epoch": epoch, "day": day}
            packed = {"last_position": day_records[-1].position, "records": pack(day_records)}
            connection.execute(insert(parts).values(**row, **packed))
        _renew(connection, owner_id, device_id, day)


def forget_all(connection: Connection, owner_id: str) -> None:
    """Forget an owner's days, as far as wearables counted them."""
    sources = select(DAILY_PARTS.c.device_id).where(DAILY_PARTS.c.owner_id == owner_id).distinct()
    for device_id in connection.execute(sources).scalars().all():
        of_device = and_(DAILY_METRICS.c.owner_id == owner_id, DAILY_METRICS.c.source == source_of(device_id))
        connection.execute(delete(DAILY_METRICS).where(of_device))
    connection.execute(delete(DAILY_PARTS).where(DAILY_PARTS.c.owner_id == owner_id))


def records_of(connection: Connection, owner_id: str, device_id: str, day: str) -> list[DayRecord]:
    """Return a wearable's records of a day, of all its epochs."""
    parts = DAILY_PARTS
    query = select(parts.c.records).where(
        parts.c.owner_id == owner_id, parts.c.device_id == device_id, parts.c.day == day
    )
    return [record for (data,) in connection.execute(query) for record in unpack(data)]


def values(connection: Connection, owner_id: str, metrics: Sequence[str], first_day: str, last_day: str) -> list[Value]:
    """Return what all sources say of these metrics on the days from the first to the last, by metric and day."""
    table = DAILY_METRICS
    query = select(*(table.c[name] for name in Value._fields)).where(
        table.c.owner_id == owner_id, table.c.metric.in_(metrics), table.c.day.between(first_day, last_day)
    )
    return sorted(Value(*row) for row in connection.execute(query))


def _renew(connection: Connection, owner_id: str, device_id: str, day: str) -> None:
    table = DAILY_METRICS
    source = source_of(device_id)
    records = records_of(connection, owner_id, device_id, day)
    known = values_of(records)
    where = and_(table.c.owner_id == owner_id, table.c.metric.in_(METRICS))
    connection.execute(delete(table).where(where, table.c.day == day, table.c.source == source))
    key = {"owner_id": owner_id, "day": day, "source": source}
    latest = max((record.utc_s for record in records), default=0)
    rows = [key | {"metric": name, "value": value, "latest_utc_s": latest} for name, value in known.items()]
    if rows:
        connection.execute(insert(table), rows)
