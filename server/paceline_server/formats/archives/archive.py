"""The seam of this floor: an archive, its entries, and what it says beside them.

An archive gives its entries in one pass over its bytes, in the same order each time. An entry's `data` is
self-contained: `formats.read.read_contents(data, name)` gives its recordings and days, now and in ten years, so that it
can be kept as an original. Where the platform keeps a file of each workout (Strava, Garmin, Google Fit) it is that
file, byte for byte; elsewhere (Apple Health, Health Connect) a document of ours (workout_document.py,
days_document.py), the same for the same workout in next year's export.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from paceline_server.formats.sports import SPORTS

MOST_TITLE = 200
MOST_NOTES = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the archive says of a workout beside its file; "" and None where it says nothing. `sport` is one of ours."""

    title: str = ""
    notes: str = ""
    sport: str = ""
    gear: str = ""
    calories_kcal: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A workout's file or a stretch of days. `name` is unique in its archive and safe to show.

    `problem` is a sentence where the entry cannot be had; `data` is empty then.
    """

    name: str
    data: bytes
    said: Said = Said()
    problem: str = ""


class Archive(Protocol):
    """An export of a platform, opened. What `entries` raises is a FormatError; entries before it are whole."""

    @property
    def kind(self) -> str:
        """The platform, as it may be shown."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for the user about the whole; complete when all entries were taken."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield all entries; one pass."""
        ...


class Names:
    """Names of documents that were given: each is given once."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def unused(self, stem: str) -> str:
        """Return a name that begins with this, of letters, digits and a few signs."""
        plain = "".join(sign for sign in stem if sign.isalnum() or sign in " -.") or "entry"
        count = self._given[plain] = self._given.get(plain, 0) + 1
        return f"{plain}.json" if count == 1 else f"{plain} ({count}).json"


def described(
    title: str = "", notes: str = "", sport: str = "", gear: str = "", calories_kcal: float | None = None
) -> Said:
    """Return what is said, as much of it as is kept and safe to show."""
    kcal = calories_kcal if calories_kcal is not None and 0 < calories_kcal < 100_000 else None
    kept = "".join(sign for sign in notes[:MOST_NOTES] if sign.isprintable() or sign == "\n").strip()
    told_sport = sport if sport in SPORTS and sport != "other" else ""  # a word that we do not know says nothing
    return Said(line(title), kept, told_sport, line(gear), kcal)


def line(text: str) -> str:
    """Return a text as one line of what prints, cut to MOST_TITLE."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:MOST_TITLE].strip()
