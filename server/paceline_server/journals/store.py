"""SQL of the journals. Every statement names the owner; the back-fill asks user by user."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select, update

from paceline_server.devices import store as devices
from paceline_server.devices.model import DEVICES
from paceline_server.events import store as events
from paceline_server.events.declared import JOURNAL_GREW
from paceline_server.journals.missing import missing_ranges
from paceline_server.journals.model import JOURNAL_GAPS, JOURNAL_QUARANTINE, JOURNALS, Journal, JournalRef, Quarantined
from paceline_server.users import store as users

_Q = JOURNAL_QUARANTINE.c


def _its(table: Table) -> ColumnElement[bool]:
    """The condition for a journal that is named when the statement is asked, by _named."""
    c = table.c
    return and_(c.owner_id == bindparam("owner"), c.device_id == bindparam("device"), c.epoch == bindparam("its_epoch"))


# Built once, as each range that comes asks them.
_ONE = select(JOURNALS).where(_its(JOURNALS))
_GAPS = (
    select(JOURNAL_GAPS.c.from_position, JOURNAL_GAPS.c.to_position)
    .where(_its(JOURNAL_GAPS))
    .order_by(JOURNAL_GAPS.c.from_position)
)
_SUSPECTS = (
    select(_Q.from_position, _Q.to_position, _Q.reason, _Q.sha256, _Q.found_at_s)
    .where(_its(JOURNAL_QUARANTINE))
    .order_by(_Q.from_position)
)
_HOLD = (
    select(DEVICES.c.device_id)
    .where(DEVICES.c.owner_id == bindparam("owner"), DEVICES.c.device_id == bindparam("device"))
    .with_for_update(key_share=True)
)
_ADVANCE = update(JOURNALS).where(_its(JOURNALS)).values(held_position=bindparam("held"), updated_at_s=bindparam("now"))
_PROCESSED = (
    update(JOURNALS)
    .where(_its(JOURNALS), JOURNALS.c.fills == bindparam("as_filled"))
    .values(processed_position=bindparam("processed"), resume_position=bindparam("resume"))
)


def get(connection: Connection, ref: JournalRef) -> Journal | None:
    """Return where a journal stands, None when nothing of it is held."""
    row = connection.execute(_ONE, _named(ref)).one_or_none()
    if row is None:
        return None
    reached = (row.start_position, row.held_position, row.processed_position, row.resume_position)
    return Journal(ref, *reached, fills=row.fills, updated_at_s=row.updated_at_s)


def locked(connection: Connection, ref: JournalRef) -> Journal | None:
    """Return where a journal stands; whoever else appends to the device's waits for the end of the transaction."""
    connection.execute(_HOLD, {"owner": ref.owner_id, "device": ref.device_id})
    return get(connection, ref)


def gaps(connection: Connection, ref: JournalRef) -> list[tuple[int, int]]:
    """Return the ranges (from, to) that were declared gone, in order."""
    return [(row.from_position, row.to_position) for row in connection.execute(_GAPS, _named(ref))]


def advance_over_gap(connection: Connection, ref: JournalRef, gap: tuple[int, int], held: int, now_s: float) -> None:
    """Record a gap behind the bytes held so far and, with it, that those behind the gap are durable up to `held`."""
    journal = get(connection, ref)
    _add_gap(connection, ref, gap, journal.resume_position if journal is not None else 0)
    advance(connection, ref, gap[0], held, now_s)


def missing(connection: Connection, ref: JournalRef) -> list[tuple[int, int]]:
    """Return the ranges (from, to) below the held position that are not held, in order."""
    journal = get(connection, ref)
    return missing_ranges(journal.start_position, gaps(connection, ref)) if journal is not None else []


def merge(
    connection: Connection, ref: JournalRef, late: Sequence[tuple[int, int]], start: int, held: int, now_s: float
) -> None:
    """Record that bytes which were missing are durable, and all up to `held`; `start` counts for a new journal."""
    for part in late:
        fill(connection, ref, part, now_s)
    advance(connection, ref, start, held, now_s)


def fill(connection: Connection, ref: JournalRef, part: tuple[int, int], now_s: float) -> None:
    """Record that bytes (from, to) that were missing, all of one range, are durable: the journal is read anew."""
    journal = get(connection, ref)
    if journal is None:
        return
    start, resume = min(journal.start_position, part[0]), journal.resume_position
    if start < journal.start_position:
        resume = start
        if part[1] < journal.start_position:
            _add_gap(connection, ref, (part[1], journal.start_position), start)
    overlap = and_(_is(JOURNAL_GAPS, ref), JOURNAL_GAPS.c.from_position < part[1], JOURNAL_GAPS.c.to_position > part[0])
    for gap in connection.execute(select(JOURNAL_GAPS).where(overlap)).all():
        connection.execute(delete(JOURNAL_GAPS).where(overlap, JOURNAL_GAPS.c.from_position == gap.from_position))
        resume = max(start, min(resume, gap.resume_position))
        for left in ((gap.from_position, part[0]), (part[1], gap.to_position)):
            if left[0] < left[1]:
                _add_gap(connection, ref, left, gap.resume_position)
    # What is read behind these bytes may now begin before where it began without them.
    behind = and_(_is(JOURNAL_GAPS, ref), JOURNAL_GAPS.c.from_position >= part[1])
    later = and_(behind, JOURNAL_GAPS.c.resume_position > resume)
    connection.execute(update(JOURNAL_GAPS).where(later).values(resume_position=resume))
    fills = {"start_position": start, "resume_position": resume, "fills": JOURNALS.c.fills + 1, "updated_at_s": now_s}
    connection.execute(update(JOURNALS).where(_is(JOURNALS, ref)).values(fills))
    events.emit(connection, JOURNAL_GREW, ref.owner_id, ref.subject, now_s)


def advance(connection: Connection, ref: JournalRef, start: int, held: int, now_s: float) -> None:
    """Record that the bytes up to `held` are durable and wait for work; `start` counts for a new journal."""
    moved = connection.execute(_ADVANCE, _named(ref) | {"held": held, "now": now_s})
    if moved.rowcount == 0:
        connection.execute(
            insert(JOURNALS).values(
                **_key(ref),
                start_position=start,
                held_position=held,
                processed_position=start,
                resume_position=start,
                created_at_s=now_s,
                updated_at_s=now_s,
            )
        )
    events.emit(connection, JOURNAL_GREW, ref.owner_id, ref.subject, now_s)


def processed(connection: Connection, ref: JournalRef, position: int, resume: int, fills: int) -> None:
    """Record that activities were made of all up to `position`.

    When a gap was filled since `fills` was read, nothing is recorded: what was read lacks those bytes.
    """
    known = {"as_filled": fills, "processed": position, "resume": resume}
    connection.execute(_PROCESSED, _named(ref) | known)


def of_device(connection: Connection, owner_id: str, device_id: str) -> list[JournalRef]:
    """Return the journals of a device."""
    table = JOURNALS.c
    query = select(table.epoch).where(table.owner_id == owner_id, table.device_id == device_id)
    return [JournalRef(owner_id, device_id, epoch) for epoch in connection.execute(query).scalars()]


def read_anew(connection: Connection, ref: JournalRef, now_s: float) -> bool:
    """Let a journal be read from its first byte; False when nothing of it is held."""
    start = {"resume_position": JOURNALS.c.start_position, "fills": JOURNALS.c.fills + 1}
    held = connection.execute(update(JOURNALS).where(_is(JOURNALS, ref)).values(start)).rowcount == 1
    if held:
        events.emit(connection, JOURNAL_GREW, ref.owner_id, ref.subject, now_s)
    return held


def read_all_anew(connection: Connection) -> Iterator[tuple[str, str]]:
    """Let every journal be read from its first byte; yield the owner and what events call it."""
    everybodys = [
        (user.owner_id, one)
        for user in users.everybody(connection)
        for one in devices.list_for(connection, user.owner_id)
    ]
    for owner_id, device in everybodys:
        for ref in of_device(connection, owner_id, device.device_id):
            start = {"resume_position": JOURNALS.c.start_position, "fills": JOURNALS.c.fills + 1}
            connection.execute(update(JOURNALS).where(_is(JOURNALS, ref)).values(start))
            yield owner_id, ref.subject


def quarantined(connection: Connection, ref: JournalRef) -> list[Quarantined]:
    """Return what of a journal is in quarantine, in order."""
    return [Quarantined(*row) for row in connection.execute(_SUSPECTS, _named(ref))]


def judged(
    connection: Connection, ref: JournalRef, from_position: int, found: Sequence[Quarantined], fills: int
) -> None:
    """Let this be all that is in quarantine from a position on; nothing is done when bytes came late since `fills`."""
    standing = get(connection, ref)
    if standing is None or standing.fills != fills:
        return
    before = {one.from_position: one for one in quarantined(connection, ref) if one.from_position >= from_position}
    after = {one.from_position: one for one in found}
    for position in before.keys() | after.keys():
        old, new = before.get(position), after.get(position)
        if old is not None and new is not None and (old.to_position, old.sha256) == (new.to_position, new.sha256):
            continue
        connection.execute(delete(JOURNAL_QUARANTINE).where(_is(JOURNAL_QUARANTINE, ref), _Q.from_position == position))
        if new is not None:
            values = {"to_position": new.to_position, "reason": new.reason[:300], "sha256": new.sha256}
            row = _key(ref) | values | {"from_position": position, "found_at_s": new.found_at_s}
            connection.execute(insert(JOURNAL_QUARANTINE).values(row))


def replaced(connection: Connection, ref: JournalRef, part: tuple[int, int], now_s: float) -> None:
    """Record that other bytes were put in the place of some in quarantine: the journal is judged and read anew."""
    overlap = and_(_is(JOURNAL_QUARANTINE, ref), _Q.from_position < part[1], _Q.to_position > part[0])
    connection.execute(delete(JOURNAL_QUARANTINE).where(overlap))
    standing = get(connection, ref)
    if standing is None:
        return
    start = standing.start_position
    anew = {"resume_position": start, "fills": JOURNALS.c.fills + 1, "updated_at_s": now_s}
    connection.execute(update(JOURNALS).where(_is(JOURNALS, ref)).values(anew))
    connection.execute(update(JOURNAL_GAPS).where(_is(JOURNAL_GAPS, ref)).values(resume_position=start))
    events.emit(connection, JOURNAL_GREW, ref.owner_id, ref.subject, now_s)


def _add_gap(connection: Connection, ref: JournalRef, gap: tuple[int, int], resume: int) -> None:
    values = {"from_position": gap[0], "to_position": gap[1], "resume_position": resume}
    connection.execute(insert(JOURNAL_GAPS).values(**_key(ref), **values))


def _named(ref: JournalRef) -> dict[str, object]:
    return {"owner": ref.owner_id, "device": ref.device_id, "its_epoch": ref.epoch}


def _key(ref: JournalRef) -> dict[str, object]:
    return {"owner_id": ref.owner_id, "device_id": ref.device_id, "epoch": ref.epoch}


def _is(table: Table, ref: JournalRef) -> ColumnElement[bool]:
    return and_(table.c.owner_id == ref.owner_id, table.c.device_id == ref.device_id, table.c.epoch == ref.epoch)
