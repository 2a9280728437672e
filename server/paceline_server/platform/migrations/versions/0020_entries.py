"""Letters and their links, confirmed e-mail addresses, second factors and passkeys; when a session was proved."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    insert,
    literal,
    select,
)

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the tables; an address that was told before waits to be confirmed."""
    _make_letters()
    _make_addresses()
    _make_factors()
    op.add_column("tokens", Column("proved_at_s", Double))


def _make_letters() -> None:
    op.create_table(
        "letters",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("letter_id", String(36), primary_key=True),
        Column("sealed", LargeBinary, nullable=False),
        Column("made_at_s", Double, nullable=False),
        Column("expires_at_s", Double, nullable=False),
    )
    op.create_table(
        "links",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("link_hash", LargeBinary(32), primary_key=True),
        Column("purpose", String(16), nullable=False),
        Column("about", String(254), nullable=False),
        Column("expires_at_s", Double, nullable=False),
    )


def _make_addresses() -> None:
    op.create_table(
        "email_directory",
        Column("email", String(254), primary_key=True),
        Column("owner_id", Uuid(as_uuid=False), nullable=False),
    )
    waiting = op.create_table(
        "email_addresses",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("email", String(254)),
        Column("waiting", String(254)),
    )
    owner_id, email = Column("owner_id", Uuid(as_uuid=False)), Column("email", String(254))
    profiles = Table("profiles", MetaData(), owner_id, email)
    told = select(profiles.c.owner_id, literal(None, String), profiles.c.email).where(profiles.c.email.is_not(None))
    op.execute(insert(waiting).from_select(["owner_id", "email", "waiting"], told))
    op.drop_column("profiles", "email")


def _make_factors() -> None:
    op.create_table(
        "second_factors",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("sealed_secret", LargeBinary, nullable=False),
        Column("confirmed", Boolean, nullable=False),
        Column("last_step", BigInteger, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("failed_at_s", Double, nullable=False),
    )
    op.create_table(
        "recovery_codes",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("code_hash", LargeBinary(32), primary_key=True),
    )
    op.create_table(
        "passkeys",
        Column("owner_id", Uuid(as_uuid=False), primary_key=True),
        Column("credential_hash", LargeBinary(32), primary_key=True),
        Column("credential", LargeBinary, nullable=False),
        Column("public_key", LargeBinary, nullable=False),
        Column("rp_id", String(253), nullable=False),
        Column("sign_count", BigInteger, nullable=False),
        Column("name", String(60), nullable=False),
        Column("created_at_s", Double, nullable=False),
        Column("used_at_s", Double),
    )
    op.create_table(
        "passkey_challenges",
        Column("ticket_hash", LargeBinary(32), primary_key=True),
        Column("challenge", LargeBinary(32), nullable=False),
        Column("purpose", String(16), nullable=False),
        Column("about", LargeBinary(32)),
        Column("expires_at_s", Double, nullable=False),
    )
    op.create_index("passkey_challenges_by_expiry", "passkey_challenges", ["expires_at_s"])
