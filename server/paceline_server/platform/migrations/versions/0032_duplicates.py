"""One workout recorded twice: what stands behind what, what was said of pairs, and the groups."""

from alembic import op
from sqlalchemy import JSON, Boolean, Column, Double, String, Uuid

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Add the column, and the tables."""
    op.add_column("activities", Column("behind", Uuid(as_uuid=False)))
    op.create_index("activities_behind", "activities", ["owner_id", "behind"])
    op.create_table(
        "activity_pairs",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("one_id", Uuid(as_uuid=False), primary_key=True),
        Column("other_id", Uuid(as_uuid=False), primary_key=True),
        Column("same", String(8), nullable=False),
        Column("said_by", String(8), nullable=False),
        Column("reasons", JSON, nullable=False),
        Column("stamp", String(64), nullable=False),
    )
    op.create_index("activity_pairs_by_other", "activity_pairs", ["owner_id", "other_id"])
    op.create_table(
        "activity_groups",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("group_id", Uuid(as_uuid=False), primary_key=True),
        Column("shown_id", Uuid(as_uuid=False), nullable=False),
        Column("merged", Boolean, nullable=False),
        Column("choices", JSON, nullable=False),
        Column("used", JSON, nullable=False),
        Column("made_of", String(64), nullable=False),
        Column("updated_at_s", Double, nullable=False),
    )
    op.create_index("activity_groups_by_shown", "activity_groups", ["owner_id", "shown_id"], unique=True)
