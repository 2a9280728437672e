"""What every mode of the wearable has: identity, clock, journal, link, and records about itself."""

import os
import struct
import sys
import time

from paceline_protocol import wrist_plan
from paceline_protocol.code_tables import ALERTS, BOOT_CAUSES
from paceline_protocol.gatt import ADVERTISED_NAME_PREFIX
from paceline_protocol.page import journal_key
from paceline_protocol.records import ALERT, BOOT, CRASH, pack_fields

from . import calendar
from .clock import RTC, Clock
from .gps import assistance
from .journal.writer import Journal
from .kept_state import KeptState
from .link.blobs import BlobStore
from .link.requests import Requests
from .link.server import LinkServer
from .notices import KIND as NOTICES
from .notices import check as check_notices
from .session_head import keep_open
from .update.arrival import KIND as FIRMWARE
from .update.arrival import Arrival
from .users import KIND as SETTINGS
from .users import Users
from .users import check as check_settings
from .version import VERSION

JOURNAL_DAMAGED = ALERTS.index("journal damaged")
SAFE_MODE = ALERTS.index("safe mode")
PLAN = 2  # of BLOB_KINDS
UPDATE = BOOT_CAUSES.index("update")

_OLDEST_RTC_YEAR = 2024  # an RTC that was never set says 2000


class Core:
    """The wearable without sensors, buttons and workouts; `watchdog` must be fed by who runs it."""

    def __init__(self, board, kept: KeptState, watchdog, lives) -> None:
        self.board = board
        self.kept = kept
        self.watchdog = watchdog
        self.lives = lives
        self.device_id = kept.provisioned("device_id", 8)
        self._device_key = kept.provisioned("device_key", 32)
        self.clock = Clock(time.ticks_ms, time.ticks_diff)
        self._read_rtc()
        self.journal = Journal(board.journal_flash, journal_key(self._device_key), _random_u32)
        self.journal.confirm(kept.confirmed(self.journal.epoch))
        self.boots = kept.count_boot()
        self.users = Users(BlobStore(board.BLOB_FOLDER), kept)

    @property
    def cause(self) -> int:
        """Why this boot came: the board's reset cause, or that another copy of the firmware begins."""
        return UPDATE if self.lives.trial.changed else self.board.reset_cause()

    def make_link(self, recorder, battery, read_notices=None) -> LinkServer:
        """Return the link; it learns of the journal's growth, and calls `read_notices` when there are others."""
        trial = self.lives.trial
        arrival = Arrival(self.board, self._device_key, trial, recorder, self.alert)
        checks = {SETTINGS: check_settings, PLAN: _check_plan, FIRMWARE: arrival.check, NOTICES: check_notices}
        checks[assistance.KIND] = assistance.check
        blobs = BlobStore(self.board.BLOB_FOLDER, checks, {FIRMWARE: arrival.gate})
        blobs.taken[SETTINGS] = self.users.changed
        if read_notices:
            blobs.taken[NOTICES] = read_notices
        requests = Requests(
            self.device_id, self._device_key, VERSION, self.journal, self.clock, recorder, blobs, battery
        )
        link = LinkServer(requests, f"{ADVERTISED_NAME_PREFIX}-{self.device_id[-2:].hex().upper()}")
        link.peripheral.standard.describe(self.board.NAME, VERSION)
        self.journal.on_append = link.journal_grew
        trial.watch(link, recorder, self.board.reset)
        self.lives.beats = (trial.lived, arrival.beat)
        return link

    def write_boot(self) -> None:
        """Write the BOOT record, where no recorder does it."""
        self.journal.append(BOOT, pack_fields(BOOT, self.boots, self.cause & 0xFF, bytes(VERSION)))
        keep_open(self.journal, self.clock)

    def alert(self, code: int, value: int) -> None:
        """Write an ALERT record."""
        self.journal.append(ALERT, pack_fields(ALERT, self.clock.t_s(), code, min(value, 0xFFFF)))

    def tell_damage(self) -> None:
        """Write an ALERT if the boot met damaged pages, and what there is of updates; to be called behind BOOT."""
        if self.journal.damaged_pages:
            self.alert(JOURNAL_DAMAGED, self.journal.damaged_pages)
        self.lives.trial.tell(self)

    def leave_crash(self, text: str, booted: bool = True) -> None:
        """Write a CRASH record, behind a BOOT if there is none yet; never raises: the flash itself may have failed."""
        print(text)
        try:
            if not booted:
                self.write_boot()
            self.journal.append(CRASH, pack_fields(CRASH, self.clock.t_s(), text))
        except Exception as error:  # noqa: BLE001 (the last resort of every task)
            sys.print_exception(error)

    def set_rtc(self) -> None:
        """Set the RTC by the clock's anchor, unless that came from it, or from a phone, whom it would make believed."""
        if self.clock.source < RTC:
            days, second = divmod(self.clock.utc_2020_s(), calendar.DAY_S)
            year, month, day = calendar.date_of(days)
            # 2020-01-01 was a Wednesday, which the RTC calls 2.
            time_of_day = (second // 3600, second // 60 % 60, second % 60, 0)
            self.board.rtc.datetime((year, month, day, (days + 2) % 7) + time_of_day)

    def _read_rtc(self) -> None:
        year, month, day, _, hour, minute, second, _ = self.board.rtc.datetime()
        if year >= _OLDEST_RTC_YEAR:
            days = calendar.days_since_2020(year, month, day)
            self.clock.told(days * calendar.DAY_S + (hour * 60 + minute) * 60 + second, RTC)


def _check_plan(file) -> str:
    return wrist_plan.check(file.read())


def _random_u32() -> int:
    return struct.unpack("<I", os.urandom(4))[0]
