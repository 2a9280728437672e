"""The files of both/ run under pytest on CPython; here each runs once more on MicroPython."""

from pathlib import Path

import pytest
from protocol.micropython_process import run_test_file

FILES = sorted((Path(__file__).parent / "both").glob("test_*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_file_passes_on_micropython(path: Path) -> None:
    run_test_file(path)


def test_a_failing_function_is_named(tmp_path: Path) -> None:
    path = tmp_path / "test_broken.py"
    path.write_text("def test_good():\n    pass\n\n\ndef test_bad():\n    assert 1 == 2\n")
    with pytest.raises(AssertionError, match=r"FAIL test_bad(.|\n)*ok test_good"):
        run_test_file(path)
