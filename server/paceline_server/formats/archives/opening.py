"""Which platform's export a file is."""

from collections.abc import Iterator
from typing import BinaryIO

from paceline_server.formats.archives.apple_health import LARGEST_EXPORT, AppleHealth
from paceline_server.formats.archives.archive import Archive
from paceline_server.formats.archives.garmin import Garmin
from paceline_server.formats.archives.google_fit import GoogleFit
from paceline_server.formats.archives.health_connect import DATABASE, HealthConnect
from paceline_server.formats.archives.strava import FOLDER, TABLE, Strava
from paceline_server.formats.containers import CHUNK, Bounds, ZipMembers, is_zip
from paceline_server.formats.errors import FormatError

BOUNDS = Bounds(members=100_000, all_bytes=16 << 30)
HEAD = 1 << 16
_HEALTH_DATA = b"<HealthData"
_MOST_TRIED = 10


def open_archive(file: BinaryIO, name: str) -> Archive | None:
    """Return the archive that a file is; None when it is none that is known: a plain file, or a zip of plain files.

    The content decides; `name` only appears in errors. Call it in the process apart: the bytes are a stranger's. The
    file must stay open while entries are taken. FormatError for a zip that is damaged.
    """
    del name
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not is_zip(head):
        return AppleHealth(_chunks(file)) if _HEALTH_DATA in head else None
    members = ZipMembers(file, BOUNDS)
    names = members.names()
    table = next((one for one in names if one.rpartition("/")[2] == TABLE and one.count("/") <= 1), None)
    if table is not None and _is_strava(members, table):
        return Strava(members, table)
    if any("DI_CONNECT/" in one or "DI-Connect-" in one for one in names):
        return Garmin(members)
    if any("Takeout/" in one and "/Fit/" in one for one in names):
        return GoogleFit(members)
    database = next((one for one in names if one.rpartition("/")[2] == DATABASE), None)
    return HealthConnect(members, database) if database is not None else _apple_health(members)


def _is_strava(members: ZipMembers, table: str) -> bool:
    folder = table.removesuffix(TABLE) + FOLDER
    return any(one.startswith(folder) for one in members.names()) or b"Activity ID" in _head(members, table)[:100]


def _apple_health(members: ZipMembers) -> Archive | None:
    # In other languages export.xml has other names.
    names = [one for one in members.names() if one.lower().endswith(".xml") and one.count("/") <= 1][:_MOST_TRIED]
    export = next((one for one in names if _HEALTH_DATA in _head(members, one)), None)
    if export is None:
        return None
    routes = {one.rpartition("/")[2]: one for one in members.names() if one.lower().endswith(".gpx")}

    def read_route(path: str) -> bytes | None:
        found = routes.get(path.rpartition("/")[2])
        return members.read(found) if found is not None else None

    return AppleHealth(members.chunks(export, LARGEST_EXPORT), read_route)


def _head(members: ZipMembers, name: str) -> bytes:
    try:
        return next(members.chunks(name, LARGEST_EXPORT), b"")[:HEAD]
    except FormatError:
        return b""


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    size = 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > LARGEST_EXPORT:
            raise FormatError(f"Larger than {LARGEST_EXPORT >> 30} GiB", "export.xml")
        yield chunk
