"""What is made from hardware/board.toml is current, and says what the board is."""

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from paceline_tools.hardware.__main__ import made
from paceline_tools.hardware.description import read_board
from paceline_tools.hardware.parts_list import parts_csv, total_eur
from paceline_tools.hardware.tables import filled
from paceline_tools.hardware.wiring_picture import wiring_svg

ROOT = Path(__file__).parents[2]
BOARD = read_board()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("path", made(BOARD))
def test_the_file_is_current(path: str) -> None:
    assert (ROOT / path).read_text() == made(BOARD)[path], f"{path} is not what board.toml says: make hardware"


def test_the_parts_list_adds_up() -> None:
    rows = list(csv.DictReader(parts_csv(BOARD).splitlines()))
    *parts, total = rows
    assert sum(float(row["sum_eur"]) for row in parts) == pytest.approx(float(total["sum_eur"]))
    assert float(total["sum_eur"]) == pytest.approx(total_eur(BOARD, optional=True))
    assert {ref for row in parts for ref in row["reference"].split()} == {part.ref for part in BOARD.parts}
    assert all(row["source 1"] and row["source 2"] and row["equivalent"] for row in parts)


def test_the_picture_joins_what_the_nets_join() -> None:
    picture = ET.fromstring(wiring_svg(BOARD))
    dots = picture.findall(f"{SVG}circle")
    assert len(dots) == sum(len(pins) for pins in BOARD.nets.values())
    by_rail: dict[str, int] = {}
    for dot in dots:
        by_rail[dot.attrib["cx"]] = by_rail.get(dot.attrib["cx"], 0) + 1
    assert sorted(by_rail.values()) == sorted(len(pins) for pins in BOARD.nets.values())
    words = {text.text for text in picture.iter(f"{SVG}text")}
    assert set(BOARD.nets) <= words


def test_no_wire_lies_upon_another() -> None:
    wires = [line.attrib for line in ET.fromstring(wiring_svg(BOARD)).findall(f"{SVG}line")]
    level = [wire for wire in wires if wire["y1"] == wire["y2"]]
    assert len({wire["y1"] for wire in level}) == len(level) == sum(len(pins) for pins in BOARD.nets.values())


def test_nothing_in_the_picture_leaves_it_or_lies_upon_another_thing() -> None:
    picture = ET.fromstring(wiring_svg(BOARD))
    width, height = int(picture.attrib["width"]), int(picture.attrib["height"])
    boxes = [
        tuple(int(box.attrib[name]) for name in ("x", "y", "width", "height"))
        for box in picture.findall(f"{SVG}rect")
        if "x" in box.attrib
    ]
    assert len(boxes) == sum(1 for part in BOARD.parts if part.pins)
    for number, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0 and y >= 0 and x + wide <= width and y + high <= height
        for other_x, other_y, other_wide, other_high in boxes[:number]:
            apart = x + wide <= other_x or other_x + other_wide <= x
            assert apart or y + high <= other_y or other_y + other_high <= y


def test_only_marked_tables_are_written() -> None:
    text = "a\n<!-- board.toml: addresses -->\nold\n<!-- end -->\nb\n"
    new = filled(text, BOARD)
    assert new.startswith("a\n<!-- board.toml: addresses -->\n| address | part |") and new.endswith("<!-- end -->\nb\n")
    assert "old" not in new and "| 0x57 |" in new
    assert filled(new, BOARD) == new
    with pytest.raises(KeyError):
        filled(text.replace("addresses", "prices"), BOARD)
