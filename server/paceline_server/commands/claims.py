"""`free`: ends the claim of who has not shown that the wearable is his: no journal of it was sealed with his key."""

import os
import time
from collections.abc import Iterator

from paceline_protocol.journal_reader import JournalReader

from paceline_server.config import Config
from paceline_server.devices import store as devices
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.errors import ConflictError, NotFoundError
from paceline_server.journals import store as journals
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import PAGE_SIZE, Journal
from paceline_server.platform.database import Connection, Database
from paceline_server.platform.sealing import Sealer
from paceline_server.users import store as users

_READ_AT_ONCE = 256 * PAGE_SIZE


def free(config: Config, device_id: str) -> Iterator[str]:
    """Let anybody claim a device; ConflictError when its owner has proven that he holds it."""
    device_id = device_id.lower()
    with Database(config.url) as database:
        owner_id = database.read_now(devices.owner_of, device_id)
        device = database.read_now(devices.get, owner_id, device_id) if owner_id is not None else None
        if owner_id is None or device is None:
            raise NotFoundError("not_found", f"Nobody has claimed the device {device_id}.")
        key = DeviceKeys(Sealer(config.server_key, os.urandom)).journal_key_of(device)
        files = JournalFiles(config.journals)
        if any(is_sealed(files, journal, key) for journal in database.read_now(_journals, owner_id, device_id)):
            raise ConflictError("device_proven", f"{device_id} is its owner's: the seals of its journal fit the key.")
        database.write_now(devices.release, owner_id, device_id, time.time())
        user = database.read_now(users.get, owner_id)
    yield f"device {device_id} can be claimed; it was claimed by {user.username if user is not None else owner_id}"


def is_sealed(files: JournalFiles, journal: Journal, key: bytes) -> bool:
    """Tell whether any seal in a journal fits the journal key."""
    first = journal.start_position
    reader = JournalReader(key, first // PAGE_SIZE, journal.ref.epoch)
    while first < journal.held_position:
        last = min(first + _READ_AT_ONCE, journal.held_position)
        reader.feed(files.read(journal.ref, first, last))
        if reader.sealed_until > journal.start_position:
            return True
        first = last
    return False


def _journals(connection: Connection, owner_id: str, device_id: str) -> list[Journal]:
    found = (journals.get(connection, ref) for ref in journals.of_device(connection, owner_id, device_id))
    return [journal for journal in found if journal is not None]
