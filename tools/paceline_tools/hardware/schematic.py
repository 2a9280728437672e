"""The schematic as a KiCad file (format of KiCad 8): a block for each part, each pin with a wire and its net's label.

Lengths are millimetres on KiCad's grid of 1.27. In a symbol y points up, on the sheet down.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from paceline_tools.hardware.description import Board, Part
from paceline_tools.hardware.s_expression import Word, text_of

w = Word
_GRID, _PITCH, _HALF, _PIN, _WIRE = 1.27, 2.54, 15.24, 2.54, 5.08
_COLUMNS, _COLUMN, _TOP, _GAP = 4, 96.52, 25.4, 15.24
_LIBRARY = "paceline"
_FONT = [w("effects"), [w("font"), [w("size"), _GRID, _GRID]]]
_HIDDEN = [w("effects"), [w("font"), [w("size"), _GRID, _GRID]], [w("hide"), w("yes")]]
_STROKE = [w("stroke"), [w("width"), 0], [w("type"), w("default")]]


def schematic(board: Board) -> str:
    """Return the sheet; the same board gives the same text."""
    root = _id("sheet")
    parts = [part for part in board.parts if part.pins]
    whole = [
        w("kicad_sch"), [w("version"), 20231120], [w("generator"), _LIBRARY], [w("generator_version"), "8.0"],
        [w("uuid"), root], [w("paper"), "A2"],
        [w("title_block"), [w("title"), f"Paceline wearable, board {board.name}"],
         [w("comment"), 1, "Made from hardware/board.toml. Not built, not measured."]],
        [w("lib_symbols"), *(_symbol(part) for part in parts)],
        *(item for part, x, y in _places(parts) for item in _placed(board, part, x, y, root)),
        [w("sheet_instances"), [w("path"), "/", [w("page"), "1"]]],
    ]  # fmt: skip
    return text_of(whole) + "\n"


def sides(part: Part) -> tuple[list[str], list[str]]:
    """Return the pins at the left, which are supplies, and those at the right; never an empty right side."""
    left = [pin for pin, kind in part.pins.items() if kind.startswith("power")]
    right = [pin for pin in part.pins if pin not in left]
    return (left[:1], left[1:]) if not right else (left, right)


def _pin_places(part: Part) -> Iterator[tuple[str, float, float, int]]:
    """Each pin: its name, where its outer end is in the symbol (y up), and the direction in which it points."""
    top = _snapped((_rows(part) - 1) * _PITCH / 2)
    for pins, x, angle in zip(sides(part), (-_HALF - _PIN, _HALF + _PIN), (0, 180), strict=True):
        for row, pin in enumerate(pins):
            yield pin, x, top - row * _PITCH, angle


def _rows(part: Part) -> int:
    return max(map(len, sides(part)))


def _symbol(part: Part) -> list[object]:
    height = _snapped((_rows(part) + 1) * _PITCH / 2 + _GRID)
    pins = [
        [w("pin"), w(part.pins[pin]), w("line"), [w("at"), x, y, angle], [w("length"), _PIN],
         [w("name"), pin, _FONT], [w("number"), pin, _FONT]]
        for pin, x, y, angle in _pin_places(part)
    ]  # fmt: skip
    box = [w("rectangle"), [w("start"), -_HALF, height], [w("end"), _HALF, -height], _STROKE,
           [w("fill"), [w("type"), w("background")]]]  # fmt: skip
    letters = part.ref.rstrip("0123456789")
    return [
        w("symbol"), f"{_LIBRARY}:{part.ref}", [w("pin_numbers"), w("hide")], [w("pin_names"), [w("offset"), 1.016]],
        [w("exclude_from_sim"), w("no")], [w("in_bom"), w("yes")], [w("on_board"), w("yes")],
        [w("property"), "Reference", letters, [w("at"), 0, height + _PITCH, 0], _FONT],
        [w("property"), "Value", part.value, [w("at"), 0, -height - _PITCH, 0], _FONT],
        [w("property"), "Footprint", "", [w("at"), 0, 0, 0], _HIDDEN],
        [w("property"), "Datasheet", "", [w("at"), 0, 0, 0], _HIDDEN],
        [w("symbol"), f"{part.ref}_0_1", box],
        [w("symbol"), f"{part.ref}_1_1", *pins],
    ]  # fmt: skip


def _places(parts: list[Part]) -> Iterator[tuple[Part, float, float]]:
    """Where each part's middle lies: column by column, so that none lies upon another."""
    depths = [_TOP] * _COLUMNS
    for part in parts:
        column = depths.index(min(depths))
        height = _snapped((_rows(part) + 1) * _PITCH + 2 * _PITCH)
        yield part, _snapped(60.96 + column * _COLUMN), _snapped(depths[column] + height / 2)
        depths[column] += height + _GAP


def _placed(board: Board, part: Part, x: float, y: float, root: str) -> Iterator[list[object]]:
    height = _snapped((_rows(part) + 1) * _PITCH / 2 + _PITCH)
    yield [
        w("symbol"), [w("lib_id"), f"{_LIBRARY}:{part.ref}"], [w("at"), x, y, 0], [w("unit"), 1],
        [w("exclude_from_sim"), w("no")], [w("in_bom"), w("yes")], [w("on_board"), w("yes")], [w("dnp"), w("no")],
        [w("uuid"), _id(part.ref)],
        [w("property"), "Reference", part.ref, [w("at"), x, y - height - _GRID, 0], _FONT],
        [w("property"), "Value", part.value, [w("at"), x, y + height + _GRID, 0], _FONT],
        [w("property"), "Footprint", "", [w("at"), x, y, 0], _HIDDEN],
        [w("property"), "Datasheet", "", [w("at"), x, y, 0], _HIDDEN],
        *([w("pin"), pin, [w("uuid"), _id(f"{part.ref}.{pin}")]] for pin in part.pins),
        [w("instances"), [w("project"), _LIBRARY,
         [w("path"), f"/{root}", [w("reference"), part.ref], [w("unit"), 1]]]],
    ]  # fmt: skip
    for pin, pin_x, pin_y, angle in _pin_places(part):
        yield from _joined(board, f"{part.ref}.{pin}", x + pin_x, y - pin_y, -_WIRE if angle == 0 else _WIRE)


def _joined(board: Board, pin: str, x: float, y: float, away: float) -> Iterator[list[object]]:
    net = board.net_of(pin)
    if net is None:
        yield [w("no_connect"), [w("at"), x, y], [w("uuid"), _id(f"open {pin}")]]
        return
    end = x + away
    yield [w("wire"), [w("pts"), [w("xy"), x, y], [w("xy"), end, y]], _STROKE, [w("uuid"), _id(f"wire {pin}")]]
    effects = [*_FONT, [w("justify"), w("right" if away < 0 else "left")]]
    yield [w("global_label"), net, [w("shape"), w("passive")], [w("at"), end, y, 180 if away < 0 else 0], effects,
           [w("uuid"), _id(f"label {pin}")]]  # fmt: skip


def _snapped(length: float) -> float:
    return round(length / _GRID) * _GRID


def _id(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"paceline hardware {what}"))
