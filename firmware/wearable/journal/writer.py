"""The journal's writer: finds its end at boot, appends records and samples, turns pages, serves reads.

Every record is programmed once, in one operation, into erased bytes; `end` moves only after that. A page is turned by
erasing the next block and programming its header. So a power cut leaves at most one record unfinished or one block
without a header, and both are recognised at the next boot. An operation that the flash refuses (OSError) leaves the
page as torn: the next record begins a new one.
"""

import micropython
from micropython import const
from paceline_protocol.errors import JournalError
from paceline_protocol.integrity import Mac
from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, TAG_SIZE, pack_header
from paceline_protocol.records import (
    MAX_PAYLOAD,
    RECORD_OVERHEAD,
    SAMPLES,
    SEAL,
    SESSION_START,
    record_at,
    records_end,
)
from paceline_protocol.sample_codec import SampleEncoder

from ..signal.pointers import ptr8
from .mount import find_pages, oldest_is_whole
from .page_ring import PageRing

_PIECE = 256
_STEP = const(16)
_VIEWS = const(17)
CHUNK_S = 25  # a power cut loses no more than the open chunk


@micropython.viper
def _frame(record: ptr8, kind: int, length: int):
    # As records.close_record() does, without a number that the heap would have to hold.
    record[0] = kind
    record[1] = length
    check = 0xFFFF
    high = 0xFFFF
    for i in range(length + 2):
        check ^= record[i]
        for _ in range(8):
            odd = check & 1
            check = check >> 1 | (high & 1) << 15
            high >>= 1
            if odd:
                check ^= 0x8320
                high ^= 0xEDB8
    check ^= 0xFFFF
    record[length + 2] = check & 0xFF
    record[length + 3] = check >> 8


class Journal:
    """The journal of one partition; the constructor is the boot scan and formats an empty flash.

    `random_epoch()` returns a random u32. `on_page()` runs after each page turn and writes what every page has at its
    head; `on_append()` runs whenever `end` has moved.
    """

    def __init__(self, flash, key: bytes, random_epoch) -> None:
        self._ring = PageRing(flash)
        self._key = key
        self._record = record = bytearray(_STEP * _VIEWS)
        view = memoryview(record)
        self._views = [view[: _STEP * (i + 1)] for i in range(_VIEWS)]  # made once: they come from the heap
        self._encoder = SampleEncoder()
        self._chunk_t_s = 0
        self.on_page = _nobody
        self.on_append = _nobody
        self.confirmed = 0
        self.lost_pages = 0  # overwritten since boot before they were confirmed
        self.damaged_pages = 0  # without a whole header, as far as the boot met them
        self._torn = False
        found = find_pages(self._ring)
        if found is None:
            self._format(random_epoch)
        else:
            self._resume(found)

    @property
    def start(self) -> int:
        """The position of the oldest byte held."""
        return self._oldest * PAGE_SIZE

    @property
    def end(self) -> int:
        """The position behind the newest record."""
        return self._number * PAGE_SIZE + self._offset

    @property
    def pending(self) -> int:
        """Samples of the open chunk, which a power cut would take."""
        return self._encoder.count

    def append(self, kind: int, payload: bytes) -> None:
        """Write a record; the open chunk of samples is closed before it, and a workout begins with fresh models."""
        if len(payload) > MAX_PAYLOAD:
            raise JournalError("room", self.end, f"a record holds {MAX_PAYLOAD} bytes, not {len(payload)}")
        self.flush()
        if len(payload) > self._room():
            self._turn()
        self._record[2 : 2 + len(payload)] = payload
        self._program(kind, len(payload))
        if kind == SESSION_START:
            self._encoder.restart()

    def append_sample(
        self,
        t_s: int,
        fix: int,
        latitude_udeg: int,
        longitude_udeg: int,
        altitude_2dm: int,
        speed_cm_s: int,
        heart_rate_bpm: int,
        heart_rate_confidence: int,
        cadence_spm: int,
    ) -> None:
        """Put a sample into the open chunk; the chunk is written after 25 samples or seconds, or when its room ends."""
        encoder = self._encoder
        full = encoder.count >= CHUNK_S or encoder.room_needed() > self._room()
        if encoder.count and (full or t_s - self._chunk_t_s >= CHUNK_S):
            self.flush()
        if encoder.count == 0:
            if encoder.room_needed() > self._room():
                self._turn()
            self._chunk_t_s = t_s
        encoder.put(
            t_s,
            fix,
            latitude_udeg,
            longitude_udeg,
            altitude_2dm,
            speed_cm_s,
            heart_rate_bpm,
            heart_rate_confidence,
            cadence_spm,
        )
        if encoder.count >= CHUNK_S:
            self.flush()

    def flush(self, until_t_s: "int | None" = None, age_s: int = CHUNK_S) -> None:
        """Write the open chunk of samples; with a device second, only when the chunk is that old by then."""
        if self._encoder.count == 0 or (until_t_s is not None and until_t_s - self._chunk_t_s < age_s):
            return
        self._program(SAMPLES, self._encoder.close(self._record, 2) - 2)

    def seal(self) -> None:
        """Seal what the current page holds, so that it can be shown untampered before the page is full."""
        self.flush()
        if self._room() < TAG_SIZE:
            self._turn()
            return
        self.append(SEAL, self._tag(self._number, self._offset))

    def confirm(self, position: int) -> bool:
        """Note that the server holds everything before the position; True when that is news."""
        if not self.confirmed < position <= self.end:
            return False
        self.confirmed = position
        return True

    def read(self, position: int, buffer: "bytearray | memoryview") -> int:
        """Fill the buffer with journal bytes from the position on; return how many, at most up to the page's end.

        0 at the end; JournalError("not_held", start) before the oldest byte and behind the end.
        """
        if not self.start <= position <= self.end:
            raise JournalError("not_held", self.start, f"held are {self.start} to {self.end}, not {position}")
        offset = position % PAGE_SIZE
        count = min(len(buffer), self.end - position, PAGE_SIZE - offset)
        if count:
            self._ring.read(position // PAGE_SIZE, offset, memoryview(buffer)[:count])
        return count

    def pages_back(self):
        """Yield the pages from the newest back, each as its records: (kind, payload), which last until the next one."""
        for number in range(self._number, self._oldest - 1, -1):
            yield self._records(number, self._offset if number == self._number else PAGE_SIZE)

    def _records(self, number: int, end: int):
        # Record by record: a page in one piece is much for a heap in which all else lies already.
        at = HEADER_SIZE
        while True:
            piece = memoryview(self._record)[: min(end - at, MAX_PAYLOAD + RECORD_OVERHEAD)]
            self._ring.read(number, at, piece)
            behind = record_at(piece, 0, len(piece))
            if behind <= 0:
                return
            yield piece[0], piece[2 : behind - 2]
            at += behind

    def _room(self) -> int:
        # Payload bytes that one more record of this page may have; below 0 where there must be none.
        return -1 if self._torn else min(PAGE_SIZE - self._offset - RECORD_OVERHEAD, MAX_PAYLOAD)

    def _program(self, kind: int, length: int) -> None:
        record, end = self._record, length + RECORD_OVERHEAD
        _frame(record, kind, length)
        self._torn = True
        behind = end + _STEP - 1 & -_STEP
        if self._offset + behind > PAGE_SIZE:
            self._ring.program(self._number, self._offset, memoryview(record)[:end])
        else:
            # Ones leave erased bytes as they are: those behind the record can still be programmed.
            for i in range(end, behind):
                record[i] = 0xFF
            self._ring.program(self._number, self._offset, self._views[behind // _STEP - 1])
        self._torn = False
        self._offset += end
        self.on_append()

    def _tag(self, number: int, end: int) -> bytes:
        # As page.page_tag() has it, piece by piece: a whole page would be the largest thing on the heap.
        mac = Mac(self._key)
        inner = mac.begin()
        piece = self._views[_PIECE // _STEP - 1]
        for at in range(0, end, _PIECE):
            if end - at < _PIECE:
                piece = piece[: end - at]
            self._ring.read(number, at, piece)
            inner.update(piece)
        return mac.finish(inner)[:TAG_SIZE]

    def _turn(self) -> None:
        self._torn = True  # until the new header is there
        tag = self._tag(self._number, self._offset)
        if self._number + 1 - self._oldest >= self._ring.blocks:
            if self.confirmed < self.start + PAGE_SIZE:
                self.lost_pages += 1
            self._oldest += 1
        self._begin(self._number + 1, self._offset, tag)
        self.on_page()

    def _begin(self, number: int, previous_end: int, previous_tag: bytes) -> None:
        self._ring.erase(number)
        pack_header(self._record, self.epoch, number, previous_end, previous_tag)
        self._ring.program(number, 0, self._views[HEADER_SIZE // _STEP - 1])
        self._number = number
        self._offset = HEADER_SIZE
        self._torn = False
        self._encoder.restart()

    def _format(self, random_epoch) -> None:
        self.epoch = 0
        while self.epoch == 0:
            self.epoch = random_epoch()
        self._number = self._oldest = 0
        self._begin(0, 0, NO_TAG)

    def _resume(self, found) -> None:
        self.epoch = found.epoch
        self._number = found.newest
        self.damaged_pages = found.damaged
        page = bytearray(PAGE_SIZE)  # given back after the boot
        full = found.newest + 1 - found.oldest == self._ring.blocks
        if full and not oldest_is_whole(self._ring, found, self._key, page):
            found.oldest += 1
        self._oldest = found.oldest
        self._ring.read(self._number, 0, page)
        self._offset, clean = records_end(page)
        if not clean:
            # The unfinished record stays where it is; what is programmed cannot be programmed again.
            self._turn()


def _nobody() -> None:
    pass
