"""The small file beside a spooled journal: how far the server has it, and in which boot of this machine it was checked.

    {"uploaded": 81920, "boot": "6f9c…"}

It is only a help: without it ranges are uploaded again (the server drops what it has) and the newest bytes are pulled
again. So it is replaced atomically but not synced; when damaged it counts as absent.
"""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from paceline_gateway.errors import SpoolError

_LARGEST = 1024
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class ProgressMark:
    """`uploaded`: the server has the journal up to here; `boot`: boot in which all bytes were known good, or ""."""

    uploaded: int = 0
    boot: str = ""


def read_mark(path: Path) -> ProgressMark:
    """Return what the file says, or an empty mark when it is absent or damaged."""
    try:
        with path.open("rb") as file:
            table = json.loads(file.read(_LARGEST))
        mark = ProgressMark(table["uploaded"], table["boot"])
    except (OSError, ValueError, KeyError, TypeError):
        return ProgressMark()
    if type(mark.uploaded) is not int or not 0 <= mark.uploaded <= 0xFFFFFFFF or not isinstance(mark.boot, str):
        return replace(mark, uploaded=0, boot="")
    return mark


def write_mark(path: Path, mark: ProgressMark) -> None:
    """Replace the file atomically; SpoolError when the disk refuses."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_text(json.dumps({"uploaded": mark.uploaded, "boot": mark.boot}))
        os.replace(fresh, path)
    except OSError as error:
        raise SpoolError(path, error.strerror or str(error)) from error


def this_boot() -> str:
    """Return an id of the machine's present boot, "" where the system does not tell."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
