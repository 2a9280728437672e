"""Builds the bytes of a journal as a wearable writes them; runs on both interpreters."""

from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, pack_header, page_tag
from paceline_protocol.records import SEAL, pack_record


class JournalBuilder:
    """Appends records page by page; `pages` are the bytes so far, the last one erased behind `end`."""

    def __init__(self, key: bytes, epoch: int = 7, first_page: int = 0) -> None:
        self.key = key
        self.epoch = epoch
        self.first_page = first_page
        self.pages: list[bytearray] = []
        self.end = 0
        self.new_page()

    @property
    def position(self) -> int:
        """The position behind the last record."""
        return (self.first_page + len(self.pages) - 1) * PAGE_SIZE + self.end

    def new_page(self) -> None:
        """Leave the page as it is and begin the next, whose header seals it."""
        tag = page_tag(self.key, self.pages[-1], self.end) if self.pages else NO_TAG
        page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(page, self.epoch, self.first_page + len(self.pages), self.end, tag)
        self.pages.append(page)
        self.end = HEADER_SIZE

    def record(self, kind: int, payload: bytes) -> int:
        """Append a record, on a new page if it must; return its position."""
        if self.end + 4 + len(payload) > PAGE_SIZE:
            self.new_page()
        position = self.position
        self.end = pack_record(self.pages[-1], self.end, kind, payload)
        return position

    def seal(self) -> int:
        """Append a SEAL record over the head of the page."""
        if self.end + 20 > PAGE_SIZE:
            self.new_page()
        return self.record(SEAL, page_tag(self.key, self.pages[-1], self.end))

    def torn(self, data: bytes) -> None:
        """Leave an unfinished record behind the end and begin a new page, as a boot after a power cut does."""
        self.pages[-1][self.end : self.end + len(data)] = data
        self.new_page()

    def bytes(self) -> bytes:
        """Return the journal up to its end, as a wearable sends it."""
        return b"".join([bytes(page) for page in self.pages[:-1]]) + bytes(self.pages[-1][: self.end])
