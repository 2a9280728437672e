"""Bringing the whole line up, in order; what was started is stopped at the end, in the opposite order."""

import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from paceline_tools.line.children import Child, lifetime, while_alive
from paceline_tools.line.errors import LineError
from paceline_tools.line.places import USER, Places
from paceline_tools.line.plan import Plan
from paceline_tools.line.progress import Progress
from paceline_tools.line.server_view import ServerView
from paceline_tools.line.settings import SERVER, introduce, write_gateway_settings
from paceline_tools.line.wearer import Wearer
from paceline_tools.radio.hub import Hub
from paceline_tools.radio.link import RadioLink
from paceline_tools.virtual.process import micropython

HOST = "127.0.0.1"
GATEWAY_ADDRESS = "C0:00:00:00:00:01"
ANSWER_S = 30.0


@dataclass(frozen=True)
class Running:
    """The programs of a line that is up."""

    places: Places
    plan: Plan
    server: Child
    gateway: Child
    view: ServerView
    wearer: Wearer


async def bring_up(
    stack: AsyncExitStack, places: Places, port: int, plan: Plan, sport: int, progress: Progress
) -> Running:
    """Start server, wearable and gateway on the stack; LineError when one does not come up."""
    require_micropython()
    url = f"http://{HOST}:{port}"
    progress.now("setting up the account")
    await introduce(places)
    write_gateway_settings(places, url)
    server, view = await _serve(stack, places, port, url, progress)
    wearer, hci = await _wear(stack, places, plan, sport, progress)
    gateway = await _follow(stack, places, hci, progress)
    return Running(places, plan, server, gateway, view, wearer)


async def _serve(
    stack: AsyncExitStack, places: Places, port: int, url: str, progress: Progress
) -> tuple[Child, ServerView]:
    progress.now("starting the server")
    serve = [*SERVER, "serve", "--data", str(places.server), "--host", HOST, "--port", str(port)]
    server = await stack.enter_async_context(lifetime(await Child.start("server", serve, places.logs / "server.log")))
    view = await stack.enter_async_context(ServerView(url, USER, places.password.read_text().strip()))
    await while_alive([server.ended()], view.answers(ANSWER_S))
    await view.log_in()
    progress.done(f"server      answers at {url}")
    return server, view


async def _wear(
    stack: AsyncExitStack, places: Places, plan: Plan, sport: int, progress: Progress
) -> tuple[Wearer, str]:
    link = RadioLink()
    hub = Hub(link)
    stack.push_async_callback(hub.close)
    sockets = stack.enter_context(tempfile.TemporaryDirectory(prefix="paceline-"))
    hci = await hub.serve_unix(Path(sockets) / "radio")
    progress.now("switching the wearable on")
    wearer = Wearer(link, places, plan.boot_utc_s, sport)
    stack.push_async_callback(wearer.switch_off)
    await wearer.switch_on()
    progress.done(f"wearable    {places.device_id.read_text().strip()} runs its firmware")
    return wearer, hci


async def _follow(stack: AsyncExitStack, places: Places, hci: str, progress: Progress) -> Child:
    follow = [sys.executable, "-m", "paceline_tools.radio.virtual_gateway", "--hci", hci, "--address", GATEWAY_ADDRESS]
    follow += ["--", "--config", str(places.gateway_config), "run"]
    gateway = await stack.enter_async_context(
        lifetime(await Child.start("gateway", follow, places.logs / "gateway.log"))
    )
    progress.done("gateway     follows it over the virtual radio")
    return gateway


def require_micropython(find: Callable[[], str] = micropython) -> None:
    """LineError when there is no MicroPython for this machine, as on a Raspberry Pi that was given none."""
    try:
        find()
    except FileNotFoundError as error:
        hint = "Its package has builds for x86-64 only: build MicroPython's unix port and put it on the PATH"
        raise LineError(f"The virtual wearable cannot run here: {error}", hint) from error


def free_port(wanted: int) -> int:
    """Return the port, or a free one for 0; LineError when somebody has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise LineError(f"Port {wanted} is busy ({error.strerror})", "Choose another with --port") from error
        return probe.getsockname()[1]
