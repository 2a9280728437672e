"""What those who watch an activity are told: which one changed, and from which row on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Change:
    """An activity grew from a row on; `replaces`: rows before it changed, too; `gone`: it was deleted."""

    owner_id: str
    activity_id: str
    from_row: int = 0
    replaces: bool = False
    gone: bool = False

    def as_text(self) -> str:
        """Return it as servers tell each other."""
        return f"{self.owner_id} {self.activity_id} {self.from_row} {self.replaces:d} {self.gone:d}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return what as_text made."""
        owner_id, activity_id, from_row, replaces, gone = text.split()
        return cls(owner_id, activity_id, int(from_row), replaces == "1", gone == "1")


Tell = Callable[[Change], None]
"""Tells those who watch in this process; called from any thread, after the change is durable."""


def tell_nobody(_change: Change) -> None:
    """Tell nobody: nobody watches in this process, or the database tells."""
