"""This machine: its clock, the spool's folder and disk, and whether a gateway runs."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from paceline_gateway.config import Config
from paceline_gateway.doctor.finding import Finding, note, ok, problem
from paceline_gateway.progress import amount
from paceline_gateway.progress_mark import this_boot
from paceline_gateway.retention import RESERVE_BYTES
from paceline_gateway.watch.backlog import backlogs
from paceline_gateway.watch.state import EARLIEST_UTC_S
from paceline_gateway.watch.state_file import read_state

CLOCKS_APART_S = 60


def clock_finding(utc_s: float, server_utc_s: float | None) -> Finding:
    """Compare the clock with reason and, when the server told its time, with that."""
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(utc_s))
    advice = "let it be set: timedatectl set-ntp true"
    if utc_s < EARLIEST_UTC_S:
        return problem("clock", f"{moment}: it was never set, and wearables are not given the time", advice)
    if server_utc_s is None:
        return ok("clock", moment)
    apart_s = utc_s - server_utc_s
    if abs(apart_s) > CLOCKS_APART_S:
        ahead = "ahead of" if apart_s > 0 else "behind"
        return problem("clock", f"{moment}: {abs(apart_s):.0f} s {ahead} the server's", advice)
    return ok("clock", f"{moment}, as the server's")


def spool_findings(folder: Path, most_bytes: int) -> Iterator[Finding]:
    """Look whether the folder, or the one that it will be made in, can be written, and has room."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"paceline")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield problem(
            "spool", f"{place} cannot be written: {error.strerror}", f"give it to this user: chown, or {_SPOOL}"
        )
        return
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize
    held = sum(backlog.held for backlog in backlogs(folder).values())
    text = f"{folder}: {amount(held)} held, {amount(free)} free"
    if free < RESERVE_BYTES:
        yield problem("spool", text, f"make room on this disk, or {_SPOOL}")
    elif free + held < most_bytes:
        yield note("spool", f"{text}, less than spool_max_bytes ({amount(most_bytes)})")
    else:
        yield ok("spool", text)


_SPOOL = "set spool to a folder elsewhere"


def running_finding(config: Config) -> Finding:
    """Tell whether a gateway runs on this spool."""
    state = read_state(config.spool)
    if state.alive(this_boot(), time.monotonic()):
        return ok("gateway", "runs")
    return note(
        "gateway", "does not run", "paceline-gateway run, or as a service: sudo paceline-gateway install-service"
    )
