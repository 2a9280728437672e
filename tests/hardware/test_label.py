"""The claim code as people get it: the same modules as the wearable draws, and never the key."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import segno
from paceline_server.devices.codes import claim_link, device_of
from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.identity import Provisioned
from paceline_tools.flashing.label import claim_text, terminal_lines
from paceline_tools.flashing.steps import tell_code

ROOT = Path(__file__).parents[2]
ID = bytes.fromhex("a1b2c3d4e5f60718")


def test_two_encoders_that_know_nothing_of_each_other_draw_the_same() -> None:
    qr = _of_the_firmware()
    text = claim_text(ID, None).ljust(qr.CAPACITY, "x")  # filled: segno pads with a zero byte more than ISO 18004 says
    theirs = segno.make(text, version=2, error="m", mode="byte", mask=0, boost_error=False).matrix
    drawn = qr.encode(text.encode())
    ours = [[int(not qr.light(drawn, x, y)) for x in range(qr.SIZE)] for y in range(qr.SIZE)]
    assert [list(row) for row in theirs] == ours


def test_what_a_label_says_is_what_the_server_takes() -> None:
    link = claim_text(ID, "https://paceline.example/")
    assert link == claim_link("https://paceline.example", ID.hex()) and device_of(link) == ID.hex()
    assert device_of(claim_text(ID, None)) == ID.hex()
    for wrong in ("paceline.example", "https://a.example/?x=1", "https://a b"):
        with pytest.raises(FlashingError):
            claim_text(ID, wrong)


def test_the_code_is_shown_and_written_as_a_label(tmp_path: Path) -> None:
    said: list[str] = []
    key_file = tmp_path / f"{ID.hex()}.key"
    tell_code(Provisioned(ID, key_file, fresh=True), "https://paceline.example", said.append)
    drawn = (tmp_path / f"{ID.hex()}.svg").read_text()
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg") and "a1b2 c3d4 e5f6 0718" in drawn
    code = segno.make("https://paceline.example/claim?code=a1b2c3d4e5f60718", error="m", micro=False)
    rows = [line.strip("\n") for line in terminal_lines("https://paceline.example/claim?code=a1b2c3d4e5f60718")]
    assert len(rows) == (code.symbol_size(border=2)[1] + 1) // 2 and [f"    {row}" for row in rows] == said[1:]


def _of_the_firmware() -> Any:
    spec = spec_from_file_location("qr", ROOT / "firmware" / "wearable" / "screen" / "qr.py")
    assert spec is not None and spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
