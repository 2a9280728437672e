"""A process that imports a zip and a file, and undoes the file, killed before a step that is named.

python -m server.import_crash_steps -        lines of DATA DATABASE_URL OWNER STEP LATER, as of crash_steps.py
"""

import asyncio
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from paceline_server.backstage import make_backstage
from paceline_server.config import Config
from paceline_server.formats.sample_chunks import warm_up
from paceline_server.imports.model import COMING, DONE, UNDONE
from paceline_server.imports.receiving import Received
from paceline_server.imports.service import ImportService
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.tombstones.store import RESTORABLE_S
from server.crash_steps import Killer
from server.sent_files import gpx, zipped

ZIP, FILE = "years.zip", "c.gpx"
SENT = {
    ZIP: zipped({"a.gpx": gpx(points=30), "b.gpx": gpx(points=40, day=2), "no.txt": b"no"}),
    FILE: gpx(points=50, day=3),
}


async def work(data: Path, url: str, owner_id: str, later: bool, apart: Apart) -> None:
    """Do whatever is not done yet, as a person would who knows nothing of a crash."""
    offset_s = 0.0

    def clock() -> float:
        return time.time() + offset_s

    database, pool = Database(url), ThreadPoolExecutor(4)
    stage = make_backstage(Config(data=data, database_url=url), database, clock, os.urandom, apart)
    worker = stage.worker(pool)
    imports = ImportService(database, stage.blobs, pool, clock, os.urandom, stage.straight, worker, 7)
    await worker.start()
    await worker.idle()
    for name, content in SENT.items():
        there = [one.batch for one in await imports.latest(owner_id, 10) if one.batch.name == name]
        if all(one.state == COMING for one in there):
            await imports.take(owner_id, name, Received(content, None, len(content), name), at_once=True)
        await worker.idle()
    for one in await imports.latest(owner_id, 10):
        assert one.batch.state in (COMING, DONE, UNDONE), one.batch
        if one.batch.name == FILE and one.batch.state == DONE:
            await imports.undo(owner_id, one.batch.batch_id)
    await worker.idle()
    if later:
        offset_s = RESTORABLE_S + 7200.0
        await worker.idle()
    await worker.stop()
    pool.shutdown()
    database.close()


def main() -> None:
    """Run for every line of standard input, in a process of its own."""
    apart = Apart()
    apart.run(warm_up)  # one for all of them, as its start takes longer than an attempt
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            place, url, owner_id, step, later = line.split()
            Killer(int(step))
            asyncio.run(work(Path(place), url, owner_id, later == "1", apart))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    apart.close()


if __name__ == "__main__":
    main()
