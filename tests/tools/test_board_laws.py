"""Each fake of the virtual board keeps the laws of its datasheet; the files of board_laws/ run on MicroPython."""

import os
import subprocess
from pathlib import Path

import pytest
from paceline_tools.virtual.process import BOARD
from protocol.micropython_process import RUNNER, micropython

FILES = sorted(path for path in (Path(__file__).parent / "board_laws").glob("*.py") if path.stem != "wearer")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fake_keeps_its_datasheet(path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [micropython(), RUNNER, path],
        env={**os.environ, "MICROPYPATH": f".frozen:{BOARD}:{Path(__file__).parents[1]}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok test_" in done.stdout, done.stdout + done.stderr
