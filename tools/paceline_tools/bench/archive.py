"""`python -m paceline_tools.bench.archive [--workouts N]`: all of somebody's data into one file, and out of it again.

Workouts of an hour at 1 Hz lie on one server; their archive is written, then taken by another one. CPU is that of this
process and of the one apart; memory is the most that this process had more than before.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from paceline_server.activities.arriving import Arrivals, Ready, make_ready
from paceline_server.activities.changes import tell_nobody
from paceline_server.activities.edits import NO_EDITS
from paceline_server.activities.intake import Incoming
from paceline_server.activities.model import FINISHED
from paceline_server.archives import store
from paceline_server.archives.model import TAKEN
from paceline_server.archives.staging import staged_file
from paceline_server.archives.taking import ArchiveTaker
from paceline_server.archives.writing import write_archive
from paceline_server.backstage import Backstage, make_backstage
from paceline_server.config import Config
from paceline_server.entries import make_entries
from paceline_server.formats.receipt import Receipt
from paceline_server.formats.recording import Recording
from paceline_server.platform.apart.caller import Apart
from paceline_server.platform.database import Database
from paceline_server.platform.passwords import Passwords

WORKOUTS, APART_S, TOGETHER = 3000, 86400.0, 100
HOUR_S, BEGAN_S = 3600, 1_400_000_000.0
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 when the archive does not come whole."""
    parser = argparse.ArgumentParser(prog="paceline_tools.bench.archive")
    parser.add_argument("--workouts", type=int, default=WORKOUTS)
    count: int = parser.parse_args(arguments).workouts
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        first, second = (Config(data=place / name) for name in ("first", "second"))
        file = place / "paceline.zip"
        with Database(_made(first).url) as database, closing(Apart()) as apart:
            stage = make_backstage(first, database, time.time, os.urandom, apart)
            owner_id = _fill(stage, count)
            with file.open("xb") as target:
                _said("written", count, lambda: write_archive(target, stage.places, owner_id, time.time()))
        print(f"  {file.stat().st_size / 2**20:.0f} MiB")
        with Database(_made(second).url) as database, closing(Apart()) as apart:
            stage = make_backstage(second, database, time.time, os.urandom, apart)
            owner_id = _user(stage)
            found = database.write_now(store.sent, owner_id, "ab" * 8, time.time())
            file.rename(staged_file(second.data, found))
            taker = ArchiveTaker(stage.places, apart, time.time)
            _said("looked at and taken", count, lambda: taker.process(owner_id))
            held = database.read_now(store.get, owner_id)
    return 0 if held is not None and held.state == TAKEN else 1


def _made(config: Config) -> Config:
    config.data.mkdir(mode=0o700)
    return config


def _user(stage: Backstage) -> str:
    with closing(Passwords()) as passwords:
        entries = make_entries(stage.config, stage.database, passwords, stage.sealer, time.time, os.urandom)
        return entries.users.create("bench", "correct horse battery")[0].owner_id


def _fill(stage: Backstage, count: int) -> str:
    """Add workouts, one a day; return whose they are."""
    owner_id, recording = _user(stage), _hour()
    receipt = Receipt(recorded=None, received=recording.points)
    ready = make_ready(Incoming(status=FINISHED, recording=recording, receipt=receipt), NO_EDITS)
    arrivals = Arrivals(stage.blobs, time.time, os.urandom, tell_nobody)
    for first in range(0, count, TOGETHER):
        numbers = range(first, min(count, first + TOGETHER))
        some = [arrivals.arrival(owner_id, f"bench:{each}", "bench", _on_day(ready, each)) for each in numbers]
        arrivals.put(some)
        stage.database.write_now(arrivals.add, some)
    return owner_id


def _hour() -> Recording:
    rows = np.arange(HOUR_S, dtype=float)
    speed_m_s = 3 + 0.4 * np.sin(rows / 300) + np.random.default_rng(1).normal(0, 0.08, HOUR_S)
    way_m = np.cumsum(speed_m_s)
    columns = {
        "time_s": rows,
        "latitude_deg": 47 + way_m / 111_195,
        "longitude_deg": 8.5 + 0.001 * np.sin(rows / 60),
        "altitude_m": 400 + 30 * np.sin(rows / 500),
        "speed_m_s": speed_m_s,
        "heart_rate_bpm": np.round(150 + 10 * np.sin(rows / 200)),
    }
    return Recording.of("running", "bench", BEGAN_S, columns)


def _on_day(ready: Ready, day: int) -> Ready:
    shown: dict[str, Any] = dict(ready.shown)
    shown["start_utc_s"] += day * APART_S
    shown["recorded"] = replace(shown["recorded"], start_utc_s=shown["start_utc_s"])
    return replace(ready, shown=shown)


def _said(what: str, count: int, do: Callable[[], object]) -> None:
    before, most, began = _cpu_s(), _resident_bytes(), time.perf_counter()
    do()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - most
    took_s = time.perf_counter() - began
    cpu_ms = (_cpu_s() - before) / count * 1e3
    print(
        f"  {count} workouts {what}: {took_s:.0f} s, {cpu_ms:.1f} ms of CPU each, memory {grown / 2**20:.0f} MiB more"
    )


def _cpu_s() -> float:
    own = time.process_time()
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text().split():
            words = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            own += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return own


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    raise SystemExit(main())
