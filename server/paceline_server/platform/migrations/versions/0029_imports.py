"""Imports: batches, and the files in them."""

from alembic import op
from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Integer, String, Text, Uuid

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the tables."""
    owner = lambda: Column("owner_id", Uuid(as_uuid=False), primary_key=True)  # noqa: E731 (a column is of one table)
    batch = lambda: Column("batch_id", Uuid(as_uuid=False), primary_key=True)  # noqa: E731
    op.create_table(
        "imports",
        owner(),
        batch(),
        Column("name", String(200), nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("staged_sha256", String(64), nullable=False),
        Column("state", String(16), nullable=False),
        Column("at_once", Boolean),
        Column("reason", Text, nullable=False),
        Column("total_files", Integer, nullable=False),
        Column("read_files", Integer, nullable=False),
        Column("made_at_s", Double, nullable=False),
    )
    op.create_table(
        "import_files",
        owner(),
        batch(),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("name", String(200), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("state", String(16), nullable=False),
        Column("wanted", String(8), nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", JSON, nullable=False),
    )
    op.create_index("import_files_by_content", "import_files", ["owner_id", "sha256", "batch_id"])
    op.create_index("import_files_by_state", "import_files", ["owner_id", "batch_id", "state", "number"])
    op.create_index("import_files_by_wish", "import_files", ["owner_id", "batch_id", "wanted", "number"])
