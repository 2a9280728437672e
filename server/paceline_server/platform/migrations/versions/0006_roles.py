"""Roles of users; whoever was first is the admin."""

from alembic import op
from sqlalchemy import Column, Double, String, Uuid, column, select, table, update

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", Column("role", String(16), nullable=False, server_default="user"))
    users = table("users", column("owner_id", Uuid(as_uuid=False)), column("created_at_s", Double), column("role"))
    first = select(users.c.owner_id).order_by(users.c.created_at_s, users.c.owner_id).limit(1).scalar_subquery()
    op.execute(update(users).where(users.c.owner_id == first).values(role="admin"))
