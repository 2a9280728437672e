"""`status` beside a gateway that runs, and its picture in a real terminal."""

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

from gateway.journal_server import JournalServer
from gateway.on_the_air import LIMIT_S, Start, config, id_of, key_of, running, server_holds, some_bytes
from gateway.stand_in import Wearable
from paceline_gateway.config import Server
from paceline_gateway.progress_mark import this_boot
from paceline_gateway.watch.live_view import once
from paceline_gateway.watch.state import GatewayState, WearableState
from paceline_gateway.watch.state_file import read_state, write_state
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing

ID = id_of(0)
COLUMNS = 40


async def seen(spool: Path, wanted: str) -> WearableState:
    """Wait until the state that a running gateway wrote has a wearable of which the field is not blank."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            wearable = read_state(spool).wearables.get(ID, WearableState())
            if getattr(wearable, wanted):
                return wearable
            await asyncio.sleep(0.1)


async def test_a_running_gateway_shows_a_sync_and_its_end(
    tmp_path: Path, air: RadioLink, wear: Start, server: tuple[JournalServer, Server]
) -> None:
    settings = config(tmp_path, [0], server[1])
    assert next(once(settings)) == "gateway  is not running"
    radio = await wear(Wearable(some_bytes(20_000), key_of(0), ID))
    async with running(settings):
        await server_holds(server[0], radio)
        await seen(settings.spool, "synced_utc_s")
        lines = list(once(settings))
        assert lines[0] == "gateway  runs"
        assert re.search(
            r"W0  connected \(-?\d+ dBm\), battery 80 %, synced just now, nothing for the server", lines[1]
        )
        air.cut_all()
        radio.wearable.recording = 1
        assert (await seen(settings.spool, "recording")).connected
    ended = list(once(settings))
    assert ended[0] == "gateway  is not running"
    assert "battery 80 %, synced just now" in ended[1]


async def test_a_long_sync_is_followed_from_part_to_whole(tmp_path: Path, air: RadioLink, wear: Start) -> None:
    air.pacing = Pacing(interval_s=0.015, packets_per_event=1)  # 15 kB/s
    settings = config(tmp_path, [0])
    await wear(Wearable(some_bytes(60_000), key_of(0), ID))
    shares: list[int] = []
    async with running(settings):
        async with asyncio.timeout(LIMIT_S):
            while not read_state(settings.spool).wearables.get(ID, WearableState()).synced_utc_s:
                if found := re.search(r"pulling, (\d+) % of 60.0 kB", "\n".join(once(settings))):
                    shares.append(int(found[1]))
                await asyncio.sleep(0.2)
    assert shares == sorted(shares) and len(set(shares)) > 1, shares
    assert shares[-1] < 100


def written(folder: Path) -> Path:
    key = folder / "k"
    key.write_text(key_of(0).hex())
    key.chmod(0o600)
    path = folder / "gateway.toml"
    path.write_text(f'spool = "spool"\n[wearables.{ID.hex()}]\nkey_file = "k"\nname = "{"Anna " * 20}"\n')
    (folder / "spool").mkdir()
    return path


def state_with(durable: int) -> GatewayState:
    wearable = WearableState(1_790_000_000, 0, True, -61, 7, 0, durable, 5000, 80)
    return GatewayState(True, int(time.time()), this_boot(), time.monotonic(), "", {ID: wearable})


def read_until(terminal: int, wanted: str, text: str = "") -> str:
    end_s = time.monotonic() + LIMIT_S
    while wanted not in text:
        assert time.monotonic() < end_s, text
        if select.select([terminal], [], [], 0.5)[0]:
            text += os.read(terminal, 65536).decode()
    return text


def test_the_picture_is_drawn_in_its_place_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    path = written(tmp_path)
    write_state(tmp_path / "spool", state_with(1000))
    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(path), "status"]
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment["PYTHONIOENCODING"] = "utf-8"
    process = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=subprocess.PIPE, env=environment)
    os.close(inside)
    try:
        text = read_until(terminal, "pulling, 20 %")
        write_state(tmp_path / "spool", state_with(4000))
        text = read_until(terminal, "pulling, 80 %", text)
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0
        assert process.stderr is not None and process.stderr.read() == b""
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        if process.stderr is not None:
            process.stderr.close()
    pictures = re.split(r"\x1b\[(\d+)A\r", text)
    assert {int(lines) for lines in pictures[1::2]} == {pictures[0].count("\n")}, "each is drawn over the last"
    for line in re.sub(r"\x1b\[\d*[a-zA-Z]|\r", "", text).split("\n"):
        assert len(line) < COLUMNS
