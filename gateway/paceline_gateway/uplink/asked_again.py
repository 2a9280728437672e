"""What the server asks for again: bytes below what it holds that never came, or whose seal did not fit on its side.

The server says so (docs/API.md, GET journal); what of it is spooled is sent again as it is. Seals cannot be checked
here, so a page that is damaged in this spool, too, is asked for again: it is sent twice and then left alone, for as
long as the gateway runs. Nothing is asked of a journal that is not wholly on the server: the uploader is at it.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path

from paceline_protocol.page import PAGE_SIZE

from paceline_gateway.errors import ConfigError, SpoolError, UplinkError
from paceline_gateway.journal_file import JournalFile
from paceline_gateway.spool import DeviceSpool
from paceline_gateway.uninterrupted import in_thread
from paceline_gateway.uplink.answers import Held, Later
from paceline_gateway.uplink.client import UplinkClient

LOOK_EVERY_S = 60.0
LOOK_ANYWAY_S = 3600.0
"""What nothing changed of here is asked about so seldom: another gateway may have brought a bad copy."""
LOOKS = 2
"""After a change: the server judges pages some moments after it took them."""
MOST_TRIES = 2

log = logging.getLogger(__name__)
Range = tuple[int, int]


class AskedAgain:
    """Sends again, of one wearable's journals, what the server asks for."""

    def __init__(self, device_id: bytes, name: str, *, spool: DeviceSpool, client: UplinkClient) -> None:
        self._device_id = device_id
        self._name = name
        self._spool = spool
        self._client = client
        self._looked: dict[Path, tuple[int, int, float]] = {}  # uploaded, how often since then, when last
        self._tries: dict[tuple[Path, int], int] = {}  # of each page

    async def run(self, clock_s: Callable[[], float]) -> None:
        """Ask for ever; `clock_s` is monotonic. Returns only by cancellation."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.round(clock_s())
            except (UplinkError, SpoolError, ConfigError) as error:
                log.debug("%s: asked again: %s", self._name, error)  # the uploader tells of the same

    async def round(self, now_s: float) -> int:
        """Ask about journals of which there may be news, and send what is asked for; return how many bytes.

        UplinkError, SpoolError and ConfigError as UplinkClient and JournalFile; the next round goes on.
        """
        sent = 0
        for journal in self._spool.journals():
            if journal.uploaded < journal.durable or journal.uploaded == journal.start:
                continue
            uploaded, looks, then_s = self._looked.get(journal.path, (-1, 0, 0.0))
            looks = looks if uploaded == journal.uploaded else 0
            if looks >= LOOKS and now_s - then_s < LOOK_ANYWAY_S:
                continue
            came = await self._look(journal)
            self._looked[journal.path] = (journal.uploaded, 1 if came else looks + 1, now_s)
            sent += came
        return sent

    async def _look(self, journal: JournalFile) -> int:
        asked = read_asked(await self._client.standing(self._device_id, journal.epoch))
        sent = 0
        for start, end in pieces(asked, journal.start, journal.uploaded):
            key = (journal.path, start // PAGE_SIZE)
            if self._tries.get(key, 0) >= MOST_TRIES:
                continue
            data = await in_thread(journal.read, start, end - start)
            answer = await self._client.put(self._device_id, journal.epoch, start, data)
            if isinstance(answer, Later):
                raise UplinkError(answer.problem)
            self._tries[key] = self._tries.get(key, 0) + 1
            sent += len(data) if isinstance(answer, Held) else 0
        if sent:
            log.info("%s: %d bytes of %08x were asked for again", self._name, sent, journal.epoch)
        return sent


def pieces(asked: list[Range], start: int, end: int) -> list[Range]:
    """Return what of the ranges asked for lies in start … end, page by page.

    A page is sent by itself, so that one that is damaged here does not keep its neighbours from being taken.
    """
    found: list[Range] = []
    for first, last in asked:
        at, until = max(first, start), min(last, end)
        while at < until:
            after = min((at // PAGE_SIZE + 1) * PAGE_SIZE, until)
            found.append((at, after))
            at = after
    return found


def read_asked(body: bytes) -> list[Range]:
    """Return the ranges (from, to) that the server's answer asks for, in order; none from what makes no sense."""
    try:
        rows = json.loads(body)["missing"]
        found = [(row["from"], row["to"]) for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    good = all(type(low) is int and type(high) is int and 0 <= low < high <= 0xFFFFFFFF for low, high in found)
    return sorted(found) if good else []
