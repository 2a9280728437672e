"""An export of another platform → a plain zip of what is in it, which is read slice by slice like any other.

What the export says beside a file is the comment of its member, as JSON; the zip's own comment tells it from others.
"""

import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from paceline_server.errors import told
from paceline_server.formats.archives.archive import Entry, Said, described
from paceline_server.formats.archives.opening import open_archive
from paceline_server.formats.errors import FormatError

MARK = b"paceline entries 1"
MOST_ENTRIES = 20_000
LONGEST_COMMENT = 65_535
SHORTER_NOTES = 10_000
PROBLEM = "problem"
_DATE = (1980, 1, 1, 0, 0, 0)  # always the same


def spool(path: str, name: str, target: str) -> tuple[str, ...] | None:
    """Write the entries of an archive to `target`; return sentences about the whole. None when the file is no archive.

    FormatError when nothing of it can be had. One pass, in little memory.
    """
    with Path(path).open("rb") as file:
        archive = open_archive(file, name)
        if archive is None:
            return None
        ended = ""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            out.comment = MARK
            try:
                for number, entry in enumerate(archive.entries(), 1):
                    if number > MOST_ENTRIES:
                        ended = told(f"More than {MOST_ENTRIES} entries: the others were left out.")
                        break
                    out.writestr(_info(entry), entry.data)
            except FormatError as error:
                if not out.namelist():
                    raise
                ended = told(f"It ends early: {error}.")
            if not out.namelist():
                raise FormatError(f"There is no workout and no day in this export of {archive.kind}", name)
        return (*archive.warnings, *((ended,) if ended else ()))


def is_spool(file: BinaryIO) -> bool:
    """Tell whether a file is what `spool` wrote: such a zip ends with its comment."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - len(MARK)))
    return file.read(len(MARK)) == MARK


def said_of(comment: bytes) -> tuple[Said, str]:
    """Return what a member's comment says of it, and why it cannot be had; nothing where it says nothing."""
    try:
        fields = orjson.loads(comment) if comment else {}
    except orjson.JSONDecodeError:
        fields = {}
    if not isinstance(fields, dict):
        return Said(), ""
    problem = fields.pop(PROBLEM, "")
    return said_from(fields), problem if isinstance(problem, str) else ""


def said_row(said: Said) -> dict[str, Any]:
    """Return what to keep: only what was said."""
    return {name: value for name, value in asdict(said).items() if value}


def said_from(fields: Mapping[str, Any]) -> Said:
    """Return what was kept, as far as it can be believed."""
    texts = {name: str(fields[name]) for name in ("title", "notes", "sport", "gear") if name in fields}
    kcal = fields.get("calories_kcal")
    return described(**texts, calories_kcal=kcal if isinstance(kcal, float) else None)


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    fields = said_row(entry.said) | ({PROBLEM: entry.problem} if entry.problem else {})
    comment = orjson.dumps(fields) if fields else b""
    if len(comment) > LONGEST_COMMENT:
        comment = orjson.dumps(fields | {"notes": entry.said.notes[:SHORTER_NOTES]})
    info.comment = comment
    return info
