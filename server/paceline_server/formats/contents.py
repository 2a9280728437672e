"""What a file gave: its recordings and days, and in words what of it could not be had."""

from dataclasses import dataclass

from paceline_server.formats.days import DaysSaid
from paceline_server.formats.recording import Recording


@dataclass(frozen=True, slots=True)
class Contents:
    """At least one recording, or days; `warnings` are sentences for the user, none when all of the file was read."""

    recordings: tuple[Recording, ...]
    warnings: tuple[str, ...] = ()
    days: tuple[DaysSaid, ...] = ()
