"""Drops what is derived from journals. Ids, times of making and what was deleted stay: those follow from nothing."""

from paceline_server.activities import store as activities
from paceline_server.daily import store as daily
from paceline_server.device_events import store as device_events
from paceline_server.platform.database import Connection
from paceline_server.users import store as users


def forget_derived(connection: Connection) -> None:
    """Forget, of all users, days and device events; let every activity be made anew from its source."""
    for user in users.everybody(connection):
        daily.forget_all(connection, user.owner_id)
        device_events.forget_all(connection, user.owner_id)
        activities.let_be_made_anew(connection, user.owner_id)
