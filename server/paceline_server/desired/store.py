"""SQL of what should be on wearables, and of what they say."""

from dataclasses import asdict

from sqlalchemy import Connection, Table, and_, insert, select, update

from paceline_server.desired.model import (
    DESIRED_BLOBS,
    DEVICE_STATUS,
    WRIST_SETTINGS,
    ByHand,
    DesiredBlob,
    DeviceStatus,
)
from paceline_server.devices.model import DEVICES
from paceline_server.platform.etags import ANY, Condition


def blobs(connection: Connection, owner_id: str, device_id: str) -> list[DesiredBlob]:
    """Return all blobs of a device in the order of their kinds, those taken back among them."""
    table = DESIRED_BLOBS
    columns = (table.c.kind, table.c.version, table.c.data, table.c.set_at_s)
    query = select(*columns).where(table.c.owner_id == owner_id, table.c.device_id == device_id)
    return [DesiredBlob(*row) for row in connection.execute(query.order_by(table.c.kind))]


def state_tag(blob: DesiredBlob) -> str:
    """Return the tag of a blob: its version, which is never given twice."""
    return str(blob.version)


def want(
    connection: Connection,
    owner_id: str,
    device_id: str,
    kind: int,
    data: bytes,
    version: int | None,
    now_s: float,
    condition: Condition = ANY,
) -> DesiredBlob:
    """Set the blob of a kind; without a version it gets the next one. The same data again changes nothing.

    PreconditionError when the one before is not what the condition demands.
    """
    before = demand(connection, owner_id, device_id, kind, condition)
    if before is not None and before.data == data and version in (None, before.version):
        return before
    if version is None:
        version = before.version + 1 if before is not None else 1
    blob = DesiredBlob(kind, version, data, now_s)
    key = {"owner_id": owner_id, "device_id": device_id, "kind": kind}
    _replace(connection, DESIRED_BLOBS, key, {"version": version, "data": data, "set_at_s": now_s})
    return blob


def demand(
    connection: Connection, owner_id: str, device_id: str, kind: int, condition: Condition
) -> DesiredBlob | None:
    """Return the blob of a kind, while whoever else sets one waits; PreconditionError when it is not as demanded."""
    _lock(connection, owner_id, device_id)
    before = {blob.kind: blob for blob in blobs(connection, owner_id, device_id)}.get(kind)
    condition.demand(state_tag(before) if before is not None and before.data else None)
    return before


def blob_of(connection: Connection, owner_id: str, device_id: str, kind: int) -> DesiredBlob | None:
    """Return the blob of a kind, one that was taken back too; None for none."""
    return {blob.kind: blob for blob in blobs(connection, owner_id, device_id)}.get(kind)


def data_of(connection: Connection, owner_id: str, device_id: str, kind: int) -> bytes:
    """Return the data of the blob of a kind, empty for none."""
    found = {blob.kind: blob.data for blob in blobs(connection, owner_id, device_id)}
    return found.get(kind, b"")


def by_hand(connection: Connection, owner_id: str, device_id: str) -> ByHand:
    """Return what the owner set by hand of a device's settings."""
    table = WRIST_SETTINGS
    query = select(table.c.fields).where(table.c.owner_id == owner_id, table.c.device_id == device_id)
    row = connection.execute(query).one_or_none()
    return ByHand(row.fields, row.fields is None) if row is not None else ByHand()


def set_by_hand(connection: Connection, owner_id: str, device_id: str, text: str | None) -> None:
    """Keep what the owner set by hand, as ByHand has it; None for a whole blob."""
    _lock(connection, owner_id, device_id)
    _replace(connection, WRIST_SETTINGS, {"owner_id": owner_id, "device_id": device_id}, {"fields": text})


def status(connection: Connection, owner_id: str, device_id: str) -> DeviceStatus | None:
    """Return what a device said last, None when no gateway has told."""
    table = DEVICE_STATUS
    query = select(table).where(table.c.owner_id == owner_id, table.c.device_id == device_id)
    row = connection.execute(query).one_or_none()
    return DeviceStatus(*row[2:]) if row is not None else None


def heard(connection: Connection, owner_id: str, device_id: str, said: DeviceStatus) -> None:
    """Keep what a device said."""
    _replace(connection, DEVICE_STATUS, {"owner_id": owner_id, "device_id": device_id}, asdict(said))


def _lock(connection: Connection, owner_id: str, device_id: str) -> None:
    """Let whoever else sets something of the device wait."""
    device = select(DEVICES.c.device_id).where(DEVICES.c.owner_id == owner_id, DEVICES.c.device_id == device_id)
    connection.execute(device.with_for_update(key_share=True))


def _replace(connection: Connection, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
    where = and_(*(table.c[name] == value for name, value in key.items()))
    if connection.execute(update(table).where(where).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))
