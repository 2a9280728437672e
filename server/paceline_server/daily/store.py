"""SQL of the days: what wearables recorded of them, and what other sources say. Every statement names the owner."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, insert, select, update

from paceline_server.daily.derivation import utc_day_of
from paceline_server.daily.given import (
    DayValue,
    Given,
    SpanCount,
    joined_counts,
    pack_counts,
    said_later,
    sleep_is_later,
    unpack_counts,
)
from paceline_server.daily.local_days import LocalDays
from paceline_server.daily.merging import believed
from paceline_server.daily.model import (
    DAILY_PARTS,
    DAY_COUNTS,
    DAY_SLEEPS,
    DAY_SOURCES,
    DAY_VALUES,
    DAY_ZONES,
    PROFILE,
    WEARABLE,
    WEIGHT,
    DayRecord,
    Sleep,
    pack,
    unpack,
)
from paceline_server.devices.model import DEVICES
from paceline_server.events import store as events
from paceline_server.events.declared import DAYS_CHANGED
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.prepared import Prepared
from paceline_server.profile import store as profiles
from paceline_server.profile.model import BodyValue
from paceline_server.users.model import USERS

_P, _V, _C, _S = DAILY_PARTS.c, DAY_VALUES.c, DAY_COUNTS.c, DAY_SLEEPS.c
_FIRST, _LAST = bindparam("first"), bindparam("last")
# Each home page asks them.
_RECORDS = Prepared(
    select(_P.device_id, _P.records).where(_P.owner_id == bindparam("owner"), _P.day.between(_FIRST, _LAST))
)
_COUNTS = Prepared(select(_C.source, _C.counts).where(_C.owner_id == bindparam("owner"), _C.day.between(_FIRST, _LAST)))
_SAID = select(_V.metric, _V.day, _V.source, _V.value, _V.stamp_ms).where(
    _V.owner_id == bindparam("owner"), _V.day.between(_FIRST, _LAST)
)
_VALUES, _VALUES_OF = Prepared(_SAID), Prepared(_SAID.where(_V.metric == bindparam("of_metric")))
_SLEEPS = Prepared(
    select(DAY_SLEEPS).where(
        _S.owner_id == bindparam("owner"), _S.end_utc_s > _FIRST, _S.end_utc_s <= _LAST, _S.gone.is_(False)
    )
)
_SOURCES = Prepared(
    select(DAY_SOURCES.c.source, DAY_SOURCES.c.place).where(DAY_SOURCES.c.owner_id == bindparam("owner"))
)
_ZONES = Prepared(select(DAY_ZONES.c.from_day, DAY_ZONES.c.time_zone).where(DAY_ZONES.c.owner_id == bindparam("owner")))


def source_of(device_id: str) -> str:
    """Return the name under which a wearable counts."""
    return f"{WEARABLE}{device_id}"


def take(
    connection: Connection,
    owner_id: str,
    device_id: str,
    epoch: int,
    from_position: int,
    records: Sequence[DayRecord],
    now_s: float,
) -> None:
    """Let these be all DAY records of the journal from a position on. Done twice, it changes nothing."""
    device = select(DEVICES.c.device_id).where(DEVICES.c.owner_id == owner_id, DEVICES.c.device_id == device_id)
    connection.execute(device.with_for_update(key_share=True))  # another epoch of the same day waits
    parts = DAILY_PARTS
    journal = and_(parts.c.owner_id == owner_id, parts.c.device_id == device_id, parts.c.epoch == epoch)
    query = select(parts.c.day, parts.c.records)
    after: defaultdict[str, list[DayRecord]] = defaultdict(list)
    for record in records:
        after[utc_day_of(record.utc_s - 1)].append(record)  # midnight still belongs to the day before
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
    if any(day_records != before.get(day) for day, day_records in after.items()):
        events.emit(connection, DAYS_CHANGED, owner_id, "all", now_s)


def forget_all(connection: Connection, owner_id: str) -> None:
    """Forget an owner's days, as far as wearables counted them."""
    connection.execute(delete(DAILY_PARTS).where(DAILY_PARTS.c.owner_id == owner_id))


def records(connection: Connection, owner_id: str, first_day: str, last_day: str) -> list[tuple[str, list[DayRecord]]]:
    """Return (source, records) of all wearables on the days of UTC from the first to the last."""
    found = _RECORDS.rows(connection, owner=owner_id, first=first_day, last=last_day)
    return [(source_of(device_id), unpack(data)) for device_id, data in found]


def give(connection: Connection, owner_id: str, given: Given, now_s: float) -> int:
    """Keep what is said, where it is later than what was; return how many things changed.

    Said again, or in another order, it comes to the same.
    """
    _one_at_a_time(connection, owner_id)
    changed = [one for one in given.values if _keep_value(connection, owner_id, one)]
    for day in sorted({one.day for one in changed if one.metric == WEIGHT}):
        settle_weight(connection, owner_id, day)
    counts = _keep_counts(connection, owner_id, given.source, given.counts)
    count = len(changed) + counts + sum(_keep_sleep(connection, owner_id, one) for one in given.sleeps)
    if count:
        events.emit(connection, DAYS_CHANGED, owner_id, "all", now_s)
    return count


def restate(connection: Connection, owner_id: str, given: Given, now_s: float) -> None:
    """Keep what is said in place of what is held of the same and was not said later, whatever that is."""
    withdraw(connection, owner_id, given, now_s, whatever=True)
    give(connection, owner_id, given, now_s)


def withdraw(connection: Connection, owner_id: str, given: Given, now_s: float, *, whatever: bool = False) -> int:
    """Forget what is held just as it is said here, as if it had never been said; return how much that was.

    What was said otherwise since stays, and what it once replaced does not come back. `whatever`: also what is held of
    the same otherwise, but for what was said later.
    """
    _one_at_a_time(connection, owner_id)
    count = 0
    for one in given.values:
        just_so = and_(_V.stamp_ms == one.stamp_ms, _V.value == one.value)
        same = and_(_is_value(owner_id, one), _V.stamp_ms <= one.stamp_ms if whatever else just_so)
        if connection.execute(delete(DAY_VALUES).where(same)).rowcount:
            count += 1
            if one.metric == WEIGHT:
                settle_weight(connection, owner_id, one.day)
    by_day: dict[str, set[SpanCount]] = {}
    for one in given.counts:
        by_day.setdefault(utc_day_of(one.start_s), set()).add(one)
    for day, ones in sorted(by_day.items()):
        of_day = and_(_C.owner_id == owner_id, _C.day == day, _C.source == given.source)
        data = connection.execute(select(_C.counts).where(of_day)).scalar_one_or_none()
        held = unpack_counts(data) if data is not None else []
        stamps = {one[:2]: one.stamp_ms for one in ones} if whatever else {}
        left = [one for one in held if one not in ones and one.stamp_ms > stamps.get(one[:2], -1)]
        count += len(held) - len(left)
        if held and not left:
            connection.execute(delete(DAY_COUNTS).where(of_day))
        elif len(left) < len(held):
            connection.execute(update(DAY_COUNTS).where(of_day).values(counts=pack_counts(left)))
    for one in given.sleeps:
        is_it = and_(_S.owner_id == owner_id, _S.source == one.source, _S.sleep_id == one.sleep_id)
        row = connection.execute(select(DAY_SLEEPS).where(is_it)).one_or_none()
        if row is not None and (_sleep(row) == one or (whatever and row.stamp_ms <= one.stamp_ms)):
            connection.execute(delete(DAY_SLEEPS).where(is_it))
            count += 1
    if count:
        events.emit(connection, DAYS_CHANGED, owner_id, "all", now_s)
    return count


def unsay(
    connection: Connection, owner_id: str, source: str, ones: Iterable[tuple[str, str, int]], now_s: float
) -> None:
    """Forget what a source said of days, (metric, day, stamp in ms) each, whatever it was, as if it had never been."""
    _one_at_a_time(connection, owner_id)
    count = 0
    for metric, day, stamp_ms in ones:
        one = DayValue(metric, day, source, None, stamp_ms)
        same = and_(_is_value(owner_id, one), _V.stamp_ms == stamp_ms)
        if connection.execute(delete(DAY_VALUES).where(same)).rowcount:
            count += 1
            if metric == WEIGHT:
                settle_weight(connection, owner_id, day)
    if count:
        events.emit(connection, DAYS_CHANGED, owner_id, "all", now_s)


def weigh(connection: Connection, owner_id: str, day: str, weight_kg: float, stamp_ms: int) -> None:
    """Keep a weight that was entered by hand: of all that were, the one that is entered now holds."""
    _one_at_a_time(connection, owner_id)
    _set(connection, owner_id, DayValue(WEIGHT, day, PROFILE, weight_kg, stamp_ms))
    settle_weight(connection, owner_id, day)
    events.emit(connection, DAYS_CHANGED, owner_id, "all", stamp_ms / 1000)


def unweigh(connection: Connection, owner_id: str, day: str, stamp_ms: int) -> bool:
    """Take a day's weight back, whoever said it; False when there is none."""
    _one_at_a_time(connection, owner_id)
    said = [one for one in values(connection, owner_id, day, day, WEIGHT) if one.value is not None]
    for one in said:
        _set(connection, owner_id, replace(one, value=None, stamp_ms=max(stamp_ms, one.stamp_ms)))
    settle_weight(connection, owner_id, day)
    if said:
        events.emit(connection, DAYS_CHANGED, owner_id, "all", stamp_ms / 1000)
    return bool(said)


def settle_weight(connection: Connection, owner_id: str, day: str) -> None:
    """Let the profile's weight of a day be that of the source which is believed."""
    said = [one for one in values(connection, owner_id, day, day, WEIGHT) if one.value is not None]
    best = believed([(one.source, one.stamp_ms, one.value or 0.0) for one in said], sources(connection, owner_id))
    profiles.remove_body(connection, owner_id, WEIGHT, day)
    if best is not None:
        profiles.set_body(connection, owner_id, BodyValue(WEIGHT, day, best))


def values(
    connection: Connection, owner_id: str, first_day: str, last_day: str, metric: str | None = None
) -> list[DayValue]:
    """Return what sources said of these days, or of one metric on them."""
    asked = {"owner": owner_id, "first": first_day, "last": last_day}
    if metric is None:
        return [DayValue(*row) for row in _VALUES.rows(connection, **asked)]
    return [DayValue(*row) for row in _VALUES_OF.rows(connection, **asked, of_metric=metric)]


def counts(connection: Connection, owner_id: str, first_day: str, last_day: str) -> list[tuple[str, list[SpanCount]]]:
    """Return (source, counts) that began on the days of UTC from the first to the last."""
    found = _COUNTS.rows(connection, owner=owner_id, first=first_day, last=last_day)
    return [(source, unpack_counts(data)) for source, data in found]


def sleeps(connection: Connection, owner_id: str, from_s: int, to_s: int) -> list[Sleep]:
    """Return the sleeps that ended after one moment and not after another."""
    return [_sleep(row) for row in _SLEEPS.rows(connection, owner=owner_id, first=from_s, last=to_s)]


def sources(connection: Connection, owner_id: str) -> tuple[str, ...]:
    """Return the sources that the user believes first, in order."""
    found = _SOURCES.rows(connection, owner=owner_id)
    return tuple(row.source for row in sorted(found, key=lambda row: row.place))


def local_days(connection: Connection, owner_id: str) -> LocalDays:
    """Return the user's days: the profile's time zone, and the zones of journeys."""
    zones = _ZONES.rows(connection, owner=owner_id)
    away = tuple(sorted((row.from_day, row.time_zone) for row in zones))
    return LocalDays(profiles.time_zone(connection, owner_id) or "UTC", away)


def rules_tag(order: Sequence[str], local: LocalDays) -> str:
    """Return the tag of the rules: of what `set_rules` writes over."""
    return tag_of([order, local.away])


def set_rules(
    connection: Connection,
    owner_id: str,
    order: Iterable[str],
    away: Iterable[tuple[date, str]],
    now_s: float,
    condition: Condition = ANY,
) -> None:
    """Let these be the sources believed first, and the zones of journeys; weights follow.

    PreconditionError when the rules are not what the condition demands.
    """
    _one_at_a_time(connection, owner_id)
    condition.demand(rules_tag(sources(connection, owner_id), local_days(connection, owner_id)))
    connection.execute(delete(DAY_SOURCES).where(DAY_SOURCES.c.owner_id == owner_id))
    connection.execute(delete(DAY_ZONES).where(DAY_ZONES.c.owner_id == owner_id))
    places = [{"owner_id": owner_id, "place": place, "source": source} for place, source in enumerate(order)]
    if places:
        connection.execute(insert(DAY_SOURCES), places)
    zones = [{"owner_id": owner_id, "from_day": day.isoformat(), "time_zone": zone} for day, zone in away]
    if zones:
        connection.execute(insert(DAY_ZONES), zones)
    weighed = select(_V.day).where(_V.owner_id == owner_id, _V.metric == WEIGHT).distinct()
    for day in connection.execute(weighed).scalars().all():
        settle_weight(connection, owner_id, day)
    events.emit(connection, DAYS_CHANGED, owner_id, "all", now_s)


def _one_at_a_time(connection: Connection, owner_id: str) -> None:
    user = select(USERS.c.owner_id).where(USERS.c.owner_id == owner_id)
    connection.execute(user.with_for_update(key_share=True))


def _keep_value(connection: Connection, owner_id: str, one: DayValue) -> bool:
    query = select(_V.stamp_ms, _V.value).where(_is_value(owner_id, one))
    held = connection.execute(query).one_or_none()
    if held is not None and not said_later(one.stamp_ms, one.value, held.stamp_ms, held.value):
        return False
    _set(connection, owner_id, one)
    return True


def _set(connection: Connection, owner_id: str, one: DayValue) -> None:
    said = {"value": one.value, "stamp_ms": one.stamp_ms}
    if connection.execute(update(DAY_VALUES).where(_is_value(owner_id, one)).values(said)).rowcount == 0:
        key = {"owner_id": owner_id, "metric": one.metric, "day": one.day, "source": one.source}
        connection.execute(insert(DAY_VALUES).values(key | said))


def _is_value(owner_id: str, one: DayValue) -> ColumnElement[bool]:
    return and_(_V.owner_id == owner_id, _V.metric == one.metric, _V.day == one.day, _V.source == one.source)


def _keep_counts(connection: Connection, owner_id: str, source: str, came: Iterable[SpanCount]) -> int:
    changed = 0
    by_day: dict[str, list[SpanCount]] = {}
    for one in came:
        by_day.setdefault(utc_day_of(one.start_s), []).append(one)
    for day, ones in sorted(by_day.items()):
        of_day = and_(_C.owner_id == owner_id, _C.day == day, _C.source == source)
        data = connection.execute(select(_C.counts).where(of_day)).scalar_one_or_none()
        held = unpack_counts(data) if data is not None else []
        joined = joined_counts(held, ones)
        different = len(set(joined) - set(held))
        changed += different
        if data is None:
            row = {"owner_id": owner_id, "day": day, "source": source}
            connection.execute(insert(DAY_COUNTS).values(**row, counts=pack_counts(joined)))
        elif different:
            connection.execute(update(DAY_COUNTS).where(of_day).values(counts=pack_counts(joined)))
    return changed


def _keep_sleep(connection: Connection, owner_id: str, one: Sleep) -> bool:
    is_it = and_(_S.owner_id == owner_id, _S.source == one.source, _S.sleep_id == one.sleep_id)
    row = connection.execute(select(DAY_SLEEPS).where(is_it)).one_or_none()
    if row is not None and not sleep_is_later(one, _sleep(row)):
        return False
    said = {
        "start_utc_s": one.start_utc_s,
        "end_utc_s": one.end_utc_s,
        "stages": [list(stage) for stage in one.stages],
        "stamp_ms": one.stamp_ms,
        "gone": one.gone,
    }
    if row is not None:
        connection.execute(update(DAY_SLEEPS).where(is_it).values(said))
    else:
        key = {"owner_id": owner_id, "source": one.source, "sleep_id": one.sleep_id}
        connection.execute(insert(DAY_SLEEPS).values(key | said))
    return True


def _sleep(row: Row[Any]) -> Sleep:
    stages = tuple((start_s, end_s, stage) for start_s, end_s, stage in row.stages)
    return Sleep(row.source, row.sleep_id, row.start_utc_s, row.end_utc_s, stages, row.stamp_ms, row.gone)
