"""SQL of new passwords."""

from sqlalchemy import Connection

from paceline_server.addresses import store as addresses
from paceline_server.events import store as events
from paceline_server.events.declared import RECOVERY_ASKED
from paceline_server.platform.policy import Kind
from paceline_server.platform.tokens import remove_tokens
from paceline_server.users import store as users
from paceline_server.users.model import User

NOBODY = "00000000-0000-7000-8000-000000000000"  # whose account is meant is looked up later
LONGEST_ACCOUNT = 200


def ask(connection: Connection, account: str, now_s: float) -> None:
    """Have somebody look whose account that is; the same for one that there is and one that there is not."""
    events.emit(connection, RECOVERY_ASKED, NOBODY, account, now_s)


def find(connection: Connection, account: str) -> tuple[User, str | None] | None:
    """Return the user of a name or of a confirmed address, with the confirmed address."""
    found = users.find(connection, account)
    owner_id = found[0].owner_id if found is not None else addresses.owner_of(connection, account)
    user = users.get(connection, owner_id) if owner_id is not None else None
    return (user, addresses.get(connection, user.owner_id).email) if user is not None else None


def set_password(
    connection: Connection, owner_id: str, password_hash: str, *, spare: bytes | None, programs: bool
) -> None:
    """Keep the new hash; end all sessions but that of the token hash `spare`, and with `programs` every token."""
    users.set_password_hash(connection, owner_id, password_hash)
    remove_tokens(connection, owner_id, lambda token, kind: token != spare and (programs or kind is Kind.SESSION))
