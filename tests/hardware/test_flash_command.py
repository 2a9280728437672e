"""The command `paceline-wearable` from outside: a whole bring-up, ports, refusals, and what it says to do."""

import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from hardware.chip_images import micropython_file
from hardware.mock_chip import mock_chip
from hardware.pty_board import pty_board
from paceline_tools.flashing.cli import main, parser
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.identity import provision
from paceline_tools.flashing.layout import partition
from paceline_tools.flashing.ports import find_port
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.steps import Wishes, bring_up, factory_romfs


def test_the_firmware_fits_its_partition() -> None:
    assert 100_000 < len(factory_romfs()) <= partition("romfs").size


def test_a_board_is_brought_up_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    wishes = Wishes(tmp_path / "keys", lambda size: b"\7" * size)
    with pty_board(tmp_path / "board") as board:
        with Prompt(lambda: board.port) as prompt:
            assert bring_up(prompt, wishes, said.append)
        assert board.nvs()["device_id"] == "07" * 8
        assert (board.folder / "wearable" / "start.mpy").exists()
        first = "\n".join(said)
        assert "no ROMFS" in first and "found    Heart rate sensor" in first and "(new)" in first
        said.clear()
        with Prompt(lambda: board.port) as prompt:
            assert bring_up(prompt, wishes, said.append)
        second = "\n".join(said)
        assert (
            "all of them are there already" in second and "(kept)" in second and second.endswith("The wearable runs.")
        )


def test_the_small_commands_do_their_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pty_board(tmp_path / "board") as board:
        given = ["--port", board.port]
        claim = ["provision", *given, "--keys", str(tmp_path / "keys"), "--gateway", str(tmp_path / "gateway.toml")]
        assert main(claim) == 0
        told = capsys.readouterr().out
        assert "(new), key in" in told and "knows it now" in told
        assert board.nvs()["device_id"] in (tmp_path / "gateway.toml").read_text()
        assert main(claim) == 0
        assert "knew it already" in capsys.readouterr().out
        boots = board.boots
        assert main(["reset", *given]) == 0
        with Prompt(lambda: board.port) as prompt:
            assert not provision(prompt, tmp_path / "keys", bytes, lambda _text: None).fresh
        assert board.boots > boots
        assert main(["test", *given]) == 1
        assert "upload the firmware" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("chip", "data", "more", "said"),
    [
        ("esp32s3", micropython_file(chip=0), [], "is for ESP32, not for ESP32-S3"),
        ("esp32s3", micropython_file(), ["--sha256", "ab" * 32], "not the one given"),
        ("esp32", micropython_file(), [], "This chip is ESP32"),
    ],
)
def test_flash_refuses_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], chip: str, data: bytes, more: list[str], said: str
) -> None:
    image = tmp_path / "micropython.bin"
    image.write_bytes(data)
    with mock_chip(tmp_path, chip) as port:
        assert main(["flash", "--port", port, "--micropython", str(image), *more]) == 1
    told = capsys.readouterr().err
    assert said in told and "→" in told


def test_flash_without_an_image_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash", "--port", "/dev/null", "--micropython", str(tmp_path / "none.bin")]) == 1
    assert "--micropython" in capsys.readouterr().err


@dataclass
class Port:
    device: str
    vid: int | None


def test_the_only_board_is_found() -> None:
    ports = [Port(f"/dev/tty{n}", vid) for n, vid in enumerate([None, 0x1A86, 0x303A])]
    assert find_port(ports) == "/dev/tty2"
    with pytest.raises(FlashingError, match="several boards") as refused:
        find_port([*ports, Port("/dev/tty9", 0x303A)])
    assert "--port" in refused.value.then
    with pytest.raises(FlashingError, match="no board"):
        find_port(ports[:2])


def test_every_command_of_the_guide_is_one() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "BUILD.md").read_text()
    told = re.findall(r"(?:^ {4}|`)paceline-wearable ([^`\n]+)", guide, re.MULTILINE)
    known = {"flash", "upload", "provision", "test", "logs", "reset", "inspect"}
    assert {line.split()[0] for line in told} == known
    for line in told:
        parser().parse_args(line.split())


def test_logs_show_what_the_board_prints_until_interrupted(tmp_path: Path) -> None:
    with pty_board(tmp_path / "board") as board:
        board.put("main.py", "import time\nwhile True:\n    print('beat', 7)\n    time.sleep(0.1)\n")
        with Prompt(lambda: board.port) as prompt:
            prompt.let_run()
        command = [sys.executable, "-m", "paceline_tools.flashing", "logs", "--port", board.port]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as logs:
            assert logs.stdout is not None
            try:
                assert any("beat 7" in line for line in islice(logs.stdout, 40))
            finally:
                logs.send_signal(signal.SIGINT)
            assert logs.wait(20) == 0
