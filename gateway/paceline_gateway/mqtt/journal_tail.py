"""The newest heart rate and today's steps, read from the end of a spooled journal; what is uploaded is never touched.

Positions and times are the journal's. Only what is durable here is read, each byte once; first at most TAIL_BYTES.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from paceline_protocol.errors import JournalError
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import DAY, SAMPLES, parse_fields
from paceline_protocol.sample import COLUMNS
from paceline_protocol.sample_codec import SampleDecoder

TAIL_BYTES = 256 * PAGE_SIZE
"""A day, but for one with light recorded (docs/DAILY.md), of which the steps count from where the reading began."""
OWNER_SLOT = 0  # the other users of a wearable are other people
FAIR = 2
"""heart_rate_confidence from which a rate is shown."""
_NAMES = [name for name, *_ in COLUMNS]
_RATE, _CONFIDENCE = _NAMES.index("heart_rate_bpm"), _NAMES.index("heart_rate_confidence")

log = logging.getLogger(__name__)


class Journal(Protocol):
    """What is needed of a journal; journal_file.JournalFile is one."""

    path: Path
    epoch: int
    start: int
    durable: int

    def read(self, position: int, length: int) -> bytes:
        """Return at most `length` bytes from the position; SpoolError."""
        ...


@dataclass(frozen=True)
class Beat:
    """The last sample's heart rate, 0 when there is no fair one, and the position behind it."""

    heart_rate_bpm: int
    position: int


class JournalTail:
    """One wearable's newest journal, followed. Blocks. `local_day` gives the day of a UTC second where people live."""

    def __init__(self, local_day: Callable[[int], int]) -> None:
        self._local_day = local_day
        self._epoch: int | None = None
        self._reader = JournalReader()
        self._decoder = SampleDecoder()
        self._page = -1
        self._steps: dict[int, int] = {}
        self.beat: Beat | None = None

    def follow(self, journal: Journal) -> None:
        """Read what is new; SpoolError when the disk refuses."""
        end = journal.durable
        if journal.epoch != self._epoch or self._reader.position < journal.start:
            self._begin(journal, end)
        samples: list[bytes] = []
        while self._reader.position < end:
            data = journal.read(self._reader.position, min(end - self._reader.position, PAGE_SIZE))
            if not data:
                break
            for position, kind, payload in self._reader.feed(data):
                if kind == DAY:
                    self._count(payload)
                elif kind == SAMPLES:
                    if position // PAGE_SIZE != self._page:  # the models start fresh with each page
                        self._page, self._decoder = position // PAGE_SIZE, SampleDecoder()
                        samples.clear()
                    samples.append(payload)
        for payload in samples:
            self._decode(payload)

    def steps(self, utc_s: int) -> int:
        """Return the owner's steps in the day of that second, as far as they were read."""
        return self._steps.get(self._local_day(utc_s), 0)

    def _begin(self, journal: Journal, end: int) -> None:
        if journal.epoch != self._epoch:
            self._steps, self.beat = {}, None
        first = max(-(-journal.start // PAGE_SIZE), (end - TAIL_BYTES) // PAGE_SIZE)
        self._epoch, self._reader = journal.epoch, JournalReader(None, first, journal.epoch)
        self._page, self._decoder = -1, SampleDecoder()

    def _count(self, payload: bytes) -> None:
        try:
            fields = parse_fields(DAY, payload)
        except JournalError:
            return
        if fields is not None and fields.utc_s and fields.user == OWNER_SLOT:
            day = self._local_day(fields.utc_s - 1)  # a record of midnight tells of the day before
            self._steps[day] = self._steps.get(day, 0) + fields.steps
            for old in sorted(self._steps)[:-3]:
                del self._steps[old]

    def _decode(self, payload: bytes) -> None:
        try:
            last = self._decoder.decode(payload)[-1]
        except JournalError as error:
            log.debug("samples that cannot be shown: %s", error)
            return
        self.beat = Beat(last[_RATE] if last[_CONFIDENCE] >= FAIR else 0, self._reader.position)
