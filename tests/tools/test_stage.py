"""What is staged is what is flashed: the same files, byte for byte, and no others."""

from pathlib import Path

import pytest
from paceline_tools.stage import SOURCE, StageError, main, stage


def expected() -> dict[str, bytes]:
    firmware = SOURCE / "firmware"
    protocol = SOURCE / "protocol" / "paceline_protocol"
    files = {name: firmware / name for name in ("boot.py", "main.py")}
    files["board.py"] = firmware / "boards" / "esp32s3" / "board.py"
    files.update(
        {f"wearable/{path.relative_to(firmware / 'wearable')}": path for path in firmware.glob("wearable/**/*.py")}
    )
    files.update({f"lib/paceline_protocol/{path.relative_to(protocol)}": path for path in protocol.glob("**/*.py")})
    return {name: path.read_bytes() for name, path in files.items()}


def test_the_staged_tree_is_the_source_byte_for_byte_and_nothing_else(tmp_path: Path) -> None:
    names = stage(tmp_path / "tree")
    staged = {
        path.relative_to(tmp_path / "tree").as_posix(): path.read_bytes()
        for path in (tmp_path / "tree").rglob("*")
        if path.is_file()
    }
    assert staged == expected()
    assert sorted(staged) == names


def test_a_directory_that_is_not_empty_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(StageError, match="is not empty"):
        stage(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_unknown_board_is_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match=r"board\.py"):
        stage(tmp_path / "tree", board="none-such")
    assert not (tmp_path / "tree").exists()


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "tree")]) == 0
    assert f"{len(expected())} files" in capsys.readouterr().out
