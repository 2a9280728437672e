"""SQL of the devices."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from paceline_server.devices.model import DEVICE_OWNERS, DEVICES, OFFERED_DEVICES, UNSEALED_DEVICES, Device
from paceline_server.errors import ConflictError
from paceline_server.events import store as events
from paceline_server.events.declared import NOTICES_TIMED, WEARABLE_CHANGED
from paceline_server.households import store as households
from paceline_server.platform.etags import ANY, Condition, tag_of
from paceline_server.platform.prepared import Prepared
from paceline_server.platform.turns import alone

_ALL = Prepared(select(DEVICES).where(DEVICES.c.owner_id == bindparam("owner")).order_by(DEVICES.c.device_id))
_ONE = Prepared(
    select(DEVICES).where(DEVICES.c.owner_id == bindparam("owner"), DEVICES.c.device_id == bindparam("device"))
)


def claim(connection: Connection, device: Device, *, anew: bool = False) -> None:
    """Add a device; ConflictError when it is claimed. With `anew` its key takes the place of what is known of it."""
    try:
        connection.execute(insert(DEVICE_OWNERS).values(device_id=device.device_id, owner_id=device.owner_id))
    except IntegrityError as error:
        raise ConflictError("device_claimed", f"The device {device.device_id} is claimed already.") from error
    connection.execute(delete(OFFERED_DEVICES).where(OFFERED_DEVICES.c.device_id == device.device_id))
    events.emit(connection, WEARABLE_CHANGED, device.owner_id, device.device_id, device.claimed_at_s)
    # It is missed after an hour at the earliest.
    events.emit(connection, NOTICES_TIMED, device.owner_id, "all", device.claimed_at_s, delay_s=3600.0)
    values: dict[str, object] = {"claimed_at_s": device.claimed_at_s, "released_at_s": None}
    if anew:
        values["device_key"] = device.sealed_key
    if connection.execute(update(DEVICES).where(_is(device.owner_id, device.device_id)).values(values)).rowcount:
        return  # released once, and taken back, or come with an archive
    connection.execute(
        insert(DEVICES).values(
            owner_id=device.owner_id,
            device_id=device.device_id,
            device_key=device.sealed_key,
            claimed_at_s=device.claimed_at_s,
        )
    )


def change(
    connection: Connection, owner_id: str, device_id: str, values: dict[str, object], condition: Condition = ANY
) -> Device | None:
    """Change columns of an owner's device and return it; None when there is none.

    PreconditionError when it is not what the condition demands.
    """
    alone(connection, owner_id, f"device {device_id}")
    before = get(connection, owner_id, device_id)
    condition.demand(state_tag(before) if before is not None else None)
    if values:
        connection.execute(update(DEVICES).where(_is(owner_id, device_id)).values(values))
    return get(connection, owner_id, device_id)


def release(connection: Connection, owner_id: str, device_id: str, now_s: float, *, offer: bool = False) -> None:
    """Let anybody who has its key claim the device; its row stays, as what it recorded is read with its key.

    With `offer` whoever has its code may claim it.
    """
    is_it = and_(DEVICE_OWNERS.c.device_id == device_id, DEVICE_OWNERS.c.owner_id == owner_id)
    connection.execute(delete(DEVICE_OWNERS).where(is_it))
    connection.execute(update(DEVICES).where(_is(owner_id, device_id)).values(released_at_s=now_s))
    households.end_all(connection, owner_id, device_id, now_s)
    if offer:
        connection.execute(insert(OFFERED_DEVICES).values(device_id=device_id, owner_id=owner_id))


def offered(connection: Connection, device_id: str) -> Device | None:
    """Return a device that its owner before passes on, as he had it; None when nobody does."""
    query = select(OFFERED_DEVICES.c.owner_id).where(OFFERED_DEVICES.c.device_id == device_id)
    owner_id = connection.execute(query).scalar_one_or_none()
    return get(connection, owner_id, device_id) if owner_id is not None else None


def offered_by(connection: Connection, owner_id: str) -> list[Device]:
    """Return the devices that somebody passes on, and that nobody has claimed."""
    by_owner = and_(
        OFFERED_DEVICES.c.device_id == DEVICES.c.device_id, OFFERED_DEVICES.c.owner_id == DEVICES.c.owner_id
    )
    query = select(DEVICES).join(OFFERED_DEVICES, by_owner).where(DEVICES.c.owner_id == owner_id)
    return [Device(*row) for row in connection.execute(query.order_by(DEVICES.c.device_id))]


def get(connection: Connection, owner_id: str, device_id: str) -> Device | None:
    """Return an owner's device."""
    row = _ONE.row(connection, owner=owner_id, device=device_id)
    return Device(*row) if row is not None else None


def state_tag(device: Device) -> str:
    """Return the tag of what an owner may change of a device."""
    return tag_of({"name": device.name, "revoked": device.revoked_at_s})


def owner_of(connection: Connection, device_id: str) -> str | None:
    """Return who has a device, None when nobody has claimed it."""
    query = select(DEVICE_OWNERS.c.owner_id).where(DEVICE_OWNERS.c.device_id == device_id)
    return connection.execute(query).scalar_one_or_none()


def list_for(connection: Connection, owner_id: str) -> list[Device]:
    """Return an owner's devices, those that were released among them."""
    return [Device(*row) for row in _ALL.rows(connection, owner=owner_id)]


def any_device(connection: Connection) -> Device | None:
    """Return some device, to see whether its key can be opened; None when there is none."""
    row = connection.execute(select(DEVICE_OWNERS.c.owner_id, DEVICE_OWNERS.c.device_id).limit(1)).one_or_none()
    return get(connection, row.owner_id, row.device_id) if row is not None else None


def seal_waiting(connection: Connection, seal: Callable[[str, str, bytes], bytes], most: int) -> int:
    """Seal so many of the keys in plain form; return how many. Processes that start together share the work."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what was there is overwritten, not just forgotten
    queue = select(UNSEALED_DEVICES).limit(most).with_for_update(skip_locked=True)
    waiting = connection.execute(queue).all()
    for owner_id, device_id in waiting:
        device = get(connection, owner_id, device_id)
        if device is not None:
            sealed = seal(owner_id, device_id, device.sealed_key)
            connection.execute(update(DEVICES).where(_is(owner_id, device_id)).values(device_key=sealed))
        done = and_(UNSEALED_DEVICES.c.owner_id == owner_id, UNSEALED_DEVICES.c.device_id == device_id)
        connection.execute(delete(UNSEALED_DEVICES).where(done))
    return len(waiting)


def _is(owner_id: str, device_id: str) -> ColumnElement[bool]:
    return and_(DEVICES.c.owner_id == owner_id, DEVICES.c.device_id == device_id)
