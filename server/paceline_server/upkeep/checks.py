"""What the doctor looks at: each check says in a sentence what is well, or what is wrong and what to do."""

import fcntl
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from paceline_server.activities.healing import damaged
from paceline_server.config import Config
from paceline_server.devices import store as devices
from paceline_server.events import store as events
from paceline_server.imports.lost import lost
from paceline_server.journals import store as journals
from paceline_server.journals.files import JournalFiles
from paceline_server.maps.archive import Archive, ArchiveError
from paceline_server.platform.blobs import BlobStoreError, open_blobs
from paceline_server.platform.database import Connection, Database, damage
from paceline_server.platform.migrate import HEAD
from paceline_server.platform.schema import DatabaseError
from paceline_server.users import store as users

FREE_BYTES = 1 << 30
LATE_S = 600.0
EARLIEST_S = 1_767_225_600.0  # 2026-01-01: no machine's clock is right before
NAMED = 3


@dataclass(frozen=True, slots=True)
class Check:
    """What was found."""

    well: bool
    text: str


def checks(config: Config, now_s: float) -> list[Check]:
    """Look at everything; blocks, and reads every blob and a row for each activity and journal."""
    return list(_checks(config, now_s))


def _checks(config: Config, now_s: float) -> Iterator[Check]:
    mode = stat.S_IMODE(config.data.stat().st_mode)
    private = not mode & 0o077
    yield Check(private, f"the data folder has mode {mode:03o}" + ("" if private else f": chmod 700 {config.data}"))
    free = shutil.disk_usage(config.data).free
    yield Check(free >= FREE_BYTES, f"{free >> 20} MiB are free on the disk of the data folder")
    yield Check(now_s >= EARLIEST_S, "the clock can be right" if now_s >= EARLIEST_S else "the clock is years behind")
    from paceline_server.upkeep.certificate_check import certificate_findings  # noqa: PLC0415 (who serves has no use)

    for well, text in certificate_findings(config, now_s):
        yield Check(well, text)
    if config.map_file is not None:
        yield _of_map(config.map_file)
    yield Check(True, "a server runs on the data folder" if _is_held(config) else "no server runs on the data folder")
    try:
        with Database(config.url) as database:
            yield from _of_database(database, config, now_s)
    except DatabaseError as error:
        yield Check(False, str(error))


def _of_map(path: Path) -> Check:
    try:
        archive = Archive(path)
    except ArchiveError as error:
        return Check(False, f"map_file: {error}")
    told = archive.told
    archive.close()
    return Check(True, f"the map's file has {told.content_type} for zooms {told.lowest_zoom} to {told.highest_zoom}")


def _is_held(config: Config) -> bool:
    with (config.data / "server.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _of_database(database: Database, config: Config, now_s: float) -> Iterator[Check]:
    yield Check(True, f"the database answers and has revision {HEAD}")
    wrong = database.read_now(damage)
    yield Check(wrong is None, f"the database is damaged: {wrong}" if wrong else "the database is not damaged")
    dead = database.read_now(events.count_dead)
    yield Check(dead == 0, f"{dead} events failed for good" + (": paceline-server events lists them" if dead else ""))
    due, since_s = database.read_now(events.waiting, now_s)
    late = since_s is not None and 0 < since_s < now_s - LATE_S
    advice = ", the oldest for over ten minutes: is a server running?" if late else ""
    yield Check(not late, f"{due} events are due{advice}")
    yield from _of_blobs(database, config)
    short = database.read_now(_short_journals, JournalFiles(config.journals))
    advice = ": restore a backup of the data folder"
    yield _of_list(short, "journals are shorter than the database knows", "every journal is held in full", advice)


def _of_list(found: list[str], wrong: str, well: str, advice: str) -> Check:
    named = ", ".join(found[:NAMED]) + (", …" if len(found) > NAMED else "")
    return Check(not found, f"{len(found)} {wrong} ({named}){advice}" if found else well)


def _of_blobs(database: Database, config: Config) -> Iterator[Check]:
    try:
        blobs = open_blobs(config.blobs, config.blob_url)
        found, without = database.read_now(damaged, blobs), database.read_now(lost, blobs)
    except BlobStoreError as error:
        yield Check(False, str(error))
        return
    wrong = [activity_id for _, activity_id in found]
    advice = "; paceline-server events backfill healing makes it again from journals and files"
    yield _of_list(
        wrong, "activities whose telemetry is damaged or missing", "every activity has its telemetry, unharmed", advice
    )
    advice = ": restore them from a backup"
    yield _of_list(without, "activities whose file is damaged or missing", "every activity's file is held", advice)


def _short_journals(connection: Connection, files: JournalFiles) -> list[str]:
    found = []
    for user in users.everybody(connection):
        for device in devices.list_for(connection, user.owner_id):
            for ref in journals.of_device(connection, user.owner_id, device.device_id):
                journal = journals.get(connection, ref)
                if journal is not None and files.size(ref) < journal.held_position:
                    found.append(ref.subject)
    return found
