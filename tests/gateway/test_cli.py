"""The command line, as its own process."""

import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from paceline_gateway.spool import Spool
from paceline_protocol.page import HEADER_SIZE, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.records import BATTERY, BOOT, pack_fields, pack_record

ID = "00112233445566ff"
KEY = bytes(range(32))
EPOCH = 0x01020304


def gateway(*arguments: object, config: Path, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(config), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    key = tmp_path / "k"
    key.write_text(KEY.hex())
    key.chmod(0o600)
    path = tmp_path / "gateway.toml"
    path.write_text(f'spool = "spool"\n[wearables.{ID}]\nkey_file = "k"\nname = "Anna"\n')
    return path


def two_pages() -> bytes:
    first = bytearray(b"\xff" * PAGE_SIZE)
    pack_header(first, EPOCH, 0, 0, bytes(16))
    end = pack_record(first, HEADER_SIZE, BOOT, pack_fields(BOOT, 1, 1, bytes((0, 1, 0))))
    end = pack_record(first, end, BATTERY, pack_fields(BATTERY, 9, 3900, 80))
    second = bytearray(b"\xff" * PAGE_SIZE)
    pack_header(second, EPOCH, 1, end, page_tag(journal_key(KEY), first, end))
    pack_record(second, HEADER_SIZE, BATTERY, pack_fields(BATTERY, 10, 3890, 79))
    return bytes(first + second)


def spooled(config: Path, data: bytes) -> Path:
    spool = Spool(config.parent / "spool")
    journal = spool.device(bytes.fromhex(ID)).begin(EPOCH, 0)
    journal.write(0, data)
    journal.sync()
    journal.set_uploaded(4096)
    spool.close()
    return journal.path


def test_inspect_prints_records_and_seals_with_the_settings_key(config: Path) -> None:
    path = spooled(config, two_pages())
    result = gateway("inspect", path, config=config)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].split()[:3] == ["32", "BOOT", "boot_count=1"]
    assert "BATTERY t_s=9 millivolt=3900 percent=80" in lines[1]
    assert lines[-1] == f"epoch {EPOCH:08x}: bytes 0 to 8192, sealed up to 4096, 0 problems"


def test_inspect_tells_damage_and_where(config: Path) -> None:
    data = bytearray(two_pages())
    data[40] ^= 1
    result = gateway("inspect", spooled(config, bytes(data)), config=config)
    assert result.returncode == 0
    assert "! record up to" in result.stdout
    assert result.stdout.splitlines()[-1].endswith("problems")


def test_inspect_of_any_bytes_is_text_and_no_trace(config: Path, tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(struct.pack("<100I", *range(100)) * 50)
    result = gateway("inspect", junk, config=config)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert "problems" in result.stdout.splitlines()[-1]


def test_status_prints_both_cursors(config: Path) -> None:
    spooled(config, two_pages())
    result = gateway("status", "--once", config=config)
    assert result.stdout.splitlines() == [
        "gateway  is not running",
        f"{ID}  Anna  never synced, 4.1 kB for the server",
        f"{ID}  Anna  epoch {EPOCH:08x}: pulled up to 8192 (8.2 kB), server has 4096 (50 %)",
    ]


def test_status_of_a_wearable_never_seen(config: Path) -> None:
    lines = gateway("status", config=config).stdout.splitlines()
    assert lines == ["gateway  is not running", f"{ID}  Anna  never synced, nothing for the server"]


def test_add_then_status_shows_the_new_one(config: Path) -> None:
    result = gateway("add", "aa" * 8, config.parent / "k", "--name", "Ben", config=config)
    assert result.returncode == 0, result.stderr
    assert f"{'aa' * 8}  Ben  never synced" in gateway("status", config=config).stdout


@pytest.mark.parametrize("shown", ["A1B2 C3D4 E5F6 0718", "paceline:a1b2c3d4e5f60718"])
def test_an_id_is_added_as_the_wearable_shows_it(config: Path, shown: str) -> None:
    keys = config.parent / "wearables"
    keys.mkdir()
    (keys / "a1b2c3d4e5f60718.key").write_text("ab" * 32)
    (keys / "a1b2c3d4e5f60718.key").chmod(0o600)
    result = gateway("add", shown, config=config, folder=config.parent)
    assert result.returncode == 0, result.stderr
    assert "a1b2c3d4e5f60718" in gateway("status", config=config).stdout


@pytest.mark.parametrize("command", [["status"], ["run"], ["pull"]])
def test_wrong_settings_are_one_line_and_exit_status_1(tmp_path: Path, command: list[str]) -> None:
    result = gateway(*command, config=tmp_path / "absent.toml")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("paceline-gateway: ")
    assert "absent.toml" in result.stderr


def test_a_missing_token_is_told_before_anything_starts(config: Path) -> None:
    with config.open("a") as file:
        file.write('[server]\nurl = "http://127.0.0.1:1"\ntoken_file = "token"\n')
    result = gateway("run", config=config)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith("token: cannot be read: No such file or directory")


def test_the_spool_is_for_its_owner_alone(config: Path) -> None:
    path = spooled(config, two_pages())
    for place, mode in ((path, 0o600), (path.parent, 0o700), (path.parent.parent, 0o700)):
        assert place.stat().st_mode & 0o777 == mode


def test_no_command_is_exit_status_2(config: Path) -> None:
    assert gateway(config=config).returncode == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_running_gateway_without_a_radio_says_so_and_stops_when_told(config: Path, number: int) -> None:
    command = [sys.executable, "-m", "paceline_gateway", "--config", str(config), "run"]
    # No D-Bus: a machine without Bluetooth.
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    seen: list[str] = []
    for line in process.stderr:
        seen.append(line)
        if "Bluetooth cannot be used" in line:
            process.send_signal(number)
    process.stderr.close()
    assert process.wait(30) == 0
    text = "".join(seen)
    assert "next try in" in text
    assert text.rstrip().endswith("stopped")
    assert KEY.hex() not in text
