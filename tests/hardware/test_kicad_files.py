"""Netlist and schematic join exactly what board.toml joins, read back from the files by geometry alone."""

from collections import defaultdict
from typing import Any

import pytest
from hardware.kicad_reader import every, only, parsed, point
from paceline_tools.hardware.description import read_board
from paceline_tools.hardware.netlist import netlist
from paceline_tools.hardware.s_expression import Word, text_of
from paceline_tools.hardware.schematic import schematic

BOARD = read_board()
NETS = {net: set(pins) for net, pins in BOARD.nets.items()}
SHEET = parsed(schematic(BOARD))
GRID_UM = 1270


def pins_on_the_sheet(sheet: list[Any]) -> dict[str, tuple[float, float]]:
    """Where each pin's end lies, out of its symbol's place and its pin in the library (whose y points up)."""
    library = {symbol[1]: symbol for symbol in every(only(sheet, "lib_symbols"), "symbol")}
    found: dict[str, tuple[float, float]] = {}
    for placed in every(sheet, "symbol"):
        x, y = point(placed)
        ref = next(each[2] for each in every(placed, "property") if each[1] == "Reference")
        for unit in every(library[only(placed, "lib_id")[1]], "symbol"):
            for pin in every(unit, "pin"):
                pin_x, pin_y = point(pin)
                found[f"{ref}.{only(pin, 'number')[1]}"] = (round(x + pin_x, 3), round(y - pin_y, 3))
    return found


def nets_on_the_sheet(sheet: list[Any]) -> dict[str, set[str]]:
    labels = {point(label): label[1] for label in every(sheet, "global_label")}
    ends: dict[tuple[float, float], tuple[float, float]] = {}
    for wire in every(sheet, "wire"):
        one, other = (tuple(round(float(part), 3) for part in xy[1:]) for xy in every(only(wire, "pts"), "xy"))
        ends[one] = other  # pyright: ignore[reportArgumentType]
    nets: dict[str, set[str]] = defaultdict(set)
    for pin, place in pins_on_the_sheet(sheet).items():
        if place in ends:
            nets[labels[ends[place]]].add(pin)
    return nets


def test_the_schematic_joins_what_the_board_joins() -> None:
    assert nets_on_the_sheet(SHEET) == NETS


def test_every_open_pin_is_marked_as_meant() -> None:
    marks = {point(mark) for mark in every(SHEET, "no_connect")}
    places = pins_on_the_sheet(SHEET)
    assert {pin for pin, place in places.items() if place in marks} == {
        f"{part.ref}.{pin}" for part in BOARD.parts for pin in part.unconnected
    }
    assert set(places) == {f"{part.ref}.{pin}" for part in BOARD.parts for pin in part.pins}


def test_everything_lies_on_the_grid_and_nothing_upon_another_thing() -> None:
    places = list(pins_on_the_sheet(SHEET).values())
    labels = [point(label) for label in every(SHEET, "global_label")]
    assert len(set(places)) == len(places) and len(set(labels)) == len(labels)
    for x, y in [*places, *labels]:
        for length in (x, y):
            assert round(length * 1000) % GRID_UM == 0, (x, y)
        assert 0 < x < 420 and 0 < y < 297, "beyond the paper"
    boxes = []
    for placed in every(SHEET, "symbol"):
        x, y = point(placed)
        mine = pins_on_the_sheet([*SHEET[:1], only(SHEET, "lib_symbols"), placed]).values()
        reach = max(abs(pin_y - y) for _, pin_y in mine) + 5
        boxes.append((x - 35, y - reach, x + 35, y + reach))
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_each_identifier_is_used_once_and_stays_the_same() -> None:
    text = schematic(BOARD)
    assert text == schematic(read_board())
    named = [part.split(")")[0] for part in text.split("(uuid ")[1:]]
    assert len(set(named)) == len(named)


def test_the_netlist_says_the_same() -> None:
    read = parsed(netlist(BOARD))
    assert {
        only(net, "name")[1]: {f"{only(node, 'ref')[1]}.{only(node, 'pin')[1]}" for node in every(net, "node")}
        for net in every(only(read, "nets"), "net")
    } == NETS
    assert [only(part, "ref")[1] for part in every(only(read, "components"), "comp")] == [
        part.ref for part in BOARD.parts if part.pins
    ]


def test_texts_are_quoted_and_words_are_not() -> None:
    node = [Word("a"), 'say "b" \\ c', 1, 2.5, 1.27 * 3, [Word("d"), ""]]
    assert text_of(node) == '(a "say \\"b\\" \\\\ c" 1 2.5 3.81 (d ""))'
    assert parsed(text_of(node)) == ["a", 'say "b" \\ c', "1", "2.5", "3.81", ["d", ""]]
    with pytest.raises(TypeError):
        text_of([Word("a"), None])
    for broken in ("(a", "a)", "(a))"):
        with pytest.raises(ValueError, match="bracket"):
            parsed(broken)


def test_a_wire_that_is_missing_would_be_seen() -> None:
    cut = [part for part in SHEET if part is not every(SHEET, "wire")[3]]
    assert nets_on_the_sheet(cut) != NETS
