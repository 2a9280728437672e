"""What owners set by hand of settings is kept apart from what is composed; what was set until now stays as it is."""

from alembic import op
from sqlalchemy import Column, Integer, String, Text, Uuid, column, insert, select, table

revision = "0027"
down_revision = "0026"
_SETTINGS = 1  # kind of blob


def upgrade() -> None:
    """Make the table, with a row for every settings blob there is: it was set as a whole."""
    made = op.create_table(
        "wrist_settings",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("fields", Text),
    )
    blobs = table(
        "desired_blobs",
        column("owner_id", Uuid(as_uuid=False)),
        column("device_id", String(16)),
        column("kind", Integer),
    )
    names = ("owner_id", "device_id")
    held = select(*(blobs.c[name] for name in names)).where(blobs.c.kind == _SETTINGS)
    op.execute(insert(made).from_select(list(names), held))
