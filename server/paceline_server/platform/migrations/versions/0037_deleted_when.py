"""A tombstone says when its workout was: another file of it is known again by that."""

from alembic import op
from sqlalchemy import JSON, Column, Double, MetaData, String, Table, Uuid, select, update

revision = "0037"
down_revision = "0036"

_NAMES = ("start_utc_s", "duration_s", "distance_m")
_TABLE = Table(
    "activity_tombstones",
    MetaData(),
    Column("owner_id", Uuid(as_uuid=False)),
    Column("source_key", String(100)),
    Column("kept", JSON(none_as_null=True)),
    *(Column(name, Double) for name in _NAMES),
)


def upgrade() -> None:
    """Add the columns, and fill them of what can be restored."""
    for name in _NAMES:
        op.add_column("activity_tombstones", Column(name, Double))
    op.create_index("activity_tombstones_by_start", "activity_tombstones", ["owner_id", "start_utc_s"])
    connection = op.get_bind()
    for row in connection.execute(select(_TABLE).where(_TABLE.c.kept.is_not(None))).all():
        of = (_TABLE.c.owner_id == row.owner_id, _TABLE.c.source_key == row.source_key)
        when = {name: row.kept.get(name) for name in _NAMES}
        connection.execute(update(_TABLE).where(*of).values(when))
