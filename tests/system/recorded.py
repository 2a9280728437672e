"""A line's data directory after three workouts: on the flash, in the gateway's spool, nothing on the server yet.

Tests copy it, spoil one thing, and start the parts that are to notice.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import SAMPLES, iter_records
from paceline_tools.line.bring_up import GATEWAY_ADDRESS, HOST, free_port
from paceline_tools.line.children import Child
from paceline_tools.line.places import USER, Places
from paceline_tools.line.server_view import ServerView
from paceline_tools.line.settings import introduce, write_gateway_settings
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.sample_route import sample_recording
from paceline_tools.track import pack_track, to_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable
from system.whole_line import BOOT_UTC_S, CAREFUL_SPEED, LEAD_S, start_gateway, start_server

SPEED = 600.0
MINUTES = (10, 24, 24, 3)
"""Of the workouts: the second and the third go over a page's end, the fourth lies in the newest page."""
LIMIT_S = 180


@dataclass(frozen=True)
class Ended:
    """A program that was run to its end."""

    status: int
    output: str
    complaint: str


async def record(root: Path) -> Places:
    """Do the workouts with the real firmware in an empty folder; introduce everybody, upload nothing."""
    places = await introduced(root)
    write_gateway_settings(places, f"http://{HOST}:1")
    async with air() as (link, hci), worn(places, link) as wearable:
        for number, minutes in enumerate(MINUTES):
            await _work_out(places, wearable, minutes, number)
            assert wearable.on, list(wearable.lines)
        wearable.set_speed(CAREFUL_SPEED)  # the radio's time is real: a gateway must not seem slow
        pulled = await ended(*gateway_program(places, hci, "pull"))
        assert pulled.status == 0, pulled.complaint
    return places


async def introduced(root: Path) -> Places:
    """Return a data directory with an account and a wearable that has recorded nothing."""
    places = Places(root)
    places.prepare()
    await introduce(places)
    return places


async def _work_out(places: Places, wearable: VirtualWearable, minutes: int, number: int) -> None:
    track = to_track(sample_recording(minutes=minutes, seed=number + 1))
    wearable.set_speed(CAREFUL_SPEED)
    start_utc_s = int(wearable.world.utc_s()) + LEAD_S
    path = places.wearable / f"{number}.track"
    path.write_bytes(pack_track(track))
    wearable.load_track(TrackInput(path, start_utc_s))
    await wearable.press("start", at_utc_s=start_utc_s - 3)
    wearable.set_speed(SPEED)
    await wearable.end_workout(start_utc_s + 60 * minutes + 1)


def copied(recorded: Places, root: Path) -> Places:
    """Return a copy to spoil."""
    shutil.copytree(recorded.root, root, dirs_exist_ok=True)
    return Places(root)


def identity_of(places: Places) -> Identity:
    """Return what the wearable was provisioned with."""
    return Identity(*(bytes.fromhex(file.read_text()) for file in (places.device_id, places.device_key)))


def samples_record(data: bytes, page: int, number: int = 3) -> int:
    """Return the position of a SAMPLES record of a page."""
    found = [offset for offset, kind, _ in iter_records(data[page * PAGE_SIZE :][:PAGE_SIZE]) if kind == SAMPLES]
    return page * PAGE_SIZE + found[number]


@asynccontextmanager
async def worn(places: Places, link: RadioLink | None = None) -> AsyncIterator[VirtualWearable]:
    """Switch the wearable on: the real firmware on the flash that is there."""
    settings = BoardSettings(utc_s=BOOT_UTC_S)
    wearable = VirtualWearable(link or RadioLink(), places.wearable, identity_of(places), settings)
    await wearable.switch_on()
    try:
        yield wearable
    finally:
        await wearable.switch_off()


@asynccontextmanager
async def air() -> AsyncIterator[tuple[RadioLink, str]]:
    """Give an empty virtual air and the address at which a gateway's adapter joins it."""
    link = RadioLink()
    hub = Hub(link)
    with tempfile.TemporaryDirectory(prefix="paceline-") as sockets:  # a socket's path must be short
        try:
            yield link, await hub.serve_unix(Path(sockets) / "radio")
        finally:
            await hub.close()


@asynccontextmanager
async def followed(places: Places, hci: str) -> AsyncIterator[Child]:
    """Run the gateway's own program: pull, follow, upload."""
    gateway = await start_gateway(places, hci)
    try:
        yield gateway
    finally:
        await gateway.stop()


@asynccontextmanager
async def served(places: Places) -> AsyncIterator[tuple[Child, ServerView]]:
    """Run the server's own program; gives it, and its user's view."""
    port = free_port(0)
    url = f"http://{HOST}:{port}"
    write_gateway_settings(places, url)
    server = await start_server(places, port)
    try:
        async with ServerView(url, USER, places.password.read_text().strip()) as view:
            await view.answers(LIMIT_S)
            await view.log_in()
            yield server, view
    finally:
        await server.stop()


def gateway_program(places: Places, hci: str, *arguments: str) -> list[str]:
    """Return the command line of the gateway's own program on the virtual radio."""
    begin = [sys.executable, "-m", "paceline_tools.radio.virtual_gateway", "--hci", hci, "--address", GATEWAY_ADDRESS]
    return [*begin, "--", "--config", str(places.gateway_config), *arguments]


async def ended(*command: str, limit_s: float = LIMIT_S) -> Ended:
    """Run a program to its end; TimeoutError beyond the limit, after ending it."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        output, complaint = await asyncio.wait_for(process.communicate(), limit_s)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode or 0, output.decode(), complaint.decode())
