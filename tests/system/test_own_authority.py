"""`serve --tls` as a household starts it: a gateway pins the authority, and the port survives stops and starts."""

import asyncio
import re
import ssl
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout

WAIT_S = 180.0


async def start(module: str, *arguments: object) -> Process:
    command = (sys.executable, "-m", module, *map(str, arguments))
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=STDOUT)


async def said_by(process: Process, pattern: str) -> re.Match[str]:
    """Read what the process says until it fits."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(WAIT_S):
        while (found := re.search(pattern, said)) is None:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return found


async def serve(data: Path) -> tuple[Process, str, str, str]:
    """Start a server; return it, its URL, that of its install page, and the fingerprint that it says."""
    server = await start("paceline_server", "serve", "--data", data, "--tls", "--port", 0, "--install-port", 0)
    said = r"serves (https://\S+?)/ [^\n]*\n(?:.*\n)*?.* by (http://\S+/install), [^\n]*\n([0-9A-F:]{95})\n"
    found = await said_by(server, said)
    return server, found.group(1), found.group(2), found.group(3)


async def end(process: Process) -> int:
    process.terminate()
    async with asyncio.timeout(WAIT_S):
        await process.communicate()
    assert process.returncode is not None
    return process.returncode


async def test_a_gateway_pins_it_and_a_second_start_shows_the_same(tmp_path: Path) -> None:
    data, settings = tmp_path / "data", tmp_path / "gateway.toml"
    server, url, _, mark = await serve(data)
    trusting = ssl.create_default_context(cafile=data / "ca.pem")
    async with ClientSession(timeout=ClientTimeout(total=90)) as http:
        async with http.get(f"{url}/login", ssl=trusting) as response:
            assert response.status == 200
        async with http.get(f"{url}/ca.pem", ssl=trusting) as response:
            assert await response.read() == (data / "ca.pem").read_bytes()
        login = ("--config", settings, "login", url, "--fingerprint")
        stranger = await start("paceline_gateway", *login, "AA:" * 31 + "AA")
        await said_by(stranger, "somebody may stand between")
        await stranger.communicate()
        gateway = await start("paceline_gateway", *login, mark)
        await said_by(gateway, r"\n    [A-Z]{4}-[A-Z]{4}\n")  # asked by TLS that the pinned authority vouches for
        await end(gateway)
        # A stop does not wait for connections that are open.
        assert await end(server) == 0
    server, _, _, again = await serve(data)
    assert again == mark
    assert await end(server) == 0
