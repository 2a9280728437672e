"""What somebody wants to be told, and when; letters of notices."""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, String, Uuid, text

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the tables, and the column of the letters."""
    op.create_table(
        "notice_rules",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("quiet_from_min", Integer),
        Column("quiet_to_min", Integer),
        Column("reminder_min", Integer),
        Column("reminder_weekdays", Integer, nullable=False),
        Column("digest_min", Integer),
        Column("inactive_days", Integer),
        Column("unsynced_h", Integer),
    )
    op.create_table(
        "notice_switches",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("kind", String(16), primary_key=True),
        Column("channel", String(8), primary_key=True),
        Column("switched_on", Boolean, nullable=False),
    )
    op.add_column("notices", Column("mail", String(8), nullable=False, server_default=text("''")))
    op.create_index("notices_by_mail", "notices", ["owner_id", "mail"])
