"""A session of a journal → Recording and receipt."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from paceline_protocol.code_tables import LAP_TRIGGERS, SPORTS
from paceline_protocol.layout import Fields
from paceline_protocol.records import LAP, PAUSE, RESUME

from paceline_server.errors import told
from paceline_server.formats.journal_clock import BootClock
from paceline_server.formats.journal_exercise import Exercise, lengths_of, sets_of, swum_m
from paceline_server.formats.journal_timeline import Stretch, Timeline
from paceline_server.formats.receipt import Gap, Receipt
from paceline_server.formats.recording import Lap, Pause, Recording
from paceline_server.formats.sample_rows import Rows, decode_page, no_rows, row_count, rows_in_order, sample_columns

CACHED_PAGES = 128  # about 150 kB each
ROWS_LIMIT = 1_000_000  # of one workout, eleven days: bounds what a forged page can make the server unpack


@dataclass(frozen=True, slots=True)
class Mark:
    """A lap, pause or resume at a device second."""

    kind: int
    clock: BootClock
    t_s: int
    trigger: int


@dataclass(slots=True)
class Segment:
    """The samples of a session within one boot: chunk payloads by page."""

    clock: BootClock
    start_t_s: int
    pages: dict[int, list[bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """A workout as its records tell it; samples are still coded. Filled by formats/journal.py, then only read."""

    number: int
    sport: int
    begins: bool  # its first SESSION_START is there
    boot_position: int
    first_position: int
    end_position: int
    user: int = 0  # the slot of who wore it
    segments: list[Segment] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    totals: Fields | None = None  # SESSION_END
    finished: bool = False
    sealed: bool = False
    damage: list[str] = field(default_factory=list)  # of records, as they were taken
    gaps: list[Gap] = field(default_factory=list)  # these two: of the bytes, by the seals and headers so far
    findings: list[str] = field(default_factory=list)

    def start_utc_s(self) -> int | None:
        """Return when it began, None when the wearable did not know the time."""
        first = self.segments[0]
        mapped = first.clock.to_utc(np.array([first.start_t_s]))
        return int(mapped(np.array([first.start_t_s]))[0]) if mapped is not None else None

    def fingerprint(self) -> str:
        """Return what changes when, and only when, the Recording or the receipt may."""
        until_t_s = self.totals.t_s if self.totals is not None and len(self.segments) == 1 else None
        said = (
            (self.sport, self.begins, self.first_position, self.end_position, self.finished, self.sealed),
            [(gap.from_position, gap.to_position) for gap in self.gaps],
            (self.damage, self.findings),
            [segment.clock.best(until_t_s) for segment in self.segments],
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


class RowDecoder:
    """Decodes pages and remembers the latest, so that a workout that grows is not decoded from its start each time."""

    def __init__(self) -> None:
        self.page: Callable[[tuple[bytes, ...]], tuple[Rows, str]] = lru_cache(CACHED_PAGES)(decode_page)


def session_recording(
    session: Session, decoder: RowDecoder, *, source: str, received_utc_s: float
) -> tuple[Recording, Receipt]:
    """Decode a session. `received_utc_s` places a workout whose device never knew the time: it ended then."""
    problems = session.findings + session.damage
    parts = _parts(session, decoder, problems)
    stretches = [
        Stretch(segment.clock, segment.start_t_s, rows[:, 0])
        for segment, rows in zip(session.segments, parts, strict=True)
    ]
    timeline = Timeline(stretches, int(received_utc_s))
    rows = np.concatenate([no_rows(), *parts])
    utc_s = np.concatenate([no_rows()[:, 0], *(timeline.utc(i, part[:, 0]) for i, part in enumerate(parts))])
    start_utc_s = timeline.utc_at(session.segments[0].clock, session.segments[0].start_t_s)
    if len(utc_s):
        # Of a workout whose beginning is lost, only the first sample's second is known.
        start_utc_s = min(start_utc_s, int(utc_s[0])) if session.begins else int(utc_s[0])
    end_s = float(utc_s[-1] - start_utc_s) if len(utc_s) else 0.0
    columns = {"time_s": (utc_s - start_utc_s).astype(np.float64)} | sample_columns(rows)
    lengths = lengths_of(session.exercises, timeline, start_utc_s)
    if lengths:
        columns["distance_m"] = swum_m(columns["time_s"], lengths)
    recording = Recording(
        sport=SPORTS[session.sport] if session.sport < len(SPORTS) else f"sport {session.sport}",
        source=source,
        start_utc_s=float(start_utc_s),
        columns=columns,
        laps=_laps(session, timeline, start_utc_s, end_s),
        pauses=_pauses(session, timeline, start_utc_s, end_s),
        lengths=lengths,
        sets=sets_of(session.exercises, timeline, start_utc_s),
    )
    receipt = Receipt(
        recorded=session.totals.samples if session.totals is not None else None,
        received=len(rows),
        gaps=tuple(session.gaps),
        sealed=session.sealed,
        problems=tuple(problems),
    )
    return recording, receipt


def _parts(session: Session, decoder: RowDecoder, problems: list[str]) -> list[Rows]:
    left = ROWS_LIMIT
    parts: list[Rows] = []
    for segment in session.segments:
        parts.append(_segment_rows(segment, decoder, problems, left))
        left -= len(parts[-1])
    return parts


def _segment_rows(segment: Segment, decoder: RowDecoder, problems: list[str], limit: int) -> Rows:
    pages = [no_rows()]
    for number, payloads in segment.pages.items():
        limit -= row_count(payloads)
        if limit < 0:
            problems.append(told(f"page {number}: more than {ROWS_LIMIT} samples in one workout"))
            break
        rows, trouble = decoder.page(tuple(payloads))
        if trouble:
            problems.append(told(f"page {number}: {trouble}"))
        pages.append(rows)
    rows, dropped = rows_in_order(np.concatenate(pages))
    if dropped:
        problems.append(told(f"{dropped} samples are not in order of time and were left out"))
    return rows


def _laps(session: Session, timeline: Timeline, start_utc_s: int, end_s: float) -> tuple[Lap, ...]:
    marks = [mark for mark in session.marks if mark.kind == LAP]
    laps: list[Lap] = []
    before = 0.0
    for mark in marks:
        at = max(before, float(timeline.utc_at(mark.clock, mark.t_s) - start_utc_s))
        name = LAP_TRIGGERS[mark.trigger] if mark.trigger < len(LAP_TRIGGERS) else f"trigger {mark.trigger}"
        laps.append(Lap(before, at, name))
        before = at
    if laps and end_s > before:
        laps.append(Lap(before, end_s, "end"))
    return tuple(laps)


def _pauses(session: Session, timeline: Timeline, start_utc_s: int, end_s: float) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    since: float | None = None
    for mark in session.marks:
        at = float(timeline.utc_at(mark.clock, mark.t_s) - start_utc_s)
        if mark.kind == PAUSE and since is None:
            since = at
        elif mark.kind == RESUME and since is not None:
            pauses.append(Pause(since, max(since, at)))
            since = None
    if since is not None:
        pauses.append(Pause(since, max(since, end_s)))
    return tuple(pauses)
