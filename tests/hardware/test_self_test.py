"""The self-test names each part that is there and each that is missing, on a board that runs the real board.py."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hardware.pty_board import WHOLE, PtyBoard, pty_board
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.self_test import report, self_test
from paceline_tools.hardware.description import read_board

BOARD = read_board()
SOURCE = Path(__file__).parents[2] / "firmware" / "boards" / BOARD.name / "board.py"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PtyBoard]:
    with pty_board(tmp_path / "board") as made:
        made.put("board.py", SOURCE.read_text())
        yield made


def asked(board: PtyBoard, **bench: Any) -> tuple[bool, list[str]]:
    board.put("bench.json", json.dumps({**WHOLE, **bench}))
    said: list[str] = []
    with Prompt(lambda: board.port) as prompt:
        return report(self_test(prompt, BOARD), said.append), said


def test_a_whole_board_is_whole(board: PtyBoard) -> None:
    whole, said = asked(board)
    assert whole and all(line.startswith("found") for line in said)
    assert len(said) == 5 + 1 + 2 + 1  # chips, receiver, buttons, journal


@pytest.mark.parametrize("part", [part for part in BOARD.parts if part.i2c_address], ids=lambda part: part.ref)
def test_a_chip_that_is_missing_is_named(board: PtyBoard, part: Any) -> None:
    whole, said = asked(board, i2c=[address for address in WHOLE["i2c"] if address != part.i2c_address])
    missing = [line for line in said if not line.startswith("found")]
    assert len(missing) == 1 and part.value in missing[0] and part.ref in missing[0]
    assert whole == part.optional


@pytest.mark.parametrize(
    ("bench", "named"),
    [({"gps": 0}, "GPS receiver"), ({"low": [2]}, "LAP button"), ({"i2c": []}, "SDA and SCL swapped")],
)
def test_what_is_wrong_is_named_with_what_to_look_at(board: PtyBoard, bench: dict[str, Any], named: str) -> None:
    whole, said = asked(board, **bench)
    assert not whole and any(named in line and line.startswith("MISSING") for line in said)


def test_a_chip_that_is_none_of_ours_is_told_and_no_fault(board: PtyBoard) -> None:
    whole, said = asked(board, i2c=[*WHOLE["i2c"], 0x68])
    assert whole and any("0x68" in line for line in said)


def test_a_board_without_firmware_says_what_to_do(board: PtyBoard) -> None:
    (board.folder / "board.py").unlink()
    with pytest.raises(FlashingError, match="board") as refused:
        asked(board)
    assert "upload" in refused.value.then
