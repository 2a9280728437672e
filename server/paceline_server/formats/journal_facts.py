"""What a journal says beside its workouts: boots, alerts, crashes, days, notices seen (docs/JOURNAL.md, "Kinds")."""

from dataclasses import dataclass, field

import numpy as np
from paceline_protocol.errors import JournalError
from paceline_protocol.layout import Fields
from paceline_protocol.records import ALERT, BOOT, CRASH, DAY, DISMISSED, parse_fields

from paceline_server.formats.journal_clock import BootClock

KINDS = frozenset({BOOT, ALERT, CRASH, DAY, DISMISSED})


@dataclass(frozen=True, slots=True)
class Fact:
    """One record and the clock of its boot."""

    position: int
    kind: int
    fields: Fields
    clock: BootClock

    @property
    def utc_s(self) -> int | None:
        """When it was, by the clock of its boot; a DAY without one by what it says itself; None when unknown."""
        t_s = 0 if self.kind == BOOT else self.fields.t_s
        mapped = self.clock.to_utc(np.array([t_s]))
        if mapped is not None:
            return int(mapped(np.array([t_s]))[0])
        return (self.fields.utc_s or None) if self.kind == DAY else None


@dataclass(frozen=True, slots=True)
class News:
    """All facts from a position on: they take the place of what was known from there on."""

    from_position: int
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class FactLog:
    """Facts as they come, from `from_position` on, and which of them are news."""

    from_position: int
    _facts: list[Fact] = field(default_factory=list)
    _told: int = 0
    _begun: bool = False
    _timed_by: object = None

    def take(self, position: int, kind: int, payload: bytes, clock: BootClock) -> None:
        """Take a record that is believed; one whose payload does not hold its fields is none."""
        try:
            fields = parse_fields(kind, payload)
        except JournalError:
            return
        if fields is not None:
            self._facts.append(Fact(position, kind, fields, clock))

    def news(self, clock: BootClock) -> News | None:
        """Return what is new, None when nothing is; `clock` is that of the boot under way.

        When the boot's first anchor is another or a better one, all of the boot is news: its times have moved.
        """
        timed_by = _timed_by(clock)
        first = self._told
        if timed_by != self._timed_by:
            first = next((i for i, fact in enumerate(self._facts[:first]) if fact.clock is clock), first)
            self._timed_by = timed_by
        if not self._begun:
            self._begun = True
            first = 0
        elif first == len(self._facts):
            return None
        else:
            self.from_position = self._facts[first].position
        self._told = len(self._facts)
        return News(self.from_position, tuple(self._facts[first:]))

    def forget(self, clock: BootClock) -> None:
        """Let go of what was told and will not move: all but the boot under way."""
        kept = [fact for i, fact in enumerate(self._facts) if i >= self._told or fact.clock is clock]
        self._told -= len(self._facts) - len(kept)
        self._facts = kept


def _timed_by(clock: BootClock) -> object:
    best = clock.best()
    return (id(clock), min(source for source, _, _ in clock.anchors), best[0]) if best else (id(clock),)
