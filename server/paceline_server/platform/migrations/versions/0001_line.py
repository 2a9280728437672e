"""Accounts, devices, journals and activities."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    inspect,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables; a database from before the revisions has them already, with `schema_version` beside them."""
    if inspect(op.get_bind()).has_table("schema_version"):
        return
    op.create_table("schema_version", Column("version", BigInteger, primary_key=True))
    _accounts()
    _devices()
    _journals()
    _activities()


def _owner() -> Column[str]:
    return Column("owner_id", Uuid(as_uuid=False), primary_key=True)


def _accounts() -> None:
    op.create_table(
        "users",
        _owner(),
        Column("username", String(64), nullable=False),
        Column("password_hash", String(200), nullable=False),
        Column("created_at_s", Double, nullable=False),
        UniqueConstraint("username", name="users_username_key"),
    )
    op.create_table(
        "tokens",
        _owner(),
        Column("token_hash", LargeBinary(32), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("label", String(100), nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("expires_at_s", Double),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        _owner(),
        Column("device_id", String(16), primary_key=True),
        Column("device_key", LargeBinary(32), nullable=False),
        Column("claimed_at_s", Double, nullable=False),
    )
    op.create_table(
        "device_owners",
        Column("device_id", String(16), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )


def _journals() -> None:
    op.create_table(
        "journals",
        _owner(),
        Column("device_id", String(16), primary_key=True),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
        Column("start_position", BigInteger, nullable=False),
        Column("held_position", BigInteger, nullable=False),
        Column("processed_position", BigInteger, nullable=False),
        Column("resume_position", BigInteger, nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("updated_at_s", Double, nullable=False),
    )
    op.create_table(
        "pending_journals",
        _owner(),
        Column("device_id", String(16), primary_key=True),
        Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    )


def _activities() -> None:
    op.create_table(
        "activities",
        _owner(),
        Column("activity_id", Uuid(as_uuid=False), primary_key=True),
        Column("source_key", String(100), nullable=False),
        Column("fingerprint", String(64), nullable=False),
        Column("sport", String(32), nullable=False),
        Column("source", String(100), nullable=False),
        Column("status", String(16), nullable=False),
        Column("start_utc_s", Double, nullable=False),
        Column("duration_s", Double, nullable=False),
        Column("moving_time_s", Double, nullable=False),
        Column("distance_m", Double, nullable=False),
        Column("ascent_m", Double),
        Column("heart_rate_avg_bpm", Double),
        Column("heart_rate_max_bpm", Double),
        Column("calories_kcal", Double),
        Column("points_count", BigInteger, nullable=False),
        Column("whole", Boolean, nullable=False),
        Column("route_polyline", Text, nullable=False),
        Column("detail", JSON, nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("updated_at_s", Double, nullable=False),
        UniqueConstraint("owner_id", "source_key", name="activities_owner_id_source_key_key"),
    )
    op.create_index("activities_by_start", "activities", ["owner_id", "start_utc_s"])
    op.create_table(
        "activity_tombstones",
        _owner(),
        Column("source_key", String(100), primary_key=True),
        Column("deleted_at_s", Double, nullable=False),
    )
