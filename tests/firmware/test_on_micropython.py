"""The files of both/ run under pytest on CPython; here each runs once more on MicroPython."""

from pathlib import Path

import pytest
from protocol.micropython_process import run_test_file

HERE = Path(__file__).parent
FIRMWARE = HERE.parents[1] / "firmware"
FILES = sorted((HERE / "both").glob("test_*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_file_passes_on_micropython(path: Path) -> None:
    run_test_file(path, FIRMWARE)


@pytest.mark.parametrize("path", sorted((HERE / "on_device").glob("*.py")), ids=lambda path: path.stem)
def test_what_needs_micropython_itself(path: Path) -> None:
    run_test_file(path, FIRMWARE)
