"""The unit of systemd: without fault and hardened in systemd's own eyes; what the supervisor is told."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest
from conftest import missing
from paceline_server.cli import main
from paceline_server.errors import UsageError
from paceline_server.service.unit import USER, unit_text

PYTHON = Path("/bin/sh")
DATA = Path("/var/lib/paceline-server")
MOST_EXPOSED = 20
"""Of 100, as `systemd-analyze security` judges; a unit without any of it has 96."""
ANALYZE = "systemd-analyze"


def analyzed(folder: Path, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    if shutil.which(ANALYZE) is None:
        missing(f"{ANALYZE} is absent (apt install systemd)")
    unit = folder / "paceline-server.service"
    unit.write_text(text)
    command = [ANALYZE, words[0], "--man=no", *words[1:], str(unit)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("data", "ports"), [(DATA, (8080,)), (Path("/srv/a b"), (443, 80))])
def test_systemd_finds_no_fault_in_the_unit_and_little_that_is_open(
    tmp_path: Path, data: Path, ports: tuple[int, ...]
) -> None:
    text = unit_text(PYTHON, data, ["--tls"], ports)
    result = analyzed(tmp_path, text, "verify", "--recursive-errors=no")
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
    result = analyzed(tmp_path, text, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager")
    assert result.returncode == 0, result.stdout
    assert ("CAP_NET_BIND_SERVICE" in text) == (443 in ports)
    assert ("StateDirectory=paceline-server\n" in text) == (data == DATA)


def test_the_command_says_the_flags_that_it_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "server.toml"
    file.write_text('registration = "invite"\n')
    given = (
        "--data",
        str(DATA),
        "--tls",
        "--port",
        "443",
        "--database-url",
        "postgresql://a b%c",
        "--config",
        str(file),
    )
    status = main(["service", *given])
    text, told = capsys.readouterr()
    if f"cannot see {sys.executable}" in told:  # an environment in a temporary or a home folder is refused, aloud
        assert status == 1
        return
    assert status == 0
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert line.startswith(f"ExecStart={sys.executable} -m paceline_server serve --data {DATA} --config {file} ")
    assert '--database-url "postgresql://a b%%c"' in line and "--port 443" in line and "--tls true" in line
    assert f"User={USER}\n" in text and "AmbientCapabilities=CAP_NET_BIND_SERVICE\n" in text
    assert not DATA.exists() and "@user@" not in text and "@data@" not in text


@pytest.mark.parametrize(
    ("python", "data"), [(Path("/", "home", "ann", "python"), DATA), (PYTHON, Path("/", "root", "data"))]
)
def test_what_the_service_could_not_see_is_refused(python: Path, data: Path) -> None:
    with pytest.raises(UsageError, match="cannot see /"):
        unit_text(python, data, [], (8080,))


async def test_the_supervisor_hears_of_readiness_life_and_the_end(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000"}
        command = (sys.executable, "-m", "paceline_server", "serve", "--data", str(tmp_path / "data"), "--port", "0")
        server = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, stderr=DEVNULL, env=os.environ | environment
        )
        heard = list[bytes]()

        async def hear(word: bytes) -> None:
            async with asyncio.timeout(60):
                while heard[-1:] != [word]:
                    heard.append(await asyncio.get_running_loop().sock_recv(line, 100))

        await hear(b"READY=1")
        assert heard == [b"READY=1"]
        await hear(b"WATCHDOG=1")
        server.terminate()
        await hear(b"STOPPING=1")
        await server.communicate()
        assert server.returncode == 0
