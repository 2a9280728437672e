"""python -m server.archive_crash DATA DATABASE_URL OWNER STEP: take an archive that was sent, killed before a step."""

import os
import sys
import time
from contextlib import closing
from pathlib import Path

from paceline_server.archives.taking import ArchiveTaker
from paceline_server.backstage import make_backstage
from paceline_server.config import Config
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from server.crash_steps import Killer


def main() -> None:
    """Take it, or die at the step."""
    data, url, owner_id, step = sys.argv[1:]
    with Database(url) as database, closing(Apart()) as apart:
        stage = make_backstage(Config(data=Path(data), database_url=url), database, time.time, os.urandom, apart)
        taker = ArchiveTaker(stage.places, apart, time.time)
        Killer(int(step))
        taker.process(owner_id)


if __name__ == "__main__":
    main()
