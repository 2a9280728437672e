"""How much of what is spooled the server has, per wearable. Reads names, sizes and marks; needs no lock."""

from dataclasses import dataclass
from pathlib import Path

from paceline_gateway.progress_mark import read_mark
from paceline_gateway.spool import spooled_journals


@dataclass(frozen=True)
class Backlog:
    """Bytes of one wearable's journals: `held` here, of which `waiting` are not known to be on the server."""

    held: int = 0
    waiting: int = 0


def backlogs(spool: Path) -> dict[bytes, Backlog]:
    """Return the backlog of every wearable that has journals in the spool."""
    found: dict[bytes, Backlog] = {}
    for device_id, _epoch, start, path in spooled_journals(spool):
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            continue  # given up meanwhile, as the server has it
        uploaded = min(max(read_mark(path.with_suffix(".mark")).uploaded - start, 0), size)
        before = found.get(device_id, Backlog())
        found[device_id] = Backlog(before.held + size, before.waiting + size - uploaded)
    return found
