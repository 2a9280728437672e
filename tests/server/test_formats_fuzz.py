"""A short run of `make fuzz`."""

from pathlib import Path

from paceline_tools.fuzz.files import run


def test_mutated_files_give_a_recording_or_one_error(tmp_path: Path) -> None:
    read, refused, wrong = run(600, 7, tmp_path)
    assert wrong == []
    assert min(read, refused) > 60
