"""A goal's weeks follow the first weekday of the profile, from some day on."""

from alembic import op
from sqlalchemy import Column, Integer, String, Text, case, column, func, or_, select, table, update

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Add the column. Goals that began with the usual day, or the profile's, follow it; a day that was named stays."""
    op.add_column("goals", Column("later_weekdays", Text))
    goals = table("goals", column("owner_id"), column("first_weekday", Integer), column("later_weekdays", Text))
    profiles = table("profiles", column("owner_id"), column("first_weekday", Integer), column("language", String))
    told = func.coalesce(profiles.c.first_weekday, case((profiles.c.language == "en-US", 6), else_=0))
    of_owner = select(told).where(profiles.c.owner_id == goals.c.owner_id).scalar_subquery()
    op.execute(
        update(goals)
        .where(or_(goals.c.first_weekday == 0, goals.c.first_weekday == of_owner))
        .values(later_weekdays="")
    )
