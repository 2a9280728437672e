"""Writes journals as a wearable does: pages, headers, chunks, seals; for tests that need bytes to upload."""

import math
import random
from collections.abc import Iterable

from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.records import (
    BATTERY,
    BOOT,
    CLOCK,
    CONTINUED,
    LAP,
    PAUSE,
    RECORD_OVERHEAD,
    RESUME,
    SAMPLES,
    SEAL,
    SESSION_END,
    SESSION_START,
    close_record,
    pack_fields,
    pack_record,
)
from paceline_protocol.sample_codec import PAYLOAD_MAX, SampleEncoder

CHUNK_S = 25
DEVICE_KEY = bytes(range(32))
DEVICE_ID = "0011223344556677"
EPOCH = 0xC0FFEE01
START_UTC_S = 1_760_000_000

Sample = tuple[int, int, int, int, int, int, int, int, int]


class JournalBuilder:
    """A journal in the making; `data` is what is written, from page `first_page` on."""

    def __init__(self, key: bytes = DEVICE_KEY, epoch: int = EPOCH, first_page: int = 0) -> None:
        self._key = journal_key(key)
        self._epoch = epoch
        self._encoder = SampleEncoder()
        self._pages: list[bytes] = []
        self._first_page = first_page
        self._session: tuple[int, int] | None = None
        self._clock: tuple[int, int, int] | None = None
        self._samples = 0
        self._t_s = 0
        self._begin_page(0, NO_TAG)

    @property
    def data(self) -> bytes:
        """All bytes up to the end of the last record."""
        return b"".join(self._pages) + bytes(self._page[: self._end])

    @property
    def position(self) -> int:
        """The position behind the last record."""
        return self._first_page * PAGE_SIZE + len(self._pages) * PAGE_SIZE + self._end

    def boot(self, count: int = 1) -> None:
        """Start the device."""
        self._t_s = 0
        self._clock = None
        self.record(BOOT, count, 1, bytes([0, 1, 0]))
        self._encoder.restart()

    def clock(self, t_s: int, utc_s: int, source: int = 1) -> None:
        """Tell the time; every page that follows repeats it at its head, as the firmware does."""
        self._clock = (t_s, utc_s, source)
        self.record(CLOCK, t_s, utc_s, source)

    def start(self, t_s: int, *, session: int = 1, sport: int = 1, utc_s: int = 0, continued: bool = False) -> None:
        """Begin a workout, or go on with it after a boot."""
        self._session = (session, sport)
        if not continued:
            self._samples = 0
        self._encoder.restart()
        self.record(SESSION_START, t_s, utc_s, session, sport, 0, CONTINUED if continued else 0)

    def worn(self, slot: int, t_s: int, *, session: int, utc_s: int) -> None:
        """Begin a run of who has this slot; it stays within a page, as the pages that follow would name slot 0."""
        self._session, self._samples = (session, 1), 0
        self._encoder.restart()
        self.record(SESSION_START, t_s, utc_s, session, 1, slot, 0)

    def samples(self, samples: Iterable[Sample]) -> None:
        """Record samples, in chunks as the device closes them."""
        for sample in samples:
            if self._encoder.count == CHUNK_S or self._encoder.room_needed() > self._room():
                self._close_chunk()
                if self._encoder.room_needed() > self._room():
                    self._next_page()
            self._encoder.put(*sample)
            self._samples += 1
            self._t_s = sample[0]
        self._close_chunk()

    def end(self, t_s: int, *, samples: int | None = None, seal: bool = True) -> None:
        """End the workout, with its totals, and seal it."""
        assert self._session is not None
        count = self._samples if samples is None else samples
        self.record(SESSION_END, t_s, self._session[0], count, count, count, 0, 0, 0, 0, 321)
        self._session = None
        if seal:
            self.seal()

    def seal(self) -> None:
        """Seal the head of the page."""
        self._need(RECORD_OVERHEAD + 16)
        tag = page_tag(self._key, bytes(self._page), self._end)
        self._end = pack_record(self._page, self._end, SEAL, pack_fields(SEAL, tag))

    def lap(self, t_s: int, number: int = 1) -> None:
        """Press the lap button."""
        self.record(LAP, t_s, number, 1)

    def pause(self, t_s: int, resume_t_s: int) -> None:
        """Stand still."""
        self.record(PAUSE, t_s, 1)
        self.record(RESUME, resume_t_s, 1)

    def battery(self, t_s: int) -> None:
        """Record something that is no workout's."""
        self.record(BATTERY, t_s, 3900, 80)

    def leave_page(self) -> None:
        """Begin a new page, as after a torn one."""
        self._next_page()

    def record(self, kind: int, *fields: object) -> None:
        """Write a record of fields."""
        payload = pack_fields(kind, *fields)
        self._need(RECORD_OVERHEAD + len(payload))
        self._end = pack_record(self._page, self._end, kind, payload)

    def payload(self, kind: int, payload: bytes) -> None:
        """Write a record of any bytes."""
        self._need(RECORD_OVERHEAD + len(payload))
        self._end = pack_record(self._page, self._end, kind, payload)

    def restart_models(self) -> None:
        """Let the next samples' models start fresh, as after a boot."""
        self._encoder.restart()

    def _need(self, size: int) -> None:
        if self._end + size > PAGE_SIZE:
            self._next_page()

    def _room(self) -> int:
        return min(PAYLOAD_MAX, PAGE_SIZE - self._end - RECORD_OVERHEAD)

    def _close_chunk(self) -> None:
        if self._encoder.count:
            length = self._encoder.close(self._page, self._end + 2) - self._end - 2
            self._end = close_record(self._page, self._end, SAMPLES, length)

    def _next_page(self) -> None:
        page = bytes(self._page)
        self._pages.append(page)
        self._begin_page(self._end, page_tag(self._key, page, self._end))
        if self._clock is not None:
            t_s, utc_s, source = self._clock
            self.record(CLOCK, self._t_s, utc_s + self._t_s - t_s, source)
        if self._session is not None:
            session, sport = self._session
            self.record(SESSION_START, self._t_s, 0, session, sport, 0, CONTINUED)
        self._encoder.restart()

    def _begin_page(self, previous_end: int, previous_tag: bytes) -> None:
        self._page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(self._page, self._epoch, self._first_page + len(self._pages), previous_end, previous_tag)
        self._end = HEADER_SIZE


def run_samples(count: int, *, t_s: int = 10, seed: int = 1) -> list[Sample]:
    """Return a run of about 3 m/s on a wavy course with hills, one sample per second."""
    noise = random.Random(seed)
    samples: list[Sample] = []
    latitude, longitude = 47_000_000.0, 8_000_000.0
    for i in range(count):
        speed = 300 + 5 * noise.randrange(-4, 5)
        heading = i / 200 + noise.uniform(-0.02, 0.02)
        latitude += speed / 100 * math.cos(heading) / 0.1113195
        longitude += speed / 100 * math.sin(heading) / 0.0759
        altitude = int(2000 + 150 * math.sin(i / 300)) + noise.randrange(0, 2)
        heart_rate = min(180, 100 + i // 20) + noise.randrange(0, 3)
        samples.append((t_s + i, 3, round(latitude), round(longitude), altitude, speed, heart_rate, 3, 170 + i % 3))
    return samples


def workout(count: int = 600, *, seed: int = 1) -> tuple[JournalBuilder, list[Sample]]:
    """Return a journal with one finished run, and its samples."""
    builder = JournalBuilder()
    samples = run_samples(count, seed=seed)
    builder.boot()
    builder.clock(5, START_UTC_S + 5)
    builder.start(10, utc_s=START_UTC_S + 10)
    builder.samples(samples)
    builder.end(10 + count)
    return builder, samples
