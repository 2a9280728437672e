"""SQL of the wearables' events."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, func, insert, select

from paceline_server.device_events.model import DEVICE_EVENTS, DeviceEvent
from paceline_server.platform.paging import Page, paged

_COLUMNS = tuple(DEVICE_EVENTS.c[name] for name in ("epoch", "position", "kind", "utc_s", "code", "value", "text"))


def take(
    connection: Connection,
    owner_id: str,
    device_id: str,
    epoch: int,
    from_position: int,
    events: Sequence[DeviceEvent],
) -> None:
    """Let these be all events of the journal from a position on. Done twice, it changes nothing."""
    table = DEVICE_EVENTS
    journal = and_(table.c.owner_id == owner_id, table.c.device_id == device_id, table.c.epoch == epoch)
    connection.execute(delete(table).where(journal, table.c.position >= from_position))
    key = {"owner_id": owner_id, "device_id": device_id, "epoch": epoch}
    rows = [
        key
        | {
            "position": event.position,
            "kind": event.kind,
            "utc_s": event.utc_s,
            "code": event.code,
            "value": event.value,
            "text": event.text,
        }
        for event in events
    ]
    if rows:
        connection.execute(insert(table), rows)


def forget_all(connection: Connection, owner_id: str) -> None:
    """Forget all events of an owner's devices."""
    connection.execute(delete(DEVICE_EVENTS).where(DEVICE_EVENTS.c.owner_id == owner_id))


def latest(connection: Connection, owner_id: str, device_id: str, page: Page) -> list[DeviceEvent]:
    """Return a page of a device's events, and one more if there is another page.

    The latest come first, those without a time behind all others.
    """
    table = DEVICE_EVENTS
    query = select(*_COLUMNS).where(table.c.owner_id == owner_id, table.c.device_id == device_id)
    order = (table.c.utc_s, table.c.epoch, table.c.position)
    return [DeviceEvent(*row) for row in connection.execute(paged(query, order, page))]


def count(connection: Connection, owner_id: str, device_id: str) -> int:
    """Return how many events a device has."""
    table = DEVICE_EVENTS
    query = select(func.count()).where(table.c.owner_id == owner_id, table.c.device_id == device_id)
    return connection.execute(query).scalar_one()
