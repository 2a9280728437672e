"""All parts together, each in its own process as `make run` has them, with the means to break each of them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.line.bring_up import GATEWAY_ADDRESS, HOST, free_port
from paceline_tools.line.children import Child
from paceline_tools.line.places import USER, Places
from paceline_tools.line.server_view import ServerView, Summary
from paceline_tools.line.settings import SERVER, introduce, write_gateway_settings
from paceline_tools.radio.faults import Faults
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing
from paceline_tools.track import Track, pack_track
from paceline_tools.virtual.settings import BoardSettings, Identity, TrackInput
from paceline_tools.virtual.wearable import VirtualWearable

BOOT_UTC_S = 1_760_000_000
LEAD_S = 15  # from one workout to the next, and for the receiver's first fix
CAREFUL_SPEED = 10.0


@dataclass
class WholeLine:
    """A running line. `killed` counts what was ended with SIGKILL."""

    places: Places
    port: int
    hci: str
    faults: Faults
    wearable: VirtualWearable
    view: ServerView
    server: Child
    gateway: Child
    killed: int = 0

    async def kill_server(self) -> None:
        """SIGKILL the server at this moment and start it again."""
        await self._kill(self.server)
        self.server = await start_server(self.places, self.port)

    async def kill_gateway(self) -> None:
        """SIGKILL the gateway at this moment and start it again."""
        await self._kill(self.gateway)
        self.gateway = await start_gateway(self.places, self.hci)

    async def start_workout(self, track: Track) -> int:
        """Put the wearable onto the track and press start just before; return the UTC of the track's second 0."""
        self.wearable.set_speed(CAREFUL_SPEED)
        start_utc_s = int(self.wearable.world.utc_s()) + LEAD_S
        path = self.places.wearable / f"{start_utc_s}.track"
        path.write_bytes(pack_track(track))
        self.wearable.load_track(TrackInput(path, start_utc_s))
        await self.reach(start_utc_s - 3)
        await self.wearable.press("start")
        return start_utc_s

    async def stop_workout(self, end_utc_s: float) -> None:
        """Hold START once the world's time is there."""
        self.wearable.set_speed(CAREFUL_SPEED)
        await self.reach(end_utc_s)
        await self.wearable.end_workout()

    async def play(self, track: Track, speed: float) -> int:
        """Do a whole workout; return the UTC of the track's second 0."""
        start_utc_s = await self.start_workout(track)
        last = start_utc_s + int(track["second"][-1])
        self.wearable.set_speed(speed)
        await self.reach(last - 20)
        await self.stop_workout(last + 2)
        return start_utc_s

    async def reach(self, utc_s: float, limit_s: float = 300) -> None:
        """Wait until the wearable's world is at that time."""
        await self.wearable.wait_until(lambda: self.wearable.world.utc_s() >= utc_s, limit_s)

    async def finished(self, start_utc_s: int, limit_s: float = 180) -> Summary:
        """Wait for the workout that began just before that second to be finished on the server; return it in full."""

        def wanted(summary: Summary) -> bool:
            return summary["status"] == "finished" and abs(summary["start_utc_s"] - start_utc_s) < LEAD_S

        summary = await self.view.wait_for(wanted, f"The workout of {start_utc_s}", limit_s)
        return await self.view.activity(summary["activity_id"])

    async def _kill(self, child: Child) -> None:
        child.kill()
        await child.ended()
        self.killed += 1


async def start_server(places: Places, port: int) -> Child:
    """Start the server's own program."""
    serve = [*SERVER, "serve", "--data", str(places.server), "--host", HOST, "--port", str(port)]
    serve += ["--requests-per-minute", "1000000"]  # time runs faster here
    return await Child.start("server", serve, places.logs / "server.log")


async def start_gateway(places: Places, hci: str) -> Child:
    """Start the gateway's own program on the virtual radio."""
    follow = [sys.executable, "-m", "paceline_tools.radio.virtual_gateway", "--hci", hci, "--address", GATEWAY_ADDRESS]
    follow += ["--", "--config", str(places.gateway_config), "run"]
    return await Child.start("gateway", follow, places.logs / "gateway.log")


@asynccontextmanager
async def whole_line(
    root: Path, faults: Faults | None = None, pacing: Pacing | None = None
) -> AsyncIterator[WholeLine]:
    """Bring the line up in an empty folder, and take it down."""
    places, port = Places(root), free_port(0)
    url = f"http://{HOST}:{port}"
    places.prepare()
    await introduce(places)
    write_gateway_settings(places, url)
    faults = faults or Faults()
    link = RadioLink(pacing, faults)
    hub = Hub(link)
    hci = await hub.serve_unix(root / "radio")
    identity = Identity(*(bytes.fromhex(file.read_text()) for file in (places.device_id, places.device_key)))
    wearable = VirtualWearable(link, places.wearable, identity, BoardSettings(utc_s=BOOT_UTC_S))
    server = await start_server(places, port)
    async with ServerView(url, USER, places.password.read_text().strip()) as view:
        line = WholeLine(places, port, hci, faults, wearable, view, server, await start_gateway(places, hci))
        try:
            await view.answers(180)
            await view.log_in()
            await wearable.switch_on()
            yield line
        finally:
            await wearable.switch_off()
            await asyncio.gather(line.gateway.stop(), line.server.stop())
            await hub.close()
