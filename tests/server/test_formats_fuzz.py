"""A short run of `make fuzz`."""

from pathlib import Path

import pytest
from paceline_tools.fuzz.running import run
from paceline_tools.fuzz.targets import TARGETS

INPUTS = {"tile": 4, "google": 25, "fit": 25, "mixed": 100}
ALL_READ = {"journal"}  # a damaged one is read as far as it goes, and says so
SELDOM_READ = {"tile", "documents", "points"}


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_inputs_give_a_reading_or_one_error(name: str, tmp_path: Path) -> None:
    tally = run(name, range(INPUTS.get(name, 40)), 7, tmp_path)
    assert tally.wrong == ()
    assert tally.read or name in SELDOM_READ
    assert tally.refused or name in ALL_READ
