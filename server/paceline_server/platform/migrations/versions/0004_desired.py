"""What should be on wearables, and what they last said of themselves."""

from alembic import op
from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, String, Uuid

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "desired_blobs",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("kind", Integer, primary_key=True, autoincrement=False),
        Column("version", BigInteger, nullable=False),
        Column("data", LargeBinary, nullable=False),
        Column("set_at_s", Double, nullable=False),
    )
    op.create_table(
        "device_status",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("device_id", String(16), primary_key=True),
        Column("heard_at_s", Double, nullable=False),
        Column("epoch", BigInteger, nullable=False),
        Column("end_position", BigInteger, nullable=False),
        Column("confirmed_position", BigInteger, nullable=False),
        *(Column(name, Integer, nullable=False) for name in ("battery_percent", "battery_millivolt", "recording")),
        *(Column(name, Integer, nullable=False) for name in ("fix", "user_slot")),
        Column("firmware", String(11), nullable=False),
        *(
            Column(name, BigInteger, nullable=False)
            for name in ("settings_version", "plan_version", "assistance_version")
        ),
    )
