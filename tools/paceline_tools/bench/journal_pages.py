"""A recording as the journal pages that the wearable would write of it: headers, clock, session, chunks and seal."""

from collections.abc import Iterator, Sequence

from paceline_protocol import records
from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, TAG_SIZE, pack_header, page_tag
from paceline_protocol.records import RECORD_OVERHEAD, close_record, iter_records, pack_fields, pack_record
from paceline_protocol.sample_codec import PAYLOAD_MAX, SampleEncoder

CHUNK_S = 25
PAUSE_S = 10
"""A longer gap between two samples is a pause: it costs a PAUSE and a RESUME record."""

_KEY = bytes(32)
_UTC_S = 1_700_000_000

Sample = Sequence[int]


class PageWriter:
    """Writes one workout; `pages` are whole pages but for the last, which ends behind its SEAL."""

    def __init__(self, key: bytes = _KEY, epoch: int = 1, start_utc_s: int = _UTC_S) -> None:
        self.pages: list[bytes] = []
        self._key = key
        self._epoch = epoch
        self._start_utc_s = start_utc_s
        self.slack = 0
        self._encoder = SampleEncoder()
        self._buffer = bytearray(PAYLOAD_MAX + RECORD_OVERHEAD)
        self._page = bytearray()
        self._end = 0
        self._chunk_t_s = 0
        self._t_s = 0

    def write(self, samples: Sequence[Sample]) -> None:
        """Write the workout from its start to its seal."""
        self._turn(0)
        for sample in samples:
            self._put(sample)
        self._append(records.SESSION_END, self._t_s, 1, len(samples), self._t_s, self._t_s, 0, 0, 0, 0, 0)
        if self._room() < TAG_SIZE:
            self._turn(records.CONTINUED)
        else:
            self._append(records.SEAL, page_tag(self._key, self._page, self._end))
        self.pages.append(bytes(self._page[: self._end]))

    def _put(self, sample: Sample) -> None:
        t_s = sample[0]
        if t_s - self._t_s > PAUSE_S and self._t_s:
            self._append(records.PAUSE, self._t_s, 1)
            self._append(records.RESUME, t_s, 1)
        encoder = self._encoder
        full = encoder.count == CHUNK_S or t_s - self._chunk_t_s >= CHUNK_S
        if encoder.count and (full or encoder.room_needed() > self._room()):
            self._flush()
        if encoder.count == 0:
            if encoder.room_needed() > self._room():
                self._turn(records.CONTINUED)
            self._chunk_t_s = t_s
        encoder.put(*sample)
        self._t_s = t_s

    def _append(self, kind: int, *fields: object) -> None:
        self._flush()
        payload = pack_fields(kind, *fields)
        if len(payload) > self._room():
            self._turn(records.CONTINUED)
        self._end = pack_record(self._page, self._end, kind, payload)

    def _flush(self) -> None:
        if self._encoder.count:
            length = self._encoder.close(self._buffer, 2) - 2
            end = close_record(self._buffer, 0, records.SAMPLES, length)
            self._page[self._end : self._end + end] = self._buffer[:end]
            self._end += end

    def _turn(self, flags: int) -> None:
        tag = NO_TAG
        if self.pages or self._end:
            tag = page_tag(self._key, self._page, self._end)
            self.slack += PAGE_SIZE - self._end
            self.pages.append(bytes(self._page))
        self._page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(self._page, self._epoch, len(self.pages), self._end, tag)
        self._end = HEADER_SIZE
        self._encoder.restart()
        self._append(records.CLOCK, self._t_s, self._start_utc_s + self._t_s, 1)
        self._append(records.SESSION_START, 0, self._start_utc_s, 1, 1, 1, flags)

    def _room(self) -> int:
        return min(PAGE_SIZE - self._end - RECORD_OVERHEAD, PAYLOAD_MAX)


def payloads_of(pages: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the SAMPLES payloads of the pages in their order."""
    for page in pages:
        for _, kind, payload in iter_records(page):
            if kind == records.SAMPLES:
                yield bytes(payload)
