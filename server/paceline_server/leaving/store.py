"""SQL of leaving: of all tables there are, whatever a new domain brings."""

from sqlalchemy import Connection, delete, select

from paceline_server.addresses import store as addresses
from paceline_server.addresses.model import EMAIL_DIRECTORY
from paceline_server.devices.model import DEVICE_OWNERS, DEVICES
from paceline_server.events import store as events
from paceline_server.events.declared import ACCOUNT_LEFT, ACCOUNTS
from paceline_server.events.model import EVENTS
from paceline_server.households import store as households
from paceline_server.platform.schema import METADATA
from paceline_server.users.model import USERNAMES, USERS

AT_ONCE, LATER = "at once", "later"
LATER_S = 120.0  # longer than any request or decoding that was under way when its account was deleted


def leave(connection: Connection, owner_id: str, now_s: float) -> None:
    """Delete all rows of a user, and have the files deleted; again later, for what was under way."""
    households.forget(connection, owner_id, now_s)
    wipe(connection, owner_id)
    events.emit(connection, ACCOUNT_LEFT, owner_id, AT_ONCE, now_s)
    events.emit(connection, ACCOUNT_LEFT, owner_id, LATER, now_s, delay_s=LATER_S)


def wipe(connection: Connection, owner_id: str) -> None:
    """Delete all rows of a user but for the events that do the rest."""
    name = select(USERS.c.username).where(USERS.c.owner_id == owner_id).scalar_subquery()
    connection.execute(delete(USERNAMES).where(USERNAMES.c.username == name, USERNAMES.c.owner_id == owner_id))
    of_owner = select(DEVICES.c.device_id).where(DEVICES.c.owner_id == owner_id)
    theirs = (DEVICE_OWNERS.c.owner_id == owner_id, DEVICE_OWNERS.c.device_id.in_(of_owner))
    connection.execute(delete(DEVICE_OWNERS).where(*theirs))
    connection.execute(delete(EVENTS).where(EVENTS.c.owner_id == owner_id, EVENTS.c.handler != ACCOUNTS))
    addresses.remove(connection, owner_id)
    done = {USERNAMES.name, DEVICE_OWNERS.name, EVENTS.name, EMAIL_DIRECTORY.name}
    for table in METADATA.sorted_tables:
        if "owner_id" in table.c and table.name not in done:
            connection.execute(delete(table).where(table.c.owner_id == owner_id))
