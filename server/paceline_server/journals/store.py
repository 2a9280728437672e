"""SQL of the journals. Every statement names the owner, but for the queue of pending work, which is no owner's."""

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, update

from paceline_server.devices.model import DEVICES
from paceline_server.journals.model import JOURNAL_GAPS, JOURNALS, PENDING_JOURNALS, Journal, JournalRef


def get(connection: Connection, ref: JournalRef) -> Journal | None:
    """Return where a journal stands, None when nothing of it is held."""
    row = connection.execute(select(JOURNALS).where(_is(JOURNALS, ref))).one_or_none()
    if row is None:
        return None
    return Journal(ref, row.start_position, row.held_position, row.processed_position, row.resume_position)


def locked(connection: Connection, ref: JournalRef) -> Journal | None:
    """Return where a journal stands; whoever else appends to the device's waits for the end of the transaction."""
    device = select(DEVICES.c.device_id).where(DEVICES.c.owner_id == ref.owner_id, DEVICES.c.device_id == ref.device_id)
    connection.execute(device.with_for_update(key_share=True))
    return get(connection, ref)


def locked_work(connection: Connection, ref: JournalRef) -> Journal | None:
    """Return where a journal with work to do stands; whoever else works on it waits for the end of the transaction."""
    work = select(PENDING_JOURNALS).where(_is(PENDING_JOURNALS, ref)).with_for_update()
    return get(connection, ref) if connection.execute(work).one_or_none() is not None else None


def gaps(connection: Connection, ref: JournalRef) -> list[tuple[int, int]]:
    """Return the ranges (from, to) that were declared gone, in order."""
    columns = (JOURNAL_GAPS.c.from_position, JOURNAL_GAPS.c.to_position)
    query = select(*columns).where(_is(JOURNAL_GAPS, ref)).order_by(JOURNAL_GAPS.c.from_position)
    return [(row.from_position, row.to_position) for row in connection.execute(query)]


def advance_over_gap(connection: Connection, ref: JournalRef, gap: tuple[int, int], held: int, now_s: float) -> None:
    """Record a gap behind the bytes held so far and, with it, that those behind the gap are durable up to `held`."""
    connection.execute(insert(JOURNAL_GAPS).values(**_key(ref), from_position=gap[0], to_position=gap[1]))
    advance(connection, ref, gap[0], held, now_s)


def advance(connection: Connection, ref: JournalRef, start: int, held: int, now_s: float) -> None:
    """Record that the bytes up to `held` are durable and wait for work; `start` counts for a new journal."""
    moved = connection.execute(
        update(JOURNALS).where(_is(JOURNALS, ref)).values(held_position=held, updated_at_s=now_s)
    )
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
    if connection.execute(select(PENDING_JOURNALS).where(_is(PENDING_JOURNALS, ref))).one_or_none() is None:
        connection.execute(insert(PENDING_JOURNALS).values(**_key(ref)))


def processed(connection: Connection, ref: JournalRef, position: int, resume: int) -> None:
    """Record that activities were made of all up to `position`; the work is done unless more has come since."""
    connection.execute(
        update(JOURNALS).where(_is(JOURNALS, ref)).values(processed_position=position, resume_position=resume)
    )
    held = connection.execute(select(JOURNALS.c.held_position).where(_is(JOURNALS, ref))).scalar_one()
    if held == position:
        connection.execute(delete(PENDING_JOURNALS).where(_is(PENDING_JOURNALS, ref)))


def pending(connection: Connection) -> list[JournalRef]:
    """Return the journals with work to do, after a restart."""
    return [JournalRef(*row) for row in connection.execute(select(PENDING_JOURNALS))]


def _key(ref: JournalRef) -> dict[str, object]:
    return {"owner_id": ref.owner_id, "device_id": ref.device_id, "epoch": ref.epoch}


def _is(table: Table, ref: JournalRef) -> ColumnElement[bool]:
    return and_(table.c.owner_id == ref.owner_id, table.c.device_id == ref.device_id, table.c.epoch == ref.epoch)
