"""Whether an archive can be taken, before anything of it is: whole, of known tables, every row sound, nothing dangling.

Runs apart (platform/apart): its bytes are anybody's.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from paceline_server.activities.detail_rows import activity_of
from paceline_server.archive_tables.model import BYTES, DEVICES, JOURNAL_KEY, Field, KeptTable, taken
from paceline_server.archives.manifest import ArchiveError, Manifest, Part
from paceline_server.archives.rows import values_of
from paceline_server.archives.zip_in import ArchiveIn
from paceline_server.goals.model import GOALS, Goal
from paceline_server.journals.model import JOURNALS
from paceline_server.telemetry import TelemetryError, row_count, unpack_columns
from paceline_server.uploads.model import Said

MOST_TELEMETRY_ROWS = 4_000_000
KEY_SIZE = 32
KINDS = ("activities", "journals", "originals", "tables", "telemetry", "told")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive that is whole; `digest` is the manifest's."""

    manifest: Manifest
    digest: str


def check(path: str, revision: str) -> Checked:
    """Return what an archive is; ArchiveError says why it cannot be taken by tables of this revision."""
    with ArchiveIn(Path(path)) as archive:
        if archive.manifest.revision > revision:
            raise ArchiveError("the archive was written by a newer Paceline: renew this server first")
        known = {table.name: table for table in tables()}
        seen = _Seen()
        for part in archive.manifest.parts:
            kind, _, name = part.name.partition("/")
            if kind == "tables":
                table = known.get(name.removesuffix(".jsonl"))
                if table is None or not name.endswith(".jsonl") or part.rows is None:
                    raise ArchiveError(f"{part.name} is no table that comes with an archive")
                for values in rows_in(archive, part, table):
                    seen.row(table.name, values)
            elif kind == "telemetry":
                _telemetry(part, archive.read(part))
            elif kind in KINDS or part.name == "README.txt":
                for _ in archive.chunks(part):
                    pass
            else:
                raise ArchiveError(f"{part.name[:100]} is nothing that an archive holds")
        seen.refuse_dangling(archive.manifest)
        return Checked(archive.manifest, archive.digest)


def rows_in(
    archive: ArchiveIn, part: Part, table: KeptTable, change: Callable[[bytes], bytes] | None = None
) -> Iterator[Values]:
    """Yield the rows of a table, each line first as `change` makes it; without whose they are."""
    names = None
    for line in archive.lines(part):
        values = values_of(table, line if change is None else change(line))
        if names not in (None, values.keys()):
            raise ArchiveError(f"the rows of {table.name} do not have the same columns")
        names = values.keys()
        yield values


def tables() -> list[KeptTable]:
    """Return the tables of an archive as its lines have them: a wearable's with its journal key."""
    key = Field(JOURNAL_KEY, BYTES, nullable=False)
    return [replace(one, fields=(*one.fields, key)) if one.name == DEVICES else one for one in taken()]


class _Seen:
    """What of the rows other parts of the archive must fit."""

    def __init__(self) -> None:
        self._activities, self._uploads, self._goals = dict[str, str](), set[str](), set[str]()
        self._devices, self._journals = set[str](), dict[str, int]()
        self._referred: list[tuple[str, str]] = []

    def row(self, table: str, values: Values) -> None:
        """Take note of a row, and see that what is packed in it can be read."""
        try:
            getattr(self, f"_{table}_row", lambda _: None)(values)
        except (KeyError, TypeError, ValueError, AttributeError, LookupError, msgspec.MsgspecError) as error:
            raise ArchiveError(f"a row of {table} holds what cannot be read") from error

    def refuse_dangling(self, manifest: Manifest) -> None:
        """Raise ArchiveError for what refers to nothing, and for files without a row and rows without a file."""
        held = {"upload": self._uploads, "goal": self._goals, "device": self._devices}
        for kind, name in self._referred:
            if name not in held[kind]:
                raise ArchiveError(f"the archive speaks of the {kind} {name}, and does not hold it")
        files = {part.name: part.size for part in manifest.parts if part.name.startswith("journals/")}
        if files != self._journals:
            raise ArchiveError("the journals of the archive are not those that its tables name")
        for part in manifest.parts:
            kind, _, name = part.name.partition("/")
            if kind == "telemetry" and self._activities.get(name.removesuffix(".plt")) not in ("", part.sha256):
                raise ArchiveError(f"{part.name} is of no activity of the archive")

    def _activities_row(self, values: Values) -> None:
        activity_of({"owner_id": "", **values})
        self._activities[values["activity_id"]] = values.get("telemetry_sha256", "")

    def _activity_tombstones_row(self, values: Values) -> None:
        if values["kept"] is not None:
            activity_of({"owner_id": "", **values["kept"]})
            self._activities[values["activity_id"]] = values["kept"].get("telemetry_sha256", "")

    def _uploads_row(self, values: Values) -> None:
        Said(**values["said"])
        self._uploads.add(values["activity_id"])

    def _upload_parts_row(self, values: Values) -> None:
        self._referred.append(("upload", values["activity_id"]))

    def _goals_row(self, values: Values) -> None:
        goal = Goal(**{"owner_id": "", **values})
        if not goal.first <= goal.last or any(not 0 <= weekday <= 6 for _, weekday in goal.weekday_changes):
            raise ValueError(GOALS.name)
        self._goals.add(goal.goal_id)

    def _goals_reached_row(self, values: Values) -> None:
        self._referred.append(("goal", values["goal_id"]))

    def _devices_row(self, values: Values) -> None:
        if len(values[JOURNAL_KEY]) != KEY_SIZE:
            raise ValueError(JOURNAL_KEY)
        self._devices.add(values["device_id"])

    def _journals_row(self, values: Values) -> None:
        start, held = values["start_position"], values["held_position"]
        device_id = values["device_id"]
        if not 0 <= start <= held < 1 << 32 or len(bytes.fromhex(device_id)) != 8 or not 0 < values["epoch"] < 1 << 32:
            raise ValueError(JOURNALS.name)
        self._referred.append(("device", device_id))
        self._journals[f"journals/{device_id}/{values['epoch']:08x}.journal"] = held - start


def _telemetry(part: Part, blob: bytes) -> None:
    try:
        if row_count(blob) > MOST_TELEMETRY_ROWS:
            raise ArchiveError(f"{part.name} has more rows than any workout")
        unpack_columns(blob)
    except (TelemetryError, ValueError, struct.error) as error:
        raise ArchiveError(f"{part.name} is no telemetry") from error
