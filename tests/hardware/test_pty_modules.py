"""What stands in for a board's chip at the pseudo-terminal has only names that the board's own modules have."""

from pathlib import Path

import pytest
from hardware.pty_board import MODULES
from tools.test_board_names import definitions, stub


@pytest.mark.parametrize("module", ["machine", "esp32"])
def test_every_name_exists_on_the_real_board(module: str) -> None:
    functions, constants = definitions(MODULES / f"{module}.py")
    real_functions, real_constants = definitions(Path(stub(module)))
    own = {name for name in (*functions, *constants) if not name.endswith("__init__")} - {"BLOCK"}
    assert own <= {*real_functions, *real_constants}
