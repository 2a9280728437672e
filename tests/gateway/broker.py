"""A real broker (mosquitto) on a free port of the loopback, as a process of its own, and one who listens to it."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
from conftest import missing
from paceline_tools.line.bring_up import free_port

LIMIT_S = 90


class Mosquitto:
    """`start` and `stop` as often as a test wants, always on the same port; it forgets everything when it stops."""

    def __init__(self, folder: Path) -> None:
        self._program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if self._program is None:
            missing("there is no mosquitto: apt-get install mosquitto")
        self.folder = folder
        folder.mkdir()
        self.port = free_port(0)
        self._more = ["allow_anonymous true"]
        self._process: subprocess.Popen[bytes] | None = None

    def secure(self, user: str, password: str, pem: Path) -> None:
        """Ask for a password from now on, and speak TLS with this certificate and key."""
        passwords = self.folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, user, password], check=True, capture_output=True)
        for file in (passwords, pem):
            file.chmod(0o644)  # as root, mosquitto becomes another user
        self._more = ["allow_anonymous false", f"password_file {passwords}", f"certfile {pem}", f"keyfile {pem}"]

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        settings = self.folder / "mosquitto.conf"
        settings.write_text("\n".join([f"listener {self.port} 127.0.0.1", "user root", *self._more]) + "\n")
        assert self._program is not None
        command, quiet = [self._program, "-c", str(settings)], subprocess.DEVNULL
        self._process = await asyncio.to_thread(lambda: subprocess.Popen(command, stdout=quiet, stderr=quiet))
        async with asyncio.timeout(LIMIT_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    return

    async def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        self._process = None


class Listener:
    """Somebody like Home Assistant: `said` is the last payload of each topic, `count` how many came."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.said: dict[str, str] = {}
        self.count = 0
        self._came = asyncio.Event()

    async def until(self, holds: Callable[[dict[str, str]], bool]) -> None:
        """Wait until what was said is so."""
        try:
            async with asyncio.timeout(LIMIT_S):
                while not holds(self.said):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise AssertionError(f"was not said: {self.said}") from None

    async def listen(self) -> None:
        async for message in self.client.messages:
            assert isinstance(message.payload, bytes)
            self.said[str(message.topic)] = message.payload.decode()
            self.count += 1
            self._came.set()


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[Listener]:
    """Listen to all that Paceline and Home Assistant say."""
    async with aiomqtt.Client("127.0.0.1", port) as client:
        listener = Listener(client)
        for topic in ("paceline/#", "homeassistant/#"):
            await client.subscribe(topic, qos=1)
        task = asyncio.create_task(listener.listen())
        try:
            yield listener
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
