"""`python -m paceline_tools.bench.gateway`: ten wearables with a day of backlog each come home to one gateway.

The gateway is the real program in a process of its own, on a paced virtual radio, and uploads to a server on the
loopback. Beside it stands a program that only takes bare notifications of the same wearables over the same links.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard
from aiohttp import web

from paceline_tools.bench.gateway_peer import JournalPeer, Peripheral
from paceline_tools.line.bring_up import HOST, free_port
from paceline_tools.line.children import Child
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing

WEARABLES = 10
DAY_BYTES = 24 * 3600 * 5 // 2  # a sample a second in 2.5 bytes all in (`make bench-codec` prints what is reached)
CONNECTIONS = 3  # what the gateway has without settings
LIMIT_S = 240
GOAL_SHARE = 0.8
GOAL_RSS_MB = 80
PACING = Pacing()
TOKEN = "bench"  # noqa: S105 (of a server that lives for a minute)
_ADDRESS = "C0:00:00:00:00:77"


@dataclass(frozen=True)
class Run:
    """One program's figures, from the first connection to the last byte there; the gateway's is there on the server."""

    elapsed_s: float
    cpu_s: float
    rss_mb: float

    @property
    def goodput_bytes_s(self) -> float:
        """All wearables' bytes together."""
        return WEARABLES * DAY_BYTES / self.elapsed_s


class Home:
    """Ten wearables on the air and a server; `news` is set whenever something happened."""

    def __init__(self) -> None:
        chance = random.Random(24)  # noqa: S311 (journals as incompressible as real ones)
        self.link = RadioLink(PACING)
        self.news = asyncio.Event()
        self.uploads = 0
        self.held: dict[str, int] = {}
        self.peripherals = [
            Peripheral(
                self.link,
                JournalPeer(bytes([0xB0 + n] * 8), bytes([n + 1] * 32), chance.randbytes(DAY_BYTES), int(time.time())),
                f"F0:00:00:00:00:{n:02X}",
                self.news.set,
            )
            for n in range(WEARABLES)
        ]

    @property
    def names(self) -> list[str]:
        """What the wearables advertise."""
        return [f"Paceline-{one.peer.device_id.hex()[-4:].upper()}" for one in self.peripherals]

    async def until(self, holds: Callable[[], bool]) -> float:
        """Wait until it is so; return the monotonic seconds of that moment."""
        async with asyncio.timeout(LIMIT_S):
            while not holds():
                self.news.clear()
                await self.news.wait()
        return time.monotonic()

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[str]:
        """Switch the wearables on; give the address of the hub."""
        hub = Hub(self.link)
        tasks = [asyncio.create_task(one.run()) for one in self.peripherals]
        try:
            yield await hub.serve_unix(folder / "radio")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await hub.close()

    @asynccontextmanager
    async def server(self) -> AsyncIterator[str]:
        """Serve what a gateway asks for; give the URL."""
        app = web.Application()
        app.router.add_put("/api/v1/devices/{device}/journal/{epoch}", self._put)
        app.router.add_put("/api/v1/devices/{device}/status", self._put_status)
        app.router.add_get("/api/v1/devices/{device}/desired", self._get_desired)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await runner.setup()
        port = free_port(0)
        await web.TCPSite(runner, HOST, port).start()
        try:
            yield f"http://{HOST}:{port}"
        finally:
            await runner.cleanup()

    async def _put(self, request: web.Request) -> web.Response:
        data = zstandard.decompress(await request.read(), max_output_size=1 << 20)
        position = int(request.query["position"]) + len(data)
        self.uploads += 1
        self.held[request.match_info["device"]] = position
        self.news.set()
        return web.json_response({"position": position})

    async def _put_status(self, _request: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _get_desired(self, _request: web.Request) -> web.Response:
        return web.json_response({"blobs": []})


def main() -> int:
    """Print the figures; return 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for one in ("raw", "ours"):
            (folder / one).mkdir()
        raw = asyncio.run(_raw(folder / "raw"))
        ours, uploads, visits = asyncio.run(_ours(folder / "ours"))
    per_link = PACING.packets_per_event * 251 / PACING.interval_s
    amount = f"{WEARABLES} wearables × {DAY_BYTES / 1e3:.0f} kB"
    print(f"{amount}, {CONNECTIONS} connected at once, links of {per_link / 1e3:.0f} kB/s each on the virtual radio")
    print(f"{'':<44}{'gateway':>10}{'bare':>10}")
    for what, mine, theirs in (
        ("all there after, s", ours.elapsed_s, raw.elapsed_s),
        ("goodput, kB/s", ours.goodput_bytes_s / 1e3, raw.goodput_bytes_s / 1e3),
        ("CPU, s (with the virtual radio's host stack)", ours.cpu_s, raw.cpu_s),
        ("RSS at most, MB (as above)", ours.rss_mb, raw.rss_mb),
    ):
        print(f"{what:<44}{mine:>10.1f}{theirs:>10.1f}")
    print(f"uploads {uploads}, connections {visits}\n")
    share = ours.goodput_bytes_s / raw.goodput_bytes_s
    met = _goal("share of bare notifications", share, GOAL_SHARE, share >= GOAL_SHARE, "≥")
    return 0 if _goal("RSS, MB", ours.rss_mb, GOAL_RSS_MB, ours.rss_mb <= GOAL_RSS_MB, "≤") and met else 1


async def _raw(folder: Path) -> Run:
    home = Home()
    async with home.open(folder) as hci:
        ours = ["--main", "paceline_tools.bench.gateway_raw:main"]
        child = await _start(folder, hci, ours, [str(DAY_BYTES), str(CONNECTIONS), *home.names])
        begun_s = await home.until(lambda: any(one.visits for one in home.peripherals))
        try:
            usage = asyncio.create_task(_watch(child.pid))
            async with asyncio.timeout(LIMIT_S):
                error = await child.ended()
            ended_s = time.monotonic()
        finally:
            await child.stop()
        if "(status 0)" not in str(error):
            raise error
        return Run(ended_s - begun_s, *await usage)


async def _ours(folder: Path) -> tuple[Run, int, int]:
    home = Home()
    async with home.open(folder) as hci, home.server() as url:
        settings = _settings(folder, home, url)
        child = await _start(folder, hci, [], ["--config", str(settings), "run"])
        try:
            usage = asyncio.create_task(_watch(child.pid))
            begun_s = await home.until(lambda: any(one.visits for one in home.peripherals))
            ended_s = await home.until(lambda: sum(home.held.values()) >= WEARABLES * DAY_BYTES)
        finally:
            await child.stop()
        visits = sum(one.visits for one in home.peripherals)
        return Run(ended_s - begun_s, *await usage), home.uploads, visits


def _settings(folder: Path, home: Home, url: str) -> Path:
    token = folder / "token"
    lines = [f'[server]\nurl = "{url}"\ntoken_file = "token"']
    for one in home.peripherals:
        lines.append(f'[wearables.{one.peer.device_id.hex()}]\nkey = "{one.peer.key.hex()}"')
    settings = folder / "gateway.toml"
    for file, text in ((token, TOKEN), (settings, "\n".join(lines))):
        file.write_text(text)
        file.chmod(0o600)
    return settings


async def _start(folder: Path, hci: str, ours: Sequence[str], theirs: Sequence[str]) -> Child:
    command = [sys.executable, "-m", "paceline_tools.radio.virtual_gateway", "--hci", hci, "--address", _ADDRESS]
    return await Child.start("gateway", [*command, *ours, "--", *theirs], folder / "log")


async def _watch(pid: int) -> tuple[float, float]:
    """Return a process's CPU seconds and its highest RSS in MB, as they were last before it ended."""
    last = 0.0, 0.0
    while (usage := _usage(pid)) is not None:
        last = usage
        await asyncio.sleep(0.1)
    return last


def _usage(pid: int) -> tuple[float, float] | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    if "VmHWM:" not in status:
        return None
    cpu_s = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return cpu_s, int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def _goal(name: str, measured: float, goal: float, met: bool, sign: str) -> bool:
    print(f"{name:<44}{measured:>10.2f}  goal {sign} {goal:g}{'' if met else '  MISSED'}")
    return met


if __name__ == "__main__":
    sys.exit(main())
