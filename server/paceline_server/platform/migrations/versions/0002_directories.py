"""User names in a directory of their own, the activities' list in the order of its index."""

from alembic import op
from sqlalchemy import Column, String, Uuid

revision = "0002"
down_revision = "0001"

UNNAMED = {"uq": "%(table_name)s_%(column_0_name)s_key"}  # as PostgreSQL calls what SQLite leaves without a name


def upgrade() -> None:
    """Copy the names, then let the users' table go without its own index of them."""
    op.create_table(
        "usernames",
        Column("username", String(64), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
    op.execute("INSERT INTO usernames (username, owner_id) SELECT username, owner_id FROM users")
    with op.batch_alter_table("users", naming_convention=UNNAMED) as users:
        users.drop_constraint("users_username_key", type_="unique")
    op.drop_index("activities_by_start", "activities")
    op.create_index("activities_by_start", "activities", ["owner_id", "start_utc_s", "activity_id"])
    op.drop_table("schema_version")
