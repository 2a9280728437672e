"""From held bytes to activities, events and days: read anew from where things may still change, take what did."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from paceline_server.activities.intake import ActivityIntake, Incoming
from paceline_server.activities.model import FINISHED, LIVE
from paceline_server.daily import store as daily
from paceline_server.daily.derivation import day_records_of
from paceline_server.device_events import store as events
from paceline_server.device_events.derivation import events_of
from paceline_server.devices import store as devices
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.events import store as outbox
from paceline_server.events.declared import WEARABLE_CHANGED
from paceline_server.formats.journal import JournalFollower
from paceline_server.formats.journal_session import Session
from paceline_server.journals import store
from paceline_server.journals.decoding import decoded
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.missing import within
from paceline_server.journals.model import PAGE_SIZE, Journal, JournalRef, Quarantined
from paceline_server.journals.wearers import Wearers, wearers_of
from paceline_server.notifications import dismissed
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Connection, Database, Write

FOLLOWED = 128  # journals that are read on from where they were left; others are read from their resume_position


class _Followers:
    """The followers of the journals worked on last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[JournalRef, tuple[Journal, JournalFollower]] = OrderedDict()

    def take(self, journal: Journal) -> JournalFollower | None:
        """Return the journal's follower, unless bytes came late that it has passed, or what it told was not kept."""
        with self._lock:
            told, follower = self._kept.pop(journal.ref, (journal, None))
        kept = told.held_position <= journal.processed_position
        return follower if kept and told.fills == journal.fills else None

    def keep(self, journal: Journal, follower: JournalFollower) -> None:
        with self._lock:
            self._kept[journal.ref] = journal, follower
            if len(self._kept) > FOLLOWED:
                self._kept.popitem(last=False)


class JournalProcessor:
    """Makes and renews the activities of a journal; blocks, and belongs in a pool."""

    def __init__(
        self,
        database: Database,
        files: JournalFiles,
        device_keys: DeviceKeys,
        intake: ActivityIntake,
        clock: Callable[[], float],
        apart: Apart,
    ) -> None:
        self._database = database
        self._device_keys = device_keys
        self._files = files
        self._intake = intake
        self._clock = clock
        self._apart = apart
        self._followers = _Followers()

    def process(self, ref: JournalRef, write: Write) -> None:
        """Take what is held and not processed; nobody else may work on the journal. Done twice, it changes nothing."""
        device = self._database.read_now(devices.get, ref.owner_id, ref.device_id)
        journal = self._database.read_now(store.get, ref)
        if journal is None or device is None:
            return
        follower = self._follow(journal, self._device_keys.journal_key_of(device))
        reading = follower.read()
        wearers = self._database.read_now(wearers_of, ref.owner_id, ref.device_id)
        for session in reading.sessions:
            self._take(ref, session, wearers)
        news = follower.news()
        if news is not None:
            write(events.take, ref.owner_id, ref.device_id, ref.epoch, news.from_position, events_of(news))
            for person_id, records in wearers.days(day_records_of(news)).items():
                write(daily.take, person_id, ref.device_id, ref.epoch, news.from_position, records, self._clock())
            dismissed.note(news, wearers, write, self._clock())
        write(store.judged, ref, follower.first_position, self._suspects(follower, journal), journal.fills)
        write(self._processed, journal, reading.resume_position, any(session.finished for session in reading.sessions))
        follower.forget_settled()
        self._followers.keep(journal, follower)

    def _processed(self, connection: Connection, journal: Journal, resume_position: int, ended: bool) -> None:
        ref = journal.ref
        store.processed(connection, ref, journal.held_position, resume_position, journal.fills)
        if ended:  # what is done of goals counts up to another place now
            outbox.emit(connection, WEARABLE_CHANGED, ref.owner_id, ref.device_id, self._clock())

    def _follow(self, journal: Journal, key: bytes) -> JournalFollower:
        # Taken out while it is worked with: after an error the next turn reads anew.
        follower = self._followers.take(journal)
        if follower is not None:
            self._feed(follower, journal)
        if follower is None or follower.stale:
            follower = JournalFollower(
                key,
                journal.ref.epoch,
                first_page=journal.resume_position // PAGE_SIZE,
                resume_position=journal.resume_position,
                journal_start=journal.start_position,
            )
            self._feed(follower, journal)
        return follower

    def _suspects(self, follower: JournalFollower, journal: Journal) -> list[Quarantined]:
        found = follower.suspects()
        gaps = self._database.read_now(store.gaps, journal.ref) if found else []
        now_s = self._clock()
        return [
            Quarantined(low, high, reason, self._files.digest(journal.ref, low, high), now_s)
            for low, high, reason in found
            if low >= journal.start_position and not within(gaps, low, high)
        ]

    def _feed(self, follower: JournalFollower, journal: Journal) -> None:
        gaps = self._database.read_now(store.gaps, journal.ref)
        # A gap that is declared just now may be newer than `journal`.
        edges = [edge for gap in gaps if follower.position < gap[1] <= journal.held_position for edge in gap]
        bounds = [follower.position, *edges, journal.held_position]
        for start, end in zip(bounds[::2], bounds[1::2], strict=True):
            follower.feed(self._files.read(journal.ref, start, end), start)

    def _take(self, ref: JournalRef, session: Session, wearers: Wearers) -> None:
        utc_s = session.start_utc_s()
        person_id = wearers.of(session.user, self._clock() if utc_s is None else utc_s)
        source_key = f"journal:{ref.device_id}:{ref.epoch:08x}:{session.number}"

        def make() -> Incoming:
            recording, receipt = self._apart.run(decoded, session, f"wearable {ref.device_id}", self._clock())
            totals = session.totals
            return Incoming(
                status=FINISHED if session.finished else LIVE,
                recording=recording,
                receipt=receipt,
                duration_s=float(totals.elapsed_s) if totals is not None else None,
                calories_kcal=float(totals.kilocalories) if totals is not None and totals.kilocalories else None,
            )

        for other_id in wearers.everybody - {person_id}:
            self._intake.withdraw(other_id, source_key)
        if person_id in wearers.everybody:
            self._intake.take(person_id, source_key, session.fingerprint(), make)
