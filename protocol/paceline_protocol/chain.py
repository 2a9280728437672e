"""The seals of a journal's pages: which ranges they verify, and what does not fit."""

from .findings import Problem
from .integrity import same_bytes
from .page import PAGE_SIZE, TAG_SIZE, PageHeader, page_tag
from .page_scan import DAMAGED, PageScan


class SealedRanges:
    """Verified ranges in rising order, joined where they touch."""

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Add a verified range that begins at or behind the start of the last one."""
        if self.ranges and start <= self.ranges[-1][1]:
            first, last = self.ranges[-1]
            self.ranges[-1] = (first, max(last, end))
        else:
            self.ranges.append((start, end))

    def covers(self, start: int, end: int) -> bool:
        """Tell whether one verified range holds all of start … end (nothing is always held)."""
        return start >= end or any(first <= start and end <= last for first, last in self.ranges)

    def until(self, otherwise: int) -> int:
        """Return the end of the last range, or `otherwise` when there is none."""
        return self.ranges[-1][1] if self.ranges else otherwise


class Chain:
    """Judges pages in order, with the journal key also their seals; `problems` in the order found."""

    def __init__(self, key: "bytes | None", first: int) -> None:
        self.problems: list[Problem] = []
        self._key = key
        self._first = first
        self._sealed = SealedRanges()
        self._altered: "Problem | None" = None  # of the newest page whose SEAL record did not fit

    @property
    def sealed_until(self) -> int:
        """The position behind the last verified byte, or the first position."""
        return self._sealed.until(self._first)

    def sealed(self, start: int, end: int) -> bool:
        """Tell whether all bytes of start … end are verified and no problem but a torn tail touches them."""
        touched = any(p.position < end and start < p.end and p.code != "torn" for p in self.problems)
        return self._sealed.covers(start, end) and not touched

    def note(self, position: int, end: int, code: str, text: str) -> Problem:
        """Add a problem and return it."""
        problem = Problem(position, end, code, text)
        self.problems.append(problem)
        return problem

    def left(self, scan: PageScan, start: int, header: PageHeader) -> None:
        """Judge the page at `start` by the next page's header."""
        stop, end, number = start + scan.end, start + PAGE_SIZE, start // PAGE_SIZE
        if scan.end < header.previous_end:
            self.note(stop, end, "record", f"page {number}: the record at {stop} is damaged, what follows it is lost")
        elif scan.end > header.previous_end:
            beyond = start + header.previous_end
            self.note(beyond, end, "beyond", f"page {number}: records behind the sealed end at {beyond}")
        elif not scan.clean():
            self.note(stop, end, "torn", f"page {number}: an unfinished record at {stop}, left by a power cut")
        if self._key is None:
            return
        if same_bytes(page_tag(self._key, scan.page, header.previous_end), header.previous_tag):
            self._sealed.add(start, end)
        else:
            text = f"page {number} altered: the seal in page {number + 1} does not fit"
            self.note(max(start, self.sealed_until), end, "seal", text)

    def abandoned(self, scan: PageScan, start: int, end: int) -> None:
        """Judge the page at `start`, read up to `end`, whose seal in the next header will not come."""
        stop, number = start + scan.end, start // PAGE_SIZE
        if scan.stop == DAMAGED:
            self.note(stop, end, "record", f"page {number}: the record at {stop} is damaged, what follows it is lost")
        unsealed = max(start, self.sealed_until)
        if self._key is not None and unsealed < end:
            self.note(unsealed, end, "unsealed", f"page {number}: the next header, with its seal, cannot be read")

    def seal_record(self, scan: PageScan, start: int, offset: int, tag: bytes) -> None:
        """Judge the SEAL record at `offset` of the page at `start`."""
        if self._key is None:
            return
        # One seal that does not fit tells all about its page: those behind it cover the same bytes. A page full of
        # false ones must not cost a hash each.
        if self._altered is not None and self._altered.position >= start:
            self._altered.end = start + offset
        elif same_bytes(page_tag(self._key, scan.page, offset), tag[:TAG_SIZE]):
            self._sealed.add(start, start + scan.end)
        else:
            text = f"page {start // PAGE_SIZE} altered: the seal at {start + offset} does not fit"
            self._altered = self.note(max(start, self.sealed_until), start + offset, "seal", text)
