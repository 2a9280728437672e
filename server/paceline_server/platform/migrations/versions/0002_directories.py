"""User names in a directory of their own, the activities' list in the order of its index."""

from alembic import op
from sqlalchemy import Column, String, Uuid, column, insert, select, table

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
    users, usernames = (table(name, column("username"), column("owner_id")) for name in ("users", "usernames"))
    names = ["username", "owner_id"]
    op.execute(insert(usernames).from_select(names, select(users.c.username, users.c.owner_id)))
    with op.batch_alter_table("users", naming_convention=UNNAMED) as batch:
        batch.drop_constraint("users_username_key", type_="unique")
    op.drop_index("activities_by_start", "activities")
    op.create_index("activities_by_start", "activities", ["owner_id", "start_utc_s", "activity_id"])
    op.drop_table("schema_version")
