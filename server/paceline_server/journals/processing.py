"""From held bytes to activities: read anew from where things may still change, take what did."""

from collections.abc import Callable

from paceline_protocol.page import journal_key

from paceline_server.activities.intake import ActivityIntake, Incoming, Taken
from paceline_server.activities.model import FINISHED, LIVE
from paceline_server.devices import store as devices
from paceline_server.formats.journal import Reading, read_journal
from paceline_server.formats.journal_session import RowDecoder, Session, session_recording
from paceline_server.journals import store
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import PAGE_SIZE, Journal, JournalRef
from paceline_server.platform.database import Database


class JournalProcessor:
    """Makes and renews the activities of a journal; blocks, and belongs in a pool."""

    def __init__(
        self, database: Database, files: JournalFiles, intake: ActivityIntake, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._files = files
        self._intake = intake
        self._clock = clock
        self._rows = RowDecoder()

    def process(self, ref: JournalRef) -> list[Taken]:
        """Take what is held and not processed; return the activities that changed. Done twice, it changes nothing."""
        journal = self._database.read_now(store.get, ref)
        device = self._database.read_now(devices.get, ref.owner_id, ref.device_id)
        if journal is None or device is None:
            return []
        reading = self._read(journal, journal_key(device.device_key))
        taken = [self._take(ref, session) for session in reading.sessions]
        self._database.write_now(store.processed, ref, journal.held_position, reading.resume_position)
        return [one for one in taken if one is not None]

    def _read(self, journal: Journal, key: bytes) -> Reading:
        page = journal.resume_position // PAGE_SIZE
        data = self._files.read(journal.ref, page * PAGE_SIZE, journal.held_position)
        return read_journal(
            data,
            key=key,
            epoch=journal.ref.epoch,
            first_page=page,
            resume_position=journal.resume_position,
            journal_start=journal.start_position,
        )

    def _take(self, ref: JournalRef, session: Session) -> Taken | None:
        source_key = f"journal:{ref.device_id}:{ref.epoch:08x}:{session.number}"

        def make() -> Incoming:
            recording, receipt = session_recording(
                session, self._rows, source=f"wearable {ref.device_id}", received_utc_s=self._clock()
            )
            totals = session.totals
            return Incoming(
                status=FINISHED if session.finished else LIVE,
                recording=recording,
                receipt=receipt,
                duration_s=float(totals.elapsed_s) if totals is not None else None,
                calories_kcal=float(totals.kilocalories) if totals is not None and totals.kilocalories else None,
            )

        return self._intake.take(ref.owner_id, source_key, session.fingerprint(), make)
