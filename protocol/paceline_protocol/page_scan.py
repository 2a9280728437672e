"""Reading one page whose bytes arrive in any pieces: its header, its records, and where they end."""

from .page import HEADER_SIZE, PAGE_SIZE
from .records import ERASED, RECORD_OVERHEAD, is_erased, record_at

# PageScan.stop: why no further record will come
OPEN = 0  # more may come
ERASED_END = 1  # the page is erased from `end` on, or has no room for a record
DAMAGED = 2  # the record at `end` has a wrong check sum or leaves the page


class PageScan:
    """One page: `page` holds its bytes, `filled` how many are there, `end` the offset behind the last good record."""

    def __init__(self) -> None:
        self.page = bytearray(PAGE_SIZE)
        self.filled = 0
        self.end = HEADER_SIZE
        self.stop = OPEN

    def take(self, data: bytes | bytearray | memoryview) -> int:
        """Append bytes as far as the page has room; return how many were taken."""
        count = min(len(data), PAGE_SIZE - self.filled)
        self.page[self.filled : self.filled + count] = data[:count]
        self.filled += count
        return count

    def clean(self) -> bool:
        """Tell whether every byte that is there behind the records is erased."""
        return is_erased(memoryview(self.page)[: self.filled], self.end)

    def next_record(self) -> "tuple[int, int, bytes] | None":
        """Return (offset, kind, payload) of the next record that is all there, or None for now."""
        start = self.end
        if self.stop != OPEN or not self._all_there(start):
            return None
        behind = record_at(self.page, start)
        if behind <= 0:
            self.stop = ERASED_END if behind < 0 else DAMAGED
            return None
        self.end = behind
        return start, self.page[start], bytes(memoryview(self.page)[start + 2 : behind - 2])

    def _all_there(self, start: int) -> bool:
        """Tell whether record_at(start) can be decided without the bytes that are still missing."""
        if start + RECORD_OVERHEAD > PAGE_SIZE:
            return True
        if self.filled < start + 2:
            return False
        behind = start + RECORD_OVERHEAD + self.page[start + 1]
        return self.filled >= behind or self.page[start] == ERASED or behind > PAGE_SIZE
