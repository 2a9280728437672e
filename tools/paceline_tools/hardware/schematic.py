"""The schematic as a KiCad file: a block for each part, each pin with a wire and its net's label.

Written in the format of KiCad 6, which every later one opens: https://dev-docs.kicad.org/en/file-formats/sexpr-schematic/
Lengths are millimetres on KiCad's grid of 1.27. In a symbol y points up, on the sheet down.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from paceline_tools.hardware.description import Board, Part
from paceline_tools.hardware.s_expression import Word, text_of
from paceline_tools.hardware.symbols import (
    FONT,
    GRID,
    HIDDEN,
    LIBRARY,
    PITCH,
    STROKE,
    pin_places,
    rows,
    snapped,
    symbol,
)  # fmt: skip

w = Word
_WIRE = 5.08
_COLUMNS, _COLUMN, _TOP, _GAP = 4, 96.52, 25.4, 15.24


def schematic(board: Board) -> str:
    """Return the sheet; the same board gives the same text."""
    root = _id("sheet")
    parts = [part for part in board.parts if part.pins]
    whole = [
        w("kicad_sch"), [w("version"), 20211123], [w("generator"), w(LIBRARY)], [w("uuid"), root], [w("paper"), "A3"],
        [w("title_block"), [w("title"), f"Paceline wearable, board {board.name}"],
         [w("comment"), 1, "Made from hardware/board.toml. Not built, not measured."]],
        [w("lib_symbols"), *(symbol(part, f"{LIBRARY}:") for part in parts)],
        *(item for part, x, y in _places(parts) for item in _placed(board, part, x, y)),
        [w("sheet_instances"), [w("path"), "/", [w("page"), "1"]]],
        [w("symbol_instances"), *(_instance(part) for part in parts)],
    ]  # fmt: skip
    return text_of(whole) + "\n"


def _places(parts: list[Part]) -> Iterator[tuple[Part, float, float]]:
    """Where each part's middle lies: column by column, so that none lies upon another."""
    depths = [_TOP] * _COLUMNS
    for part in parts:
        column = depths.index(min(depths))
        height = snapped((rows(part) + 1) * PITCH + 2 * PITCH)
        yield part, snapped(60.96 + column * _COLUMN), snapped(depths[column] + height / 2)
        depths[column] += height + _GAP


def _placed(board: Board, part: Part, x: float, y: float) -> Iterator[list[object]]:
    height = snapped((rows(part) + 1) * PITCH / 2 + PITCH)
    yield [
        w("symbol"), [w("lib_id"), f"{LIBRARY}:{part.ref}"], [w("at"), x, y, 0], [w("unit"), 1],
        [w("in_bom"), w("yes")], [w("on_board"), w("yes")],
        [w("uuid"), _id(part.ref)],
        [w("property"), "Reference", part.ref, [w("id"), 0], [w("at"), x, y - height - GRID, 0], FONT],
        [w("property"), "Value", part.value, [w("id"), 1], [w("at"), x, y + height + GRID, 0], FONT],
        [w("property"), "Footprint", "", [w("id"), 2], [w("at"), x, y, 0], HIDDEN],
        [w("property"), "Datasheet", "", [w("id"), 3], [w("at"), x, y, 0], HIDDEN],
        *([w("pin"), pin, [w("uuid"), _id(f"{part.ref}.{pin}")]] for pin in part.pins),
    ]  # fmt: skip
    for pin, pin_x, pin_y, angle in pin_places(part):
        yield from _joined(board, f"{part.ref}.{pin}", x + pin_x, y - pin_y, -_WIRE if angle == 0 else _WIRE)


def _joined(board: Board, pin: str, x: float, y: float, away: float) -> Iterator[list[object]]:
    net = board.net_of(pin)
    if net is None:
        yield [w("no_connect"), [w("at"), x, y], [w("uuid"), _id(f"open {pin}")]]
        return
    end = x + away
    yield [w("wire"), [w("pts"), [w("xy"), x, y], [w("xy"), end, y]], STROKE, [w("uuid"), _id(f"wire {pin}")]]
    effects = [*FONT, [w("justify"), w("right" if away < 0 else "left")]]
    yield [w("global_label"), net, [w("shape"), w("passive")], [w("at"), end, y, 180 if away < 0 else 0], effects,
           [w("uuid"), _id(f"label {pin}")]]  # fmt: skip


def _instance(part: Part) -> list[object]:
    return [
        w("path"), f"/{_id(part.ref)}", [w("reference"), part.ref], [w("unit"), 1], [w("value"), part.value],
        [w("footprint"), ""],
    ]  # fmt: skip


def _id(what: str) -> Word:
    return w(uuid5(NAMESPACE_URL, f"paceline hardware {what}"))
