"""Reads a journal whose bytes arrive in order and in any pieces (docs/JOURNAL.md, "Reading").

    reader = JournalReader(key)
    for position, kind, payload in reader.feed(data): …

Then `problems`, `sealed_until` and `sealed(start, end)` say how far it can be trusted.
"""

import struct

from .chain import Chain
from .errors import JournalError
from .findings import Problem
from .page import FORMAT_VERSION, HEADER_SIZE, MAGIC, PAGE_SIZE, PageHeader, parse_header
from .page_scan import DAMAGED, PageScan
from .records import SEAL


class JournalReader:
    """Yields records with their positions and collects what is wrong; with the journal key it also verifies every seal.

    `first_page` is where the bytes begin (pages before it were overwritten or are not asked for); `epoch` None takes
    the epoch of the first page. Memory: the current page, the one before it, and the findings.
    """

    def __init__(self, key: "bytes | None" = None, first_page: int = 0, epoch: "int | None" = None) -> None:
        self.epoch = epoch
        self._chain = Chain(key, first_page * PAGE_SIZE)
        self._number = first_page
        self._scan = PageScan()
        self._readable = False  # the current page's header was read and its records may be
        self._previous: "PageScan | None" = None  # the page before, when it was read whole
        self._skip = 0  # bytes of the current page that are missing at its start

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong so far, in the order found; docs/JOURNAL.md lists the codes."""
        return self._chain.problems

    @property
    def position(self) -> int:
        """The position of the byte that comes next."""
        return self._number * PAGE_SIZE + self._scan.filled + self._skip

    @property
    def sealed_until(self) -> int:
        """The position behind the last byte that a seal verified; problems name what does not hold before it."""
        return self._chain.sealed_until

    def sealed(self, start: int, end: int) -> bool:
        """Tell whether all bytes of start … end are verified by seals and no problem but a torn tail touches them."""
        return self._chain.sealed(start, end)

    def feed(
        self, data: bytes | bytearray | memoryview, position: "int | None" = None
    ) -> "list[tuple[int, int, bytes]]":
        """Take the next bytes; return (position, kind, payload) of each record that they complete.

        A `position` ahead of the reader's leaves a gap, which becomes a problem; one behind it raises JournalError
        ("overlap") and changes nothing. Records come before their seal: ask `sealed` for what must be untampered.
        """
        if position is not None and position != self.position:
            self._jump(position)
        records = []
        view = memoryview(data)
        while len(view) > 0:
            if self._skip:
                taken = min(PAGE_SIZE - self._skip, len(view))
                self._skip += taken
                if self._skip == PAGE_SIZE:
                    self._next_page(None)
            else:
                taken = self._take(view, records)
            view = view[taken:]
        return records

    def finish(self) -> None:
        """Judge the last page, when no more bytes will come."""
        if self._readable and self._scan.stop == DAMAGED:
            at = self._start() + self._scan.end
            self._chain.note(
                at, self.position, "tail", f"page {self._number}: the last record, at {at}, is damaged or unfinished"
            )

    def _take(self, view: memoryview, records: "list[tuple[int, int, bytes]]") -> int:
        scan = self._scan
        had = scan.filled
        taken = scan.take(view)
        if had < HEADER_SIZE <= scan.filled:
            self._readable = self._read_header()
        if self._readable:
            record = scan.next_record()
            while record:
                offset, kind, payload = record
                records.append((self._start() + offset, kind, payload))
                if kind == SEAL:
                    self._chain.seal_record(scan, self._start(), offset, payload)
                record = scan.next_record()
        if scan.filled == PAGE_SIZE:
            self._next_page(scan if self._readable else None)
        return taken

    def _next_page(self, previous: "PageScan | None") -> None:
        self._previous = previous
        self._number += 1
        self._scan = PageScan()
        self._readable = False
        self._skip = 0

    def _jump(self, position: int) -> None:
        if position < self.position:
            raise JournalError("overlap", position, f"the reader is at {self.position} already")
        self._settle(None)
        if self._readable:
            self._chain.abandoned(self._scan, self._start(), self.position)
        self._chain.note(
            self.position, position, "gap", f"{position - self.position} bytes are missing from {self.position} on"
        )
        self._number = position // PAGE_SIZE - 1
        self._next_page(None)
        self._skip = position % PAGE_SIZE

    def _read_header(self) -> bool:
        """Check the header and, through it, the page before; tell whether this page's records can be read."""
        try:
            header = parse_header(self._scan.page)
        except JournalError as error:
            self._settle(None)
            text = f"page {self._number}: {error.detail}"
            self._chain.note(self._start(), self._start() + PAGE_SIZE, error.code, text)
            return error.code == "header" and self._is_as_expected()
        code = self._misplaced(header)
        if code:
            self._settle(None)
            text = f"page {self._number} has the {code} of another page"
            self._chain.note(self._start(), self._start() + PAGE_SIZE, code, text)
            return False
        self.epoch = header.epoch
        self._settle(header)
        return True

    def _misplaced(self, header: PageHeader) -> str:
        if self.epoch is not None and header.epoch != self.epoch:
            return "epoch"
        return "" if header.number == self._number else "number"

    def _is_as_expected(self) -> bool:
        # A header damaged elsewhere than in its identity does not make the records unreadable: they have check sums.
        if self.epoch is None:
            return False
        identity = struct.pack("<2sBBII", MAGIC, FORMAT_VERSION, 0, self.epoch, self._number)
        return bytes(self._scan.page[: len(identity)]) == identity

    def _settle(self, header: "PageHeader | None") -> None:
        """Judge the page before, by this page's header if that can be read."""
        previous, self._previous = self._previous, None
        if previous is None:
            return
        start = self._start() - PAGE_SIZE
        if header is None:
            self._chain.abandoned(previous, start, self._start())
        else:
            self._chain.left(previous, start, header)

    def _start(self) -> int:
        return self._number * PAGE_SIZE
