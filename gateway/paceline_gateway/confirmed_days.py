"""On which day the server was first known to hold how much of a journal: what the age of spooled bytes is counted from.

    SPOOL/<device id>/confirmed.json     {"5eed1234": [[20776, 81920], [20777, 94208]]}     epoch: day, position

A day is whole days of UTC since 1970. The file is only a help: without it, or with a clock that was wrong, confirmed
bytes are kept longer or dropped sooner; what is not confirmed is never judged by it. So it is not synced.
"""

import json
import os
from pathlib import Path

from paceline_gateway.errors import SpoolError

Notes = list[tuple[int, int]]
"""(day, position), both ascending."""

_LARGEST = 1 << 20
_NAME = "confirmed.json"


def noted(notes: Notes, day: int, position: int, keep_days: int) -> Notes:
    """Return the notes with today's, which stays as it was made first; those that no longer matter are left out."""
    kept = [(then, held) for then, held in notes if then <= day and held <= position]
    if not kept or kept[-1][0] < day:
        kept.append((day, position))
    aged = [note for note in kept if day - note[0] >= keep_days]
    return kept[max(len(aged) - 1, 0) :]


def aged_position(notes: Notes, day: int, keep_days: int) -> int:
    """Return the position up to which the server has had the journal for at least `keep_days`, 0 for none."""
    return max((position for then, position in notes if day - then >= keep_days), default=0)


def read_notes(folder: Path) -> dict[int, Notes]:
    """Return the notes of each epoch; a file that is absent or damaged has none."""
    try:
        with (folder / _NAME).open("rb") as file:
            table = json.loads(file.read(_LARGEST))
        return {int(epoch, 16): [_note(*pair) for pair in pairs] for epoch, pairs in table.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def write_notes(folder: Path, notes: dict[int, Notes]) -> None:
    """Replace the file atomically; SpoolError when the disk refuses."""
    path = folder / _NAME
    fresh = path.with_name(_NAME + ".new")
    try:
        fresh.write_text(json.dumps({f"{epoch:08x}": pairs for epoch, pairs in notes.items()}), encoding="ascii")
        os.replace(fresh, path)
    except OSError as error:
        raise SpoolError(path, error.strerror or str(error)) from error


def _note(day: object, position: object) -> tuple[int, int]:
    if type(day) is not int or type(position) is not int or not 0 <= position <= 0xFFFFFFFF:
        raise ValueError
    return day, position
