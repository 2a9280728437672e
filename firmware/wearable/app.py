"""Wires the parts to the board and runs their tasks; a task that dies leaves a CRASH record and restarts the board."""

import asyncio
import gc
import io
import os
import struct
import sys
import time

from paceline_protocol.gatt import ADVERTISED_NAME_PREFIX
from paceline_protocol.page import journal_key
from paceline_protocol.records import CRASH, pack_fields

from . import calendar
from .buttons import Buttons
from .clock import RTC, Clock
from .journal.writer import Journal
from .kept_state import KeptState
from .link.blobs import BlobStore
from .link.requests import Requests
from .link.server import LinkServer
from .recorder import Recorder
from .sensors import Sensors
from .version import VERSION

_WATCHDOG_MS = 30_000
_BEAT_MS = 500
_COLLECT_EVERY = 10  # beats
_OLDEST_RTC_YEAR = 2024  # an RTC that was never set says 2000
_CRASH_TEXT = 200


async def run(board) -> None:
    """Run the wearable on a board (see boards/README.md) for ever; NotProvisioned when it has no identity."""
    app = App(board)
    await app.run()


class App:
    """All parts of one wearable."""

    def __init__(self, board) -> None:
        self._board = board
        self._kept = KeptState(board.nvs)
        device_id = self._kept.provisioned("device_id", 8)
        device_key = self._kept.provisioned("device_key", 32)
        self._clock = Clock(time.ticks_ms, time.ticks_diff)
        self._read_rtc()
        self._journal = Journal(board.journal_flash, journal_key(device_key), _random_u32)
        self._journal.confirm(self._kept.confirmed(self._journal.epoch))
        self._recorder = Recorder(self._journal, self._clock, self._kept)
        self._recorder.boot(self._kept.count_boot(), board.reset_cause(), VERSION)
        self._clock.on_anchor = self._anchored
        self._sensors = Sensors(board, self._recorder, self._journal, self._clock)
        self._link = self._make_link(device_id, device_key)
        self._journal.on_append = self._link.journal_grew

    async def run(self) -> None:
        """Run all tasks."""
        buttons = Buttons(self._board, self._recorder, self._kept.sport())
        for name, task in (
            ("gps", self._sensors.read_gps()),
            ("heart", self._sensors.read_heart()),
            ("motion", self._sensors.read_motion()),
            ("battery", self._sensors.read_battery()),
            ("start button", buttons.watch_start()),
            ("lap button", buttons.watch_lap()),
            ("link", self._link.run()),
        ):
            asyncio.create_task(self._guard(name, task))
        await self._guard("beat", self._beat())

    async def _beat(self) -> None:
        watchdog = self._board.watchdog(_WATCHDOG_MS)
        standard = self._link.peripheral.standard
        heart = self._sensors.heart
        beat = 0
        while True:
            watchdog.feed()
            self._sensors.take_solutions()
            self._recorder.tick()
            self._recorder.save_when_due(self._link.followed)
            if beat % 2 == 0:
                standard.heart_rate(heart.bpm, heart.worn)
                standard.battery(self._sensors.battery.percent)
                self._kept.keep_confirmed(self._journal.epoch, self._journal.confirmed, self._clock.t_s())
            beat += 1
            if beat % _COLLECT_EVERY == 0:
                gc.collect()
            await asyncio.sleep_ms(_BEAT_MS)

    async def _guard(self, name: str, task) -> None:
        try:
            await task
        except Exception as error:  # noqa: BLE001 (the top of a task)
            text = _traceback(error)
            print(name, "died:", text)
            self._leave_record(name + ": " + text[-_CRASH_TEXT:])
            self._board.reset()

    def _leave_record(self, text: str) -> None:
        try:
            self._journal.append(CRASH, pack_fields(CRASH, self._clock.t_s(), text))
        except Exception as error:  # noqa: BLE001 (the flash itself may be what failed; the reset follows)
            sys.print_exception(error)

    def _make_link(self, device_id: bytes, device_key: bytes) -> LinkServer:
        blobs = BlobStore(self._board.BLOB_FOLDER)
        requests = Requests(
            device_id,
            device_key,
            VERSION,
            self._journal,
            self._clock,
            self._recorder,
            blobs,
            self._sensors.battery,
        )
        name = f"{ADVERTISED_NAME_PREFIX}-{device_id[-2:].hex().upper()}"
        link = LinkServer(requests, name)
        link.peripheral.standard.describe(self._board.NAME, device_id.hex(), VERSION)
        return link

    def _anchored(self) -> None:
        self._recorder.write_clock()
        if self._clock.source != RTC:
            days, second = divmod(self._clock.utc_2020_s(), calendar.DAY_S)
            year, month, day = calendar.date_of(days)
            # 2020-01-01 was a Wednesday, which the RTC calls 2.
            self._board.rtc.datetime(
                (year, month, day, (days + 2) % 7, second // 3600, second // 60 % 60, second % 60, 0)
            )

    def _read_rtc(self) -> None:
        year, month, day, _, hour, minute, second, _ = self._board.rtc.datetime()
        if year >= _OLDEST_RTC_YEAR:
            days = calendar.days_since_2020(year, month, day)
            self._clock.told(days * calendar.DAY_S + (hour * 60 + minute) * 60 + second, RTC)


def _traceback(error: Exception) -> str:
    # The stubs do not know what StringIO can do here.
    text = io.StringIO()
    sys.print_exception(error, text)  # type: ignore[arg-type]
    return text.getvalue()  # type: ignore[attr-defined]


def _random_u32() -> int:
    return struct.unpack("<I", os.urandom(4))[0]
