"""A running guest: programs started and signalled in it, files read and written, its Bluetooth adapter plugged.

async with Guest.running(image, hci_socket, folder) as guest:
    await guest.plug_adapter()
    await guest.start("bluetoothd", ["/usr/libexec/bluetooth/bluetoothd", "-n"])
"""

import asyncio
import base64
import json
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from paceline_tools.guest import qemu
from paceline_tools.guest.errors import GuestError
from paceline_tools.guest.image import Image

BOOT_S = 90.0
ANSWER_S = 30.0
LOOK_S = 0.2
"""Between two questions to the guest; each costs it some milliseconds."""
PYTHON = "/usr/bin/python3"


class Guest:
    """See the module. GuestError when the guest refuses, does not answer or has died."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, console: Path, hci: str) -> None:
        self._reader = reader
        self._writer = writer
        self._console = console
        self._hci = hci
        self._asking = asyncio.Lock()
        self._asked = 0

    @classmethod
    @asynccontextmanager
    async def running(cls, image: Image, hci: Path, folder: Path) -> AsyncIterator["Guest"]:
        """Boot the image with its HCI on the unix socket `hci`; the power is cut at the end."""
        talking: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
        talking = asyncio.get_running_loop().create_future()
        console = folder / "console.log"
        with tempfile.TemporaryDirectory(prefix="paceline-") as sockets:  # a socket's path must be short
            control = Path(sockets) / "control"
            server = await asyncio.start_unix_server(lambda *ends: talking.set_result(ends), control, limit=1 << 21)
            command = qemu.command(image, {"control": control, "hci": hci}, console)
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
            )
            try:
                async with asyncio.timeout(BOOT_S):
                    reader, writer = await talking
                    hello = await reader.readline()
                if not hello:
                    raise GuestError(f"the guest died before it was up: {_tail(console)}")
                yield cls(reader, writer, console, json.loads(hello)["hci"])
            except TimeoutError as error:
                raise GuestError(f"the guest is not up after {BOOT_S:.0f} s: {_tail(console)}") from error
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()
                if talking.done():
                    talking.result()[1].transport.abort()
                server.close()
                await server.wait_closed()

    async def start(self, name: str, command: Sequence[str], user: str = "root") -> None:
        """Start a program; its log goes on where an earlier one of that name ended."""
        await self._ask("start", name=name, command=list(command), user=user)

    async def send_signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a program."""
        await self._ask("signal", name=name, signal=int(number))

    async def ended(self, name: str, limit_s: float) -> int:
        """Wait for a program's end and return its status."""
        status: int | None = None

        async def over() -> bool:
            nonlocal status
            status = await self.status(name)
            return status is not None

        await self.until(over, limit_s, f"{name} has not ended")
        assert status is not None
        return status

    async def status(self, name: str) -> int | None:
        """Return a program's status, None while it runs."""
        return (await self._ask("status", name=name))["status"]

    async def stop(self, name: str, number: signal.Signals = signal.SIGTERM, limit_s: float = 20) -> int:
        """End a program with a signal and return its status."""
        await self.send_signal(name, number)
        return await self.ended(name, limit_s)

    async def read(self, path: str, offset: int = 0) -> bytes:
        """Return a file from an offset on, whole however large; a missing one is empty."""
        parts = bytearray()
        while True:
            part = await self._ask("read", path=path, offset=offset + len(parts))
            parts += base64.b64decode(part["base64"])
            if offset + len(parts) >= part["size"]:
                return bytes(parts)

    async def write(self, path: str, text: str, mode: int = 0o600, user: str = "root") -> None:
        """Write a file; it and its folder are the user's."""
        await self._ask("write", path=path, text=text, mode=mode, user=user)

    async def paths(self, pattern: str) -> list[str]:
        """Return the paths that match."""
        return (await self._ask("list", pattern=pattern))["paths"]

    async def size(self, path: str) -> int:
        """Return a file's size, 0 when it is missing."""
        return (await self._ask("read", path=path, offset=1 << 40))["size"]

    async def log(self, name: str) -> str:
        """Return all that the programs of that name said."""
        return (await self.read(f"/run/{name}.log")).decode(errors="replace")

    async def said(self, name: str, text: str, limit_s: float, times: int = 1) -> None:
        """Wait until the programs of that name said the text so many times."""

        async def there() -> bool:
            return (await self.log(name)).count(text) >= times

        await self.until(there, limit_s, f"{name} did not say {text!r}")

    async def plug_adapter(self) -> None:
        """Plug the Bluetooth adapter in; returns when the kernel has it."""
        await self.start("relay", [PYTHON, "/opt/inside/relay.py", self._hci])

        async def there() -> bool:
            return bool((await self._ask("adapter"))["names"])

        await self.until(there, 20, "there is no adapter")

    async def unplug_adapter(self) -> None:
        """Pull it out."""
        await self.stop("relay", signal.SIGKILL)

    async def until(self, true: Callable[[], Any], limit_s: float, complaint: str) -> None:
        """Wait for `await true()`; GuestError with the complaint beyond the limit."""
        try:
            async with asyncio.timeout(limit_s):
                while not await true():  # noqa: ASYNC110 -- only asking tells
                    await asyncio.sleep(LOOK_S)
        except TimeoutError as error:
            raise GuestError(f"{complaint} within {limit_s:.0f} s") from error

    def console(self) -> str:
        """Return what the kernel and the first process said."""
        return self._console.read_text(errors="replace")

    async def _ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        async with self._asking:
            self._asked += 1
            request = {"do": what, "number": self._asked, **arguments}
            self._writer.write(json.dumps(request).encode() + b"\n")
            try:
                async with asyncio.timeout(ANSWER_S):
                    answer = await self._answer(self._asked)
            except TimeoutError as error:
                raise GuestError(f"the guest does not answer: {_tail(self._console)}") from error
        if "error" in answer:
            raise GuestError(f"{what} in the guest: {answer['error']}")
        return answer

    async def _answer(self, number: int) -> dict[str, Any]:
        """Return the answer with that number; those before it were for someone who gave up waiting."""
        while line := await self._reader.readline():
            answer = json.loads(line)
            if answer["number"] == number:
                return answer
        raise GuestError(f"the guest died: {_tail(self._console)}")


def _tail(console: Path) -> str:
    lines = console.read_text(errors="replace").strip().splitlines() if console.exists() else []
    return " / ".join(lines[-8:]) or "without a word"
