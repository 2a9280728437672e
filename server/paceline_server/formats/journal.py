"""Journal bytes → the workouts in them: verified records, put together by session (docs/JOURNAL.md, "Reading").

Samples are not decoded here: see journal_session.
"""

from dataclasses import dataclass, field

from paceline_protocol.errors import JournalError
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.layout import Fields
from paceline_protocol.page import HEADER_SIZE, PAGE_SIZE
from paceline_protocol.records import (
    BOOT,
    CLOCK,
    CONTINUED,
    LAP,
    LENGTH,
    PAUSE,
    RECORD_OVERHEAD,
    RESUME,
    SAMPLES,
    SESSION_END,
    SESSION_START,
    SET,
    parse_fields,
)

from paceline_server.errors import told
from paceline_server.formats import journal_facts
from paceline_server.formats.journal_clock import SESSION_SOURCE, BootClock
from paceline_server.formats.journal_exercise import Exercise
from paceline_server.formats.journal_session import Mark, Segment, Session
from paceline_server.formats.receipt import Gap, joined
from paceline_server.formats.suspect_pages import suspect_pages

ALTERED = frozenset({"seal", "beyond"})  # readable, but not what the wearable wrote
LOST = frozenset({"record", "magic", "blank", "version", "number", "epoch", "gap"})  # not readable
HARMLESS = frozenset({"torn"})
_MARKS = frozenset({LAP, PAUSE, RESUME})
_FRAME = frozenset({BOOT, CLOCK, SESSION_START, SESSION_END})
_EXERCISES = frozenset({LENGTH, SET})
_EVENTS = _FRAME | _MARKS | _EXERCISES


@dataclass(frozen=True, slots=True)
class Reading:
    """The sessions found, and the record from which a later reading must begin to find all that may still change."""

    sessions: tuple[Session, ...]
    resume_position: int


class JournalFollower:
    """Reads a journal as it grows, each byte once.

    Begins at the page `first_page`; records before `resume_position` (an earlier Reading's, in that page) are skipped:
    they belong to what is done with. `journal_start` is where the bytes held begin.
    """

    def __init__(self, key: bytes, epoch: int, *, first_page: int, resume_position: int, journal_start: int) -> None:
        self._reader = JournalReader(key, first_page, epoch)
        self._collector = _Collector(resume_position)
        self._facts = journal_facts.FactLog(resume_position)
        self._resume = resume_position
        self.first_position = first_page * PAGE_SIZE
        self._journal_start = journal_start
        self.stale = False  # a seal showed that bytes taken earlier were altered: read anew, from the start

    @property
    def position(self) -> int:
        """The position of the byte that comes next."""
        return self._reader.position

    def feed(self, data: bytes, start: int | None = None) -> None:
        """Take the next bytes; a `start` ahead of the position, a page's, leaves a gap."""
        taken = self.position
        if start is not None and start > taken:
            self._collector.lost(start)
        records = self._reader.feed(data, start)
        altered = [(problem.position, problem.end) for problem in self._reader.problems if problem.code in ALTERED]
        self.stale = self.stale or any(first < taken < end for first, end in altered)
        for position, kind, payload in records:
            believed = not any(first <= position < end for first, end in altered)
            # Of an altered range only the frame is taken: which workout this was meant to be. What it says counts not.
            if position >= self._resume and (believed or kind in _FRAME):
                self._collector.take(position, kind, payload)
            if position >= self._resume and believed and kind in journal_facts.KINDS:
                self._facts.take(position, kind, payload, self._collector.clock)

    def news(self) -> journal_facts.News | None:
        """Say what there is beside workouts since this was last asked."""
        return self._facts.news(self._collector.clock)

    def read(self) -> Reading:
        """Say what there is by now."""
        sessions = self._collector.sessions
        for session in sessions:
            _judge(session, self._reader, self._journal_start)
        unsettled = [session.boot_position for session in sessions if not _is_settled(session, self._reader)]
        return Reading(tuple(sessions), min([self._collector.boot_position, *unsettled]))

    def suspects(self) -> list[tuple[int, int, str]]:
        """Return (from, to, reason) of the whole pages read so far that are not what the wearable wrote."""
        return suspect_pages(self._reader.problems, self._reader.position)

    def forget_settled(self) -> None:
        """Let go of the sessions, and of what was told beside them, that nothing can change any more."""
        self._facts.forget(self._collector.clock)
        self._collector.sessions = [
            session
            for session in self._collector.sessions
            if not _is_settled(session, self._reader) or not all(part.clock.is_final for part in session.segments)
        ]


@dataclass(slots=True)
class _Collector:
    """Puts records together, one after the other."""

    boot_position: int
    sessions: list[Session] = field(default_factory=list)
    clock: BootClock = field(default_factory=BootClock)
    open: Session | None = None
    rebooted: bool = False
    at_head: bool = False  # of a page, before anything but boot and clock

    def take(self, position: int, kind: int, payload: bytes) -> None:
        self.at_head = self.at_head or position % PAGE_SIZE == HEADER_SIZE
        if self.at_head and kind not in (BOOT, CLOCK):
            self.at_head = False
            if kind != SESSION_START:
                self._close()  # a page begun within a workout says so at its head
        end = position + RECORD_OVERHEAD + len(payload)
        if kind not in _EVENTS:
            if kind == SAMPLES:
                self._samples(position, end, payload)
            return
        try:
            fields = parse_fields(kind, payload)
        except JournalError as error:
            if self.open is not None:
                self.open.damage.append(told(f"record at {position}: {error.detail}"))
            return
        if fields is not None:
            self._event(position, end, kind, fields)

    def lost(self, position: int) -> None:
        """Go on behind a gap: the device may have booted in it, so nothing before tells the time of what follows."""
        self.clock, self.boot_position, self.rebooted, self.at_head = BootClock(), position, True, False

    def _event(self, position: int, end: int, kind: int, fields: Fields) -> None:
        if kind == BOOT:
            self.clock, self.boot_position, self.rebooted = BootClock(), position, True
        elif kind == CLOCK:
            self.clock.add(fields.source, fields.t_s, fields.utc_s)
        elif kind == SESSION_START:
            self._start(position, fields)
        elif self.open is not None:
            self.open.end_position = end
            if kind == SESSION_END:
                if fields.session == self.open.number:
                    self.open.totals = fields
                self._close()
            elif kind in _MARKS and not self.rebooted:
                trigger = fields.trigger if kind == LAP else 0
                self.open.marks.append(Mark(kind, self.clock, fields.t_s, trigger))
            elif kind in _EXERCISES and not self.rebooted:
                self.open.exercises.append(Exercise(kind, self.clock, fields))

    def _start(self, position: int, fields: Fields) -> None:
        if fields.utc_s:
            self.clock.add(SESSION_SOURCE, fields.t_s, fields.utc_s)
        continued = bool(fields.flags & CONTINUED)
        if self.open is None or not continued or self.open.number != fields.session:
            self._close()
            self.open = Session(
                number=fields.session,
                sport=fields.sport,
                user=fields.user,
                begins=not continued,
                boot_position=self.boot_position,
                first_position=position,
                end_position=position,
            )
            self.sessions.append(self.open)
        if not self.open.segments or self.rebooted:
            self.open.segments.append(Segment(self.clock, fields.t_s))
        self.rebooted = False

    def _samples(self, position: int, end: int, payload: bytes) -> None:
        if self.open is None or self.rebooted:
            return  # samples of no workout: their SESSION_START is lost
        self.open.segments[-1].pages.setdefault(position // PAGE_SIZE, []).append(payload)
        self.open.end_position = end

    def _close(self) -> None:
        if self.open is not None:
            self.open.finished = True
        self.open = None


def _judge(session: Session, reader: JournalReader, journal_start: int) -> None:
    """Say what the reader found wrong in the session's bytes, and whether seals cover them."""
    session.gaps, session.findings = [], []
    low, high = session.first_position, session.end_position
    first_page = low // PAGE_SIZE * PAGE_SIZE
    if not session.begins:
        lost_from = 0 if first_page <= journal_start else first_page - PAGE_SIZE
        session.gaps.append(Gap(lost_from, first_page))
        low = lost_from
    if session.totals is None:
        high = min(reader.position, (high // PAGE_SIZE + 2) * PAGE_SIZE) if session.finished else reader.position
    for problem in reader.problems:
        if problem.position < high and low < problem.end and problem.code not in HARMLESS:
            session.findings.append(problem.text)
            if problem.code in LOST:
                session.gaps.append(Gap(problem.position, problem.end))
    session.gaps = joined(session.gaps)
    if session.finished and session.totals is None:
        session.findings.append(told("the end of the workout is missing"))
    all_there = session.begins and session.totals is not None  # no seal vouches for what is not here
    session.sealed = all_there and reader.sealed(session.first_position, session.end_position)


def _is_settled(session: Session, reader: JournalReader) -> bool:
    """Tell whether no later byte of the journal can change what the session is, short of its boot's clock."""
    next_header_end = (session.end_position // PAGE_SIZE + 1) * PAGE_SIZE + HEADER_SIZE
    return session.finished and (session.sealed or reader.position >= next_header_end)
