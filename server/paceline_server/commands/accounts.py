"""`setup`, `claim`, `invite` and `user`: accounts from the machine itself."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paceline_server.config import Config
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.devices.service import DeviceService
from paceline_server.entries import Entries, make_entries
from paceline_server.errors import NotFoundError, UsageError
from paceline_server.mail.writing import Desk
from paceline_server.new_password.service import recovery_link
from paceline_server.platform.database import Database
from paceline_server.platform.passwords import Passwords
from paceline_server.platform.policy import Kind, Role
from paceline_server.platform.sealing import Sealer
from paceline_server.platform.tokens import remove_tokens
from paceline_server.registration.service import invite_now
from paceline_server.users import store as users
from paceline_server.users.service import normal_name

KEY_HEX_DIGITS = 64


def setup(config: Config, username: str, password_file: Path | None) -> Iterator[str]:
    """Make a user and an API token, which is shown once."""
    made = password_file is None
    password = secrets.token_urlsafe(12) if password_file is None else _first_line(password_file)
    with _entries(config) as entries:
        user, token = entries.users.create(username, password)
    yield f"user name: {user.username}"
    if made:
        yield f"password: {password}"
    yield f"user id: {user.owner_id}"
    yield f"API token (shown only now): {token}"


def claim(config: Config, username: str, device_id: str, key_file: Path) -> Iterator[str]:
    """Make a wearable a user's."""
    key = _key(key_file)
    database = Database(config.url)
    try:
        found = database.read_now(users.find, normal_name(username))
        if found is None:
            raise NotFoundError("not_found", f"There is no user {username}.")
        keys = DeviceKeys(Sealer(config.server_key, os.urandom))
        device = DeviceService(database, keys, time.time).claim(found[0].owner_id, device_id, key)
    finally:
        database.close()
    yield f"device {device.device_id} belongs to {found[0].username}"


def list_users(config: Config) -> Iterator[str]:
    """Say who there is."""
    database = Database(config.url)
    try:
        everybody = database.read_now(users.everybody)
    finally:
        database.close()
    for user in everybody:
        yield f"{user.owner_id}  {user.role}  {user.username}"


def set_role(config: Config, username: str, role: str) -> Iterator[str]:
    """Give a user a role."""
    with _entries(config) as entries:
        user = entries.users.set_role(username, Role(role))
    yield f"{user.username} is {user.role}"


def close(config: Config, username: str, *, tokens: bool) -> Iterator[str]:
    """End a user's sessions; with `tokens` programs and gateways lose theirs, too."""
    with Database(config.url) as database:
        found = database.read_now(users.find, normal_name(username))
        if found is None:
            raise NotFoundError("not_found", f"There is no user {username}.")
        owner_id = found[0].owner_id
        count = database.write_now(remove_tokens, owner_id, lambda _, kind: tokens or kind is Kind.SESSION)
    yield f"{count} {'sessions and tokens' if tokens else 'sessions'} of {found[0].username} are closed"


def recover(config: Config, username: str) -> Iterator[str]:
    """Make a link to choose a new password, which is shown once."""
    database = Database(config.url)
    try:
        desk = Desk(Sealer(config.server_key, os.urandom), time.time, os.urandom, config.address)
        link = recovery_link(database, desk, username, time.time())
    finally:
        database.close()
    yield f"a link for {username} to choose a new password, for an hour: {link}"


def reset_second_factor(config: Config, username: str) -> Iterator[str]:
    """Have the log-in of somebody who lost authenticator and recovery codes ask for no code."""
    with _entries(config) as entries:
        there_was_one = entries.reset_second_factor(username)
    yield f"{username} logs in without a code" + ("" if there_was_one else ", as before")


def invite(config: Config) -> Iterator[str]:
    """Make an invitation, which is shown once."""
    database = Database(config.url)
    try:
        invitation = invite_now(database, time.time(), os.urandom)
    finally:
        database.close()
    yield f"invitation (shown only now, for one account within a week): {invitation.code}"
    if config.registration != "invite":
        yield f"registration is {config.registration}; serve with --registration invite to have it asked for"


def _first_line(file: Path) -> str:
    return (file.read_text("utf-8").splitlines() or [""])[0]


@contextmanager
def _entries(config: Config) -> Iterator[Entries]:
    database, passwords = Database(config.url), Passwords()
    try:
        sealer = Sealer(config.server_key, os.urandom)
        yield make_entries(config, database, passwords, sealer, time.time, os.urandom)
    finally:
        passwords.close()
        database.close()


def _key(file: Path) -> bytes:
    data = file.read_bytes()
    text = data.strip()
    if len(text) == KEY_HEX_DIGITS:
        try:
            return bytes.fromhex(text.decode("ascii"))
        except ValueError:
            raise UsageError(f"{file} does not hold hex digits") from None
    return data
