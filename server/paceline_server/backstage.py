"""What is behind every command: the data folder's parts, and what the outbox's handlers do, bound to their names."""

import random
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache

from paceline_server.activities import remeasuring, telemetry_left
from paceline_server.activities import store as activities
from paceline_server.activities.arriving import Arrivals
from paceline_server.activities.changes import Tell, tell_nobody
from paceline_server.activities.healing import damaged, heal
from paceline_server.activities.intake import ActivityIntake
from paceline_server.archives import store as archives
from paceline_server.archives.taking import ArchiveTaker
from paceline_server.archives.writing import Places
from paceline_server.config import Config
from paceline_server.desired import composer, wearers
from paceline_server.devices.sealed import DeviceKeys
from paceline_server.duplicates import store as duplicates
from paceline_server.duplicates.settling import Settler
from paceline_server.elevation import refining
from paceline_server.elevation.tiles import tiles_of
from paceline_server.events.backfill import Backfill
from paceline_server.events.declared import (
    ACCOUNTS,
    DUPLICATES,
    GEAR,
    GEAR_NOTICES,
    GOAL_NOTICES,
    GOALS,
    LANDMARKS,
    LETTERS,
    MEASURES,
    NOTICE_LETTERS,
    NOTICES_ON_WRIST,
    NOTICES_TO_WRIST,
    PUSHES,
    RECOVERIES,
    TELEMETRY,
    TILES,
    WRIST,
)
from paceline_server.events.model import Turn
from paceline_server.events.worker import EventWorker, Run
from paceline_server.gear import store as gear
from paceline_server.gear.wearing import warn
from paceline_server.goals import store as goals
from paceline_server.goals.facts import reach
from paceline_server.idempotency import store as idempotency
from paceline_server.imports import store as imports
from paceline_server.imports.beside import Comparer
from paceline_server.imports.leaving import let_go
from paceline_server.imports.making import FileProcessor
from paceline_server.imports.processing import ImportProcessor
from paceline_server.imports.reading import BatchReader
from paceline_server.imports.service import DAY_S
from paceline_server.imports.straight import StraightTaker
from paceline_server.imports.taking import FileTaker
from paceline_server.imports.undoing import FileUndoer
from paceline_server.journals import store as journals
from paceline_server.journals.files import JournalFiles
from paceline_server.journals.model import ref_of
from paceline_server.journals.processing import JournalProcessor
from paceline_server.leaving.files import erase, ownerless
from paceline_server.mail import store as mail
from paceline_server.mail.carrying import Carrier
from paceline_server.mail.smtp import smtp_of
from paceline_server.mail.writing import Desk
from paceline_server.new_password.asked import RecoveryAsked
from paceline_server.notifications import looking, mailing, on_wrist
from paceline_server.notifications import store as notices
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.blobs import Blobs, open_blobs
from paceline_server.platform.database import Connection, Database, Write
from paceline_server.platform.sealing import Sealer
from paceline_server.platform.tracing import traced_runs
from paceline_server.push.delivering import Deliverer
from paceline_server.push.keeping import Keeper
from paceline_server.push.places import places_of
from paceline_server.push.sending import PushServices
from paceline_server.push.vapid import contact_of, sender_of
from paceline_server.stats import store as sums
from paceline_server.uploads import store as uploads
from paceline_server.uploads.processing import UploadProcessor

Clock = Callable[[], float]
RandomBytes = Callable[[int], bytes]
POLL_ALONE_S, POLL_SHARED_S = 5.0, 0.5  # where one process writes events, and where several do


@dataclass(frozen=True, slots=True)
class Backstage:
    """The parts of one process; `runs` and `backfills` have a function for every handler's name.

    `straight` imports small files while their sender waits.
    """

    config: Config
    database: Database
    blobs: Blobs
    files: JournalFiles
    runs: Mapping[str, Run]
    backfills: Mapping[str, Backfill]
    tell: Tell
    clock: Clock
    device_keys: DeviceKeys
    apart: Apart
    sealer: Sealer
    places: Places
    straight: StraightTaker

    def worker(self, pool: Executor) -> EventWorker:
        """Make the worker, on the running event loop."""
        return EventWorker(
            self.database,
            traced_runs(self.database, self.runs),
            pool,
            clock=self.clock,
            uniform=random.random,
            at_once=self.config.decode_threads,
            poll_s=POLL_ALONE_S if self.config.one_process else POLL_SHARED_S,
        )


def make_backstage(
    config: Config,
    database: Database,
    clock: Clock,
    random_bytes: RandomBytes,
    apart: Apart,
    tell: Tell = tell_nobody,
) -> Backstage:
    """Make the parts over an open database. `tell` is for SQLite: PostgreSQL itself tells of changes."""
    blobs, files = open_blobs(config.blobs, config.blob_url), JournalFiles(config.journals)
    told = tell if config.one_process else tell_nobody
    intake = ActivityIntake(database, blobs, clock, random_bytes, told, apart)
    arrivals = Arrivals(blobs, clock, random_bytes, told)
    of_files, straight = _of_files(config, database, blobs, intake, arrivals, apart)
    sealer = Sealer(config.server_key, random_bytes)
    desk = Desk(sealer, clock, random_bytes, config.address)
    device_keys = DeviceKeys(sealer)
    device_keys.prepare(database)
    places = Places(database, blobs, files, device_keys, config.data, apart)
    processor = JournalProcessor(database, files, device_keys, intake, clock, apart)

    def journal_grew(turn: Turn, write: Write) -> None:
        processor.process(ref_of(turn.owner_id, turn.subject), write)

    def telemetry_left_behind(turn: Turn, write: Write) -> None:
        telemetry_left.delete(database, blobs, turn.owner_id, turn.subject, write, clock)

    def telemetry_damaged(turn: Turn, write: Write) -> None:
        heal(turn.owner_id, turn.subject, write, clock())

    return Backstage(
        config,
        database,
        blobs,
        files,
        runs={
            "journals": journal_grew,
            **_of_uploads(UploadProcessor(database, intake, apart), clock),
            **of_files,
            DUPLICATES: _settled(Settler(database, blobs, apart, clock, random_bytes, intake)),
            **_of_accounts(places, apart, clock),
            MEASURES: _measured(remeasuring.Remeasurer(database, blobs, apart, clock)),
            **_refined(refining.Refiner(database, blobs, tiles_of(config, apart, clock), clock)),
            "statistics": lambda turn, write: write(_sum_anew, turn.owner_id),
            **_told_once(database, desk, clock),
            WRIST: lambda turn, write: composer.look(database, turn, write, clock()),
            TELEMETRY: telemetry_left_behind,
            "idempotency": lambda turn, write: write(idempotency.sweep_on, turn.owner_id, clock()),
            "healing": telemetry_damaged,
            **_post(config, database, desk, sealer, clock, random_bytes),
        },
        backfills=_backfills(blobs, files, clock),
        tell=told,
        clock=clock,
        device_keys=device_keys,
        apart=apart,
        sealer=sealer,
        places=places,
        straight=straight,
    )


def _refined(refiner: refining.Refiner) -> dict[str, Run]:
    return {
        "elevation": lambda turn, write: refiner.refine(turn.owner_id, turn.subject, write),
        TILES: lambda turn, write: refiner.fetch(turn.owner_id, turn.subject, write),
    }


def _settled(settler: Settler) -> Run:
    return lambda turn, write: settler.look(turn.owner_id, turn.subject, write)


def _measured(remeasurer: remeasuring.Remeasurer) -> Run:
    return lambda turn, write: remeasurer.look(turn.owner_id, turn.subject, write)


def _sum_anew(connection: Connection, owner_id: str) -> None:
    sums.rebuild(connection, owner_id, activities.every(connection, owner_id))


def _of_accounts(places: Places, apart: Apart, clock: Clock) -> dict[str, Run]:
    archives_sent = ArchiveTaker(places, apart, clock)
    return {
        "archives": lambda turn, _write: archives_sent.process(turn.owner_id),
        ACCOUNTS: lambda turn, write: erase(places, turn.owner_id, write),
    }


def _of_uploads(made: UploadProcessor, clock: Clock) -> dict[str, Run]:
    def grew(turn: Turn, _write: Write) -> None:
        made.process(turn.owner_id, turn.subject)

    def left(turn: Turn, write: Write) -> None:
        write(uploads.look_after, turn.owner_id, turn.subject, clock())

    return {"uploads": grew, "uploads left": left}


def _of_files(
    config: Config, database: Database, blobs: Blobs, intake: ActivityIntake, arrivals: Arrivals, apart: Apart
) -> tuple[dict[str, Run], StraightTaker]:
    clock = arrivals.clock
    comparer = Comparer(database, blobs, apart, clock)
    taker = FileTaker(database, blobs, arrivals, apart, comparer, clock)
    wait_s = config.import_wait_days * DAY_S
    reader = BatchReader(database, blobs, taker, apart, comparer, clock, config.data, wait_s)
    undoer = FileUndoer(database, blobs, apart, arrivals.tell_change, clock)
    batches = ImportProcessor(database, blobs, reader, taker, undoer, clock, wait_s)
    files = FileProcessor(database, blobs, intake, apart, clock)
    runs: dict[str, Run] = {
        "imports": lambda turn, _write: batches.process(turn.owner_id, turn.subject),
        "imports left": lambda turn, write: let_go(database, blobs, turn.owner_id, turn.subject, write, clock, wait_s),
        "originals": lambda turn, _write: files.process(turn.owner_id, turn.subject),
    }
    return runs, StraightTaker(database, blobs, arrivals, taker, apart, comparer)


def _told_once(database: Database, desk: Desk, clock: Clock) -> Mapping[str, Run]:
    return {
        GEAR: lambda turn, write: warn(database, turn.owner_id, write, clock()),
        GOALS: lambda turn, write: reach(database, turn.owner_id, write, clock()),
        **_notices(database, desk, clock),
    }


def _notices(database: Database, desk: Desk, clock: Clock) -> Mapping[str, Run]:
    def goal_reached(turn: Turn, write: Write) -> None:
        looking.goal_reached(database, turn.owner_id, turn.subject, write, clock())

    def gear_worn(turn: Turn, write: Write) -> None:
        looking.gear_worn(database, turn.owner_id, turn.subject, write, clock())

    def landmarks(turn: Turn, write: Write) -> None:
        looking.look(database, desk, turn.owner_id, write, clock())

    def by_mail(turn: Turn, write: Write) -> None:
        mailing.write_letter(desk, turn.owner_id, turn.subject, write)

    return {
        GOAL_NOTICES: goal_reached,
        GEAR_NOTICES: gear_worn,
        LANDMARKS: landmarks,
        NOTICE_LETTERS: by_mail,
        NOTICES_TO_WRIST: lambda turn, write: write(on_wrist.give, turn.owner_id, turn.subject, clock()),
        NOTICES_ON_WRIST: lambda turn, write: on_wrist.look(database, turn, write, clock()),
    }


def _post(
    config: Config, database: Database, desk: Desk, sealer: Sealer, clock: Clock, random_bytes: RandomBytes
) -> Mapping[str, Run]:
    carrier = Carrier(database, desk, smtp_of(config), clock)
    recovery = RecoveryAsked(desk, clock, by_mail=config.smtp_url is not None)

    def letter_written(turn: Turn, write: Write) -> None:
        carrier.carry(turn.owner_id, turn.subject, write)

    def recovery_asked(turn: Turn, write: Write) -> None:
        recovery.write_letter(turn.subject, write)

    def push(turn: Turn, write: Write) -> None:
        pushes().deliver(turn.owner_id, turn.subject, write)

    @cache
    def pushes() -> Deliverer:  # made where something is sent: its key is read then
        sender = sender_of(sealer, contact_of(config.address, config.mail_from))
        services = PushServices(sender, places_of(config.push_services), clock, random_bytes)
        return Deliverer(database, Keeper(sealer), services, clock)

    return {LETTERS: letter_written, RECOVERIES: recovery_asked, PUSHES: push}


def _backfills(blobs: Blobs, files: JournalFiles, clock: Clock) -> Mapping[str, Backfill]:
    return {
        "journals": journals.read_all_anew,
        "uploads": uploads.every,
        "uploads left": uploads.every_open,
        "imports": imports.every,
        "imports left": imports.every_waiting,
        "originals": imports.every_original,
        DUPLICATES: duplicates.every,
        "archives": archives.every_at_work,
        MEASURES: remeasuring.every,
        "elevation": refining.every,
        TILES: lambda _: (),
        "statistics": sums.everybody,
        GEAR: gear.everybody,
        GOALS: goals.everybody,
        GOAL_NOTICES: looking.goals_told,
        GEAR_NOTICES: looking.gear_told,
        LANDMARKS: notices.everybody,
        NOTICE_LETTERS: lambda _: (),
        NOTICES_TO_WRIST: lambda _: (),
        NOTICES_ON_WRIST: wearers.everybody,
        PUSHES: lambda _: (),
        WRIST: wearers.everybody,
        TELEMETRY: lambda connection: telemetry_left.unshown(connection, blobs, clock()),
        "idempotency": idempotency.everybody,
        "healing": lambda connection: damaged(connection, blobs),
        LETTERS: mail.waiting,
        RECOVERIES: lambda _: (),
        ACCOUNTS: lambda connection: ownerless(connection, blobs, files),
    }
