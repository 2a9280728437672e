"""Device keys are sealed: those that are there wait for the server's own key, which the next start has."""

from alembic import op
from sqlalchemy import Column, String, Uuid, column, insert, select, table

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the queue and put every device into it."""
    op.create_table(
        "unsealed_devices",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
    )
    names = ("owner_id", "device_id")
    devices, waiting = table("devices", *map(column, names)), table("unsealed_devices", *map(column, names))
    op.execute(insert(waiting).from_select(list(names), select(devices.c.owner_id, devices.c.device_id)))
