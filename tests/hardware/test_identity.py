"""A board gets its identity once; the key is in a file that only its owner reads, and nowhere else."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hardware.pty_board import BLOCKS, PtyBoard, pty_board
from paceline_gateway.cli import main as gateway
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.identity import Provisioned, provision
from paceline_tools.flashing.prompt import Prompt
from paceline_tools.flashing.steps import claim_lines, tell_identity

SILENT = lambda _text: None  # noqa: E731


def counted(first: int) -> Callable[[int], bytes]:
    """Randomness that can be known: each piece is of one byte, one more each time."""
    state = iter(range(first, 256))
    return lambda size: bytes([next(state)]) * size


@pytest.fixture
def board(tmp_path: Path) -> Iterator[PtyBoard]:
    with pty_board(tmp_path / "board") as made:
        yield made


def test_a_new_board_gets_an_identity_and_keeps_it(board: PtyBoard, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with Prompt(lambda: board.port) as prompt:
        made = provision(prompt, keys, counted(1), SILENT)
        again = provision(prompt, keys, counted(9), SILENT)
    assert made.fresh and not again.fresh and made.device_id == again.device_id == b"\1" * 8
    assert board.nvs() == {"device_id": "01" * 8, "device_key": "02" * 32}
    assert made.key_file.read_text() == "02" * 32 + "\n" and made.key_file.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o077 == 0 and list(keys.iterdir()) == [made.key_file]


def test_a_key_file_that_was_lost_is_written_again(board: PtyBoard, tmp_path: Path) -> None:
    with Prompt(lambda: board.port) as prompt:
        made = provision(prompt, tmp_path / "keys", counted(1), SILENT)
        made.key_file.unlink()
        provision(prompt, tmp_path / "keys", counted(9), SILENT)
    assert made.key_file.read_text() == "02" * 32 + "\n"


def test_a_key_file_of_another_key_is_not_overwritten(board: PtyBoard, tmp_path: Path) -> None:
    path = tmp_path / f"{'01' * 8}.key"
    path.write_text("ff" * 32)
    with Prompt(lambda: board.port) as prompt, pytest.raises(FlashingError, match="another key"):
        provision(prompt, tmp_path, counted(1), SILENT)
    assert board.nvs() == {} and path.read_text() == "ff" * 32


def test_a_new_identity_empties_the_journal_and_forgets_its_totals(board: PtyBoard, tmp_path: Path) -> None:
    journal = board.folder / "journal.flash"
    with Prompt(lambda: board.port) as prompt:
        provision(prompt, tmp_path, counted(1), SILENT)
        journal.write_bytes(b"\x50\x4a" * 2048 * BLOCKS)
        board.put("paceline.nvs", json.dumps({**board.nvs(), "confirmed": "aa", "boots": "01", "screen": "07"}))
        provision(prompt, tmp_path, counted(3), SILENT)
        assert journal.read_bytes()[:2] == b"PJ", "unasked nothing is emptied"
        renewed = provision(prompt, tmp_path, counted(5), SILENT, renew=True)
    assert renewed.fresh and renewed.device_id == b"\5" * 8
    assert board.nvs() == {"device_id": "05" * 8, "device_key": "06" * 32, "screen": "07"}
    assert set(journal.read_bytes()) == {0xFF}
    assert len(list(tmp_path.glob("*.key"))) == 2, "the old key still opens what the server has"


def test_a_board_without_a_journal_partition_is_refused_and_stays_as_it_is(board: PtyBoard, tmp_path: Path) -> None:
    (board.folder / "journal.flash").unlink()
    with Prompt(lambda: board.port) as prompt, pytest.raises(FlashingError, match="no journal"):
        provision(prompt, tmp_path, counted(1), SILENT)
    assert board.nvs() == {}


def test_the_key_is_never_said(board: PtyBoard, tmp_path: Path) -> None:
    said: list[str] = []
    with Prompt(lambda: board.port) as prompt:
        made = provision(prompt, tmp_path, counted(1), said.append)
    tell_identity(made, said.append)
    assert "02" * 4 not in "\n".join(said) and "01" * 8 in "\n".join(said)


def test_what_it_says_to_claim_it_with_is_what_gateway_and_server_take(tmp_path: Path) -> None:
    key_file = tmp_path / "a.key"
    key_file.write_text("02" * 32 + "\n")
    key_file.chmod(0o600)
    to_gateway, to_server = claim_lines(Provisioned(b"\1" * 8, key_file, fresh=True))
    words = to_gateway.partition(": ")[2].split()
    assert words[0] == "paceline-gateway"
    assert not gateway(["--config", str(tmp_path / "gateway.toml"), *words[1:]])
    assert "01" * 8 in (tmp_path / "gateway.toml").read_text()
    assert to_server.split()[1:3] == ["paceline-server", "claim"]
