"""A plausible run, second by second, and the journal that a wearable would keep of it."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from paceline_protocol import records
from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.sample_codec import SampleEncoder

CHUNK_S = 25
METRES_PER_DEGREE = 111_195.0
RUNNING = records.SPORTS.index("running")


@dataclass(frozen=True, slots=True)
class Second:
    """One sample in the protocol's units."""

    t_s: int
    latitude_udeg: int
    longitude_udeg: int
    altitude_2dm: int
    speed_cm_s: int
    heart_rate_bpm: int
    cadence_spm: int


def run(seed: int, seconds: int, latitude_deg: float = 46.2, longitude_deg: float = 6.15) -> Iterator[Second]:
    """A run in loops over gentle hills with a quicker end; the same for the same seed."""
    chance = random.Random(seed)
    heading, altitude_m, heart_rate = chance.uniform(0, 6), 412.0, 96.0
    for t in range(seconds):
        heading += 0.0021 + 0.012 * math.sin(t / 170) + 0.006 * math.sin(t / 47 + 1) + chance.gauss(0, 0.006)
        grade = 0.03 * math.sin(t / 310) + 0.015 * math.sin(t / 90)
        kick = 0.45 if t > 0.86 * seconds else 0.0
        speed = max(0.0, 3.35 - 9 * grade + 0.18 * math.sin(t / 240) + kick + chance.gauss(0, 0.08))
        altitude_m += speed * grade
        latitude_deg += speed * math.cos(heading) / METRES_PER_DEGREE
        longitude_deg += speed * math.sin(heading) / METRES_PER_DEGREE / math.cos(math.radians(latitude_deg))
        heart_rate += (148 + 260 * grade + 30 * kick + 12 * t / seconds - heart_rate) * 0.02
        yield Second(
            t,
            round(latitude_deg * 1e6),
            round(longitude_deg * 1e6),
            round(altitude_m * 5),
            round(speed * 100),
            round(heart_rate + chance.gauss(0, 0.8)),
            round(164 + 6 * (speed - 3.3)),
        )


class Journal:
    """The journal of one device and epoch, growing by records; `data` is what a wearable would hold."""

    def __init__(self, device_key: bytes, epoch: int) -> None:
        self._key = journal_key(device_key)
        self._epoch = epoch
        self._pages = [bytearray(b"\xff" * PAGE_SIZE)]
        self._end = HEADER_SIZE
        self._encoder = SampleEncoder()
        self._session: tuple[object, ...] | None = None
        pack_header(self._pages[0], epoch, 0, 0, NO_TAG)

    @property
    def data(self) -> bytes:
        """All bytes up to the end of the last record."""
        return b"".join(self._pages[:-1]) + bytes(self._pages[-1][: self._end])

    def start(self, session: int, utc_s: int, t_s: int) -> None:
        """Boot, anchor the clock by GPS, begin a run."""
        self.put(records.BOOT, records.pack_fields(records.BOOT, 1, 1, bytes((0, 1, 0))))
        self.put(records.CLOCK, records.pack_fields(records.CLOCK, t_s, utc_s, 1))
        self._session = (t_s, utc_s, session, RUNNING, 0)
        self.put(records.SESSION_START, records.pack_fields(records.SESSION_START, *self._session, 0))

    def samples(self, seconds: list[Second]) -> None:
        """Add samples in chunks."""
        for first in range(0, len(seconds), CHUNK_S):
            chunk = seconds[first : first + CHUNK_S]
            # A chunk of 25 seconds is below 255 bytes with its worst samples left out of account: a run is calm.
            if self._end + 255 + records.RECORD_OVERHEAD > PAGE_SIZE:
                self._turn()
            for second in chunk:
                self._encoder.put(
                    second.t_s,
                    3,
                    second.latitude_udeg,
                    second.longitude_udeg,
                    second.altitude_2dm,
                    second.speed_cm_s,
                    second.heart_rate_bpm,
                    3,
                    second.cadence_spm,
                )
            payload_at = self._end + 2
            end = self._encoder.close(self._pages[-1], payload_at)
            self._end = records.close_record(self._pages[-1], self._end, records.SAMPLES, end - payload_at)

    def finish(self, session: int, seconds: list[Second], distance_m: int) -> None:
        """End the session with its totals, and seal the page."""
        last = seconds[-1].t_s
        hearts = [second.heart_rate_bpm for second in seconds]
        totals = (last, session, len(seconds), last, last, distance_m, 60, sum(hearts) // len(hearts), max(hearts), 500)
        self.put(records.SESSION_END, records.pack_fields(records.SESSION_END, *totals))
        tag = page_tag(self._key, self._pages[-1], self._end)
        self.put(records.SEAL, records.pack_fields(records.SEAL, tag))
        self._session = None

    def put(self, kind: int, payload: bytes) -> None:
        """Add a record, on a new page when there is no room."""
        if self._end + len(payload) + records.RECORD_OVERHEAD > PAGE_SIZE:
            self._turn()
        self._end = records.pack_record(self._pages[-1], self._end, kind, payload)

    def _turn(self) -> None:
        tag = page_tag(self._key, self._pages[-1], self._end)
        page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(page, self._epoch, len(self._pages), self._end, tag)
        self._pages.append(page)
        self._end = HEADER_SIZE
        self._encoder.restart()
        if self._session is not None:
            payload = records.pack_fields(records.SESSION_START, *self._session, records.CONTINUED)
            self._end = records.pack_record(page, self._end, records.SESSION_START, payload)
