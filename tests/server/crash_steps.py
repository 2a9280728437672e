"""A process that uploads two workouts, has them worked off and deletes the first, killed before a step that is named.

    python -m server.crash_steps DATA DATABASE_URL OWNER STEP LATER

A step is a commit, the first write of a transaction, or a file that takes another's place. STEP 0 kills never.
LATER 1 lets thirty days and more pass at the end, so that what waits for its time is due.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from paceline_protocol.records import DAY
from paceline_server.activities.changes import tell_nobody
from paceline_server.activities.service import ActivityService
from paceline_server.activity_list.filters import EVERYTHING
from paceline_server.activity_list.service import ActivityListService
from paceline_server.backstage import make_backstage
from paceline_server.config import Config
from paceline_server.devices.service import DeviceService
from paceline_server.errors import NotFoundError
from paceline_server.formats.sample_chunks import warm_up
from paceline_server.journals.service import JournalService
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.platform.paging import Page
from paceline_server.tombstones.store import RESTORABLE_S
from server.journal_builder import DEVICE_ID, EPOCH, JournalBuilder, run_samples
from sqlalchemy import Connection, Engine, event

FIRST_END_S = 310


class Killer:
    """Counts steps and ends the process at one; with `about`, only steps of transactions that write to that table.

    What runs beside comes in another order each time: who says something of the order of steps says whose they are.
    """

    def __init__(self, step: int, about: str = "") -> None:
        self.step = step
        self.about = about
        self.seen = 0
        self._lock = threading.Lock()
        self._writing: set[int] = set()
        event.listen(Engine, "begin", lambda connection: self._writing.discard(id(connection)))
        event.listen(Engine, "before_cursor_execute", self._before_write)
        event.listen(Engine, "commit", self._before_commit)
        if not about:
            sys.addaudithook(lambda name, _arguments: self.count() if name in ("os.rename", "os.link") else None)

    def count(self) -> None:
        """Come to a step."""
        with self._lock:
            self.seen += 1
            if self.seen == self.step:
                os.kill(os.getpid(), signal.SIGKILL)

    def _before_write(self, connection: Connection, _cursor: object, sql: str, *_others: object) -> None:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")) and self.about in sql:
            if id(connection) not in self._writing:
                self.count()
            self._writing.add(id(connection))

    def _before_commit(self, connection: Connection) -> None:
        if id(connection) in self._writing:
            self.count()


def journal() -> tuple[bytes, int]:
    """Return a journal with two workouts and a day, and where the first workout has ended."""
    builder = JournalBuilder()
    builder.boot()
    builder.clock(5, 1_760_000_005)
    builder.start(10)
    builder.samples(run_samples(300, t_s=10))
    builder.end(FIRST_END_S)
    middle = builder.position
    builder.record(DAY, 400, 1_760_000_400, 800, 40, 55, 0, 15, 10, 15)
    builder.start(500, session=2)
    builder.samples(run_samples(200, t_s=500, seed=2))
    builder.end(700)
    return builder.data, middle


async def work(data: Path, url: str, owner_id: str, later: bool, apart: Apart) -> None:
    """Do whatever is not done yet, as a gateway and a person would who know nothing of a crash."""
    offset_s = 0.0

    def clock() -> float:
        return time.time() + offset_s

    config = Config(data=data, database_url=url)
    database, pool = Database(url), ThreadPoolExecutor(4)
    stage = make_backstage(config, database, clock, os.urandom, apart)
    worker = stage.worker(pool)
    journals = JournalService(
        database, stage.files, DeviceService(database, stage.device_keys, clock), notify=worker.notify, clock=clock
    )
    activities = ActivityService(database, stage.blobs, clock, pool, tell=tell_nobody, notify=worker.notify)
    await worker.start()
    whole, middle = journal()
    for end in (middle, len(whole)):
        held = await journals.position(owner_id, DEVICE_ID, EPOCH)
        if held < end:
            await journals.append(owner_id, DEVICE_ID, EPOCH, held, whole[held:end])
        await worker.idle()
    for activity in await ActivityListService(database, pool).page(owner_id, EVERYTHING, Page(10)):
        if activity.points_count == 300:
            try:
                await activities.delete(owner_id, activity.activity_id)
            except NotFoundError:
                raise AssertionError("listed, and not there") from None
    await worker.idle()
    if later:
        offset_s = RESTORABLE_S + 7200.0
        await worker.idle()
    await worker.stop()
    pool.shutdown()
    database.close()


def main() -> None:
    """Run once for the arguments, or, with "-" for them, for every line of standard input in a process of its own."""
    apart = Apart()
    if sys.argv[1:] != ["-"]:
        _run(sys.argv[1:], apart)
        return
    apart.run(warm_up)  # one for all of them, as its start takes longer than an attempt
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _run(line.split(), apart)
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    apart.close()


def _run(arguments: list[str], apart: Apart) -> None:
    data, url, owner_id, step, later = arguments
    Killer(int(step))
    asyncio.run(work(Path(data), url, owner_id, later == "1", apart))


if __name__ == "__main__":
    main()
