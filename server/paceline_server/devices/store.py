"""SQL of the devices."""

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from paceline_server.devices.model import DEVICE_OWNERS, DEVICES, Device
from paceline_server.errors import ConflictError


def claim(connection: Connection, device: Device) -> None:
    """Add a device; ConflictError when it is claimed."""
    try:
        connection.execute(insert(DEVICE_OWNERS).values(device_id=device.device_id, owner_id=device.owner_id))
    except IntegrityError as error:
        raise ConflictError("device_claimed", f"The device {device.device_id} is claimed already.") from error
    connection.execute(
        insert(DEVICES).values(
            owner_id=device.owner_id,
            device_id=device.device_id,
            device_key=device.device_key,
            claimed_at_s=device.claimed_at_s,
        )
    )


def get(connection: Connection, owner_id: str, device_id: str) -> Device | None:
    """Return an owner's device."""
    query = select(DEVICES).where(DEVICES.c.owner_id == owner_id, DEVICES.c.device_id == device_id)
    row = connection.execute(query).one_or_none()
    return Device(*row) if row is not None else None


def list_for(connection: Connection, owner_id: str) -> list[Device]:
    """Return an owner's devices."""
    query = select(DEVICES).where(DEVICES.c.owner_id == owner_id).order_by(DEVICES.c.device_id)
    return [Device(*row) for row in connection.execute(query)]
