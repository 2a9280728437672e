"""How many bytes of journals the spool may hold, and how many it holds: what one more write asks before it is done."""

import threading
from pathlib import Path

from paceline_gateway.errors import SpoolError
from paceline_gateway.progress import amount


class SpoolRoom:
    """Counts for all journals of one spool; may be used by several threads. Without `most_bytes` all is let in."""

    def __init__(self, most_bytes: int | None = None) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._lock = threading.Lock()

    def take(self, count: int, path: Path) -> None:
        """Count bytes that are about to be written; SpoolError when there is no room for them.

        The wearable then keeps what it has: nothing is acknowledged, and nothing is lost that would be dropped here.
        """
        with self._lock:
            if self.most_bytes is not None and self.held_bytes + count > self.most_bytes:
                problem = f"the spool is full with {amount(self.held_bytes)}, and the server has not confirmed them"
                raise SpoolError(path, f"{problem}; the wearable keeps its own (spool_max_bytes)")
            self.held_bytes += count

    def give(self, count: int) -> None:
        """Count bytes that are gone."""
        with self._lock:
            self.held_bytes = max(self.held_bytes - count, 0)

    def recount(self, held_bytes: int) -> None:
        """Take what was found on the disk for the truth."""
        with self._lock:
            self.held_bytes = held_bytes
