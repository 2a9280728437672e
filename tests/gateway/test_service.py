"""The service of systemd: its unit as systemd judges it, its installation step by step, what the supervisor hears."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import missing
from gateway.stand_in import DEVICE_ID, KEY
from paceline_gateway.config import load
from paceline_gateway.errors import ConfigError
from paceline_gateway.service.install import install, objections, own_settings
from paceline_gateway.service.moved_settings import moved_settings
from paceline_gateway.service.plan import FOLDER, Command, File, installation
from paceline_gateway.service.unit import USER, unit_text
from paceline_gateway.settings_table import SETTINGS, given_by

PYTHON = Path("/bin/sh")
MOST_EXPOSED = 20
"""Of 100, as `systemd-analyze security` judges; a unit without any of it has 96."""
ANALYZE = "systemd-analyze"
TOKEN = "the-secret-token"


def analyzed(folder: Path, *words: str, groups: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    if shutil.which(ANALYZE) is None:
        missing(f"{ANALYZE} is absent (apt install systemd)")
    unit = folder / "paceline-gateway.service"
    unit.write_text(unit_text(PYTHON, FOLDER / "gateway.toml", groups))
    command = [ANALYZE, words[0], "--man=no", *words[1:], str(unit)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("groups", [(), ("bluetooth",)])
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path, groups: tuple[str, ...]) -> None:
    result = analyzed(tmp_path, "verify", "--recursive-errors=no", groups=groups)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_systemd_would_find_a_fault(tmp_path: Path) -> None:
    result = analyzed(tmp_path, "verify", "--recursive-errors=no", groups=("x\nProtektHome=yes",))
    assert "Unknown key" in result.stderr and "ProtektHome" in result.stderr


def test_the_unit_is_hardened(tmp_path: Path) -> None:
    result = analyzed(tmp_path, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager")
    assert result.returncode == 0, result.stdout


def test_paths_of_any_kind_are_one_word_of_the_unit() -> None:
    text = unit_text(Path("/opt/a b/100%/$x/python"), FOLDER / "gateway.toml", ())
    assert 'ExecStart="/opt/a b/100%%/$$x/python" -m paceline_gateway --config /etc/paceline/gateway.toml run\n' in text
    assert "@" not in text.replace("@system-service", "").replace("@privileged", "").replace("@resources", "")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A person's settings, with all that there can be."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in (("anna.key", KEY.hex()), ("token", TOKEN), ("ca.pem", "-----BEGIN"), ("password", "hush")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    path = folder / "gateway.toml"
    path.write_text(
        f'spool = "here"\nmax_connections = 5\nalert_after_h = 1.5\n[server]\nurl = "https://host"\n'
        f'token_file = "token"\nca_file = "ca.pem"\n[local]\nport = 8090\n'
        f'[wearables.{DEVICE_ID.hex()}]\nkey_file = "anna.key"\nname = \'A "b" \\ ä\'\n'
        f'[wearables.{"ab" * 8}]\nkey = "{KEY.hex()}"\n'
    )
    path.chmod(0o600)
    return path


def test_the_settings_move_whole_with_their_secrets(own: Path, tmp_path: Path) -> None:
    given = given_by({"PACELINE_GATEWAY_MAX_CONNECTIONS": "7"}, {"log_format": "json"})
    found = moved_settings(own, given, tmp_path / "spool")
    moved = tmp_path / "moved"
    moved.mkdir()
    for name, data in found.items():
        (moved / name).write_bytes(data)
        (moved / name).chmod(0o640)
    before, after = load(own, given), load(moved / "gateway.toml")
    assert after.wearables == before.wearables
    assert (after.max_connections, after.log_format, after.alert_after_h, after.local_port) == (7, "json", 1.5, 8090)
    assert after.server is not None and after.server.ca_file is not None
    assert (after.server.url, after.server.token(), after.server.ca_file.read_text()) == (
        "https://host",
        TOKEN,
        "-----BEGIN",
    )
    assert after.spool == tmp_path / "spool"
    assert not {TOKEN.encode(), KEY.hex().encode()} & {data for name, data in found.items() if name == "gateway.toml"}
    again = moved_settings(moved / "gateway.toml", (), tmp_path / "spool")
    assert again == found, "done again it changes nothing"


def test_every_setting_with_a_path_is_moved() -> None:
    paths = {setting.key for setting in SETTINGS if setting.kind == "path"}
    assert all(key == "spool" or key.endswith("_file") for key in paths), "moved_settings copies the file of each"


def test_settings_that_cannot_be_used_are_not_moved(own: Path, tmp_path: Path) -> None:
    (own.parent / "token").unlink()
    with pytest.raises(ConfigError, match="token"):
        moved_settings(own, (), tmp_path)
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        moved_settings(tmp_path / "absent.toml", (), tmp_path)


def test_the_steps_are_done_in_order_and_twice_is_as_once(own: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in ("etc/systemd/system", "var/lib"):
        (root / folder).mkdir(parents=True)
    ran: list[str] = []

    def run(words: Iterable[str]) -> None:
        ran.append(" ".join(words))

    for user_exists in (False, True):
        settings = moved_settings(own, (), Path("/var/lib") / USER / "spool")
        steps = list(installation(settings, PYTHON, user_exists=user_exists, bluez_group_exists=True))
        install(steps, lambda _line: None, root=root, run=run, group=os.getgid)
    assert [line.split()[:2] for line in ran] == [
        ["useradd", "--system"],
        *([["systemctl", "daemon-reload"], ["systemctl", "enable"], ["systemctl", "restart"]] * 2),
    ]
    folder = root / "etc/paceline"
    assert folder.stat().st_mode & 0o777 == 0o750
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(modes.values()) == {0o640} and "gateway.toml" in modes and not any(".new" in name for name in modes)
    unit = root / "etc/systemd/system/paceline-gateway.service"
    assert unit.stat().st_mode & 0o777 == 0o644 and "SupplementaryGroups=bluetooth" in unit.read_text()
    assert load(folder / "gateway.toml").server is not None


def test_a_step_that_fails_ends_it_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ended with 1"):
        install([Command(("false",)), Command(("touch", str(tmp_path / "after")))], lambda _line: None)
    with pytest.raises(ConfigError, match="no-such-program"):
        install([Command(("no-such-program",))], lambda _line: None)
    with pytest.raises(ConfigError, match="cannot be written"):
        install([File(Path("/absent/file"), b"", shown=True)], lambda _line: None, root=tmp_path, group=os.getgid)
    assert not (tmp_path / "after").exists()


def test_a_dry_run_shows_everything_but_secrets_and_does_nothing(own: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(own), "install-service", "--dry-run"]
    before = sorted(path.name for path in own.parent.iterdir())
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    for shown in (
        "systemctl enable paceline-gateway.service",
        "ProtectSystem=strict",
        '[wearables."',
        'url = "https://host"',
    ):
        assert shown.replace('"', "") in result.stdout.replace('"', "")
    assert TOKEN not in result.stdout and KEY.hex() not in result.stdout
    assert not FOLDER.exists() and sorted(path.name for path in own.parent.iterdir()) == before


def test_what_stands_against_it_is_said() -> None:
    hidden = list(objections(Path("/root/venv/bin/python")))
    assert any("cannot see" in text and "/opt" in text for text in hidden)


def test_sudo_finds_the_settings_of_who_called_it() -> None:
    usual = Path("~/.config/paceline/gateway.toml")
    assert own_settings("root", usual) == Path("/root/.config/paceline/gateway.toml")
    assert own_settings("root", Path("/elsewhere")) == Path("/elsewhere")
    assert own_settings("no such user", usual) == own_settings(None, usual) == usual.expanduser()


@pytest.fixture
def alone(own: Path) -> Path:
    """Settings without a server."""
    own.write_text(f'[wearables.{DEVICE_ID.hex()}]\nkey_file = "anna.key"\n')
    return own


async def test_the_supervisor_hears_that_it_is_ready_lives_and_stops(alone: Path, tmp_path: Path) -> None:
    address = tmp_path / "notify"
    environment = {
        **os.environ,
        "NOTIFY_SOCKET": str(address),
        "WATCHDOG_USEC": "300000",
        "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
        "PACELINE_GATEWAY_LOCAL_PORT": "0",
    }
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(address))
        supervisor.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "paceline_gateway", "--config", str(alone), "run", env=environment
        )
        try:
            async with asyncio.timeout(60):
                heard = [await loop.sock_recv(supervisor, 100) for _ in range(4)]
                process.send_signal(signal.SIGTERM)
                while heard[-1] != b"STOPPING=1":
                    heard.append(await loop.sock_recv(supervisor, 100))
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert heard[0] == b"READY=1"
    assert set(heard[1:-1]) == {b"WATCHDOG=1"}


def test_the_unit_is_in_the_package() -> None:
    pyproject = (Path(__file__).resolve().parents[2] / "gateway" / "pyproject.toml").read_text()
    assert '"*.service"' in pyproject
