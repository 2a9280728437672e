"""Files that are broken: each program says so in one line and ends with 1 or 2, without a trace of Python."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paceline_tools.line.settings import SERVER
from system.recorded import Ended, ended

LINE = (sys.executable, "-m", "paceline_tools.line", "--port", "0", "--once")
GATEWAY = (sys.executable, "-m", "paceline_gateway", "--config")
FIT_HEAD = bytes([14, 0x20, 0, 0, 200, 0, 0, 0]) + b".FIT"

CASES: dict[str, tuple[Callable[[Path], tuple[str, ...]], bytes]] = {
    "an empty gateway.toml": (lambda file: (*GATEWAY, str(file), "run"), b""),
    "a gateway.toml with a wrong setting": (lambda file: (*GATEWAY, str(file), "pull"), b"spool = 3"),
    "a gateway.toml that is no TOML": (lambda file: (*GATEWAY, str(file), "status"), b"[server\n"),
    "a gateway.toml of bytes": (lambda file: (*GATEWAY, str(file), "run"), bytes(range(256))),
    "a FIT file without its end": (lambda file: (*LINE, "--data", f"{file}.d", "--track", str(file)), FIT_HEAD),
    "a file that is no recording": (lambda file: (*LINE, "--data", f"{file}.d", "--track", str(file)), b"GIF89a"),
    "an empty file": (lambda file: (*LINE, "--data", f"{file}.d", "--track", str(file)), b""),
    "half a GPX": (lambda file: (*LINE, "--data", f"{file}.d", "--track", str(file)), b"<gpx><trk><trkseg><trkpt"),
    "a key file of letters": (
        lambda file: (
            *(*SERVER, "claim", "--data", f"{file}.d", "--username", "x", "--device-id", "00" * 8),
            *("--key-file", str(file)),
        ),
        b"g" * 64,
    ),
}


async def one_line(file: Path, command: tuple[str, ...]) -> Ended:
    told = await ended(*command)
    assert told.status in (1, 2), told
    assert "Traceback" not in told.complaint + told.output
    assert len(told.complaint.strip().splitlines()) == 1 and str(file) in told.complaint
    return told


@pytest.mark.parametrize("name", CASES)
async def test_a_broken_file_is_named_in_one_line(tmp_path: Path, name: str) -> None:
    command, content = CASES[name]
    file = tmp_path / ("file.fit" if "FIT" in name else "file.gpx" if "GPX" in name else "file")
    file.write_bytes(content)
    file.chmod(0o600)
    await one_line(file, command(file))
    assert file.read_bytes() == content


async def test_a_corrupt_spool_file_is_told_record_by_record_and_never_raised(tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text("")
    file = tmp_path / "c0ffee01.journal"
    file.write_bytes(bytes(range(256)) * 64)
    told = await ended(*GATEWAY, str(config), "inspect", str(file))
    assert told.status == 0 and "Traceback" not in told.complaint
    assert "! magic up to 4096: page 0: this is no journal page" in told.output
