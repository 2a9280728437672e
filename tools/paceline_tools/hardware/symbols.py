"""The parts as blocks of a KiCad library: supplies at the left, all other pins at the right.

Lengths are millimetres on KiCad's grid of 1.27. In a symbol y points up.
"""

from collections.abc import Iterator

from paceline_tools.hardware.description import Board, Part
from paceline_tools.hardware.s_expression import Word, text_of

w = Word
GRID, PITCH = 1.27, 2.54
LIBRARY = "paceline"
FONT = [w("effects"), [w("font"), [w("size"), GRID, GRID]]]
HIDDEN = [w("effects"), [w("font"), [w("size"), GRID, GRID]], w("hide")]
STROKE = [w("stroke"), [w("width"), 0], [w("type"), w("default")]]
_HALF, _PIN = 15.24, 2.54


def symbol_library(board: Board) -> str:
    """Return the file of all blocks (format of KiCad 6)."""
    parts = [symbol(part) for part in board.parts if part.pins]
    whole = [w("kicad_symbol_lib"), [w("version"), 20211014], [w("generator"), w(LIBRARY)], *parts]
    return text_of(whole) + "\n"


def library_table(_board: Board) -> str:
    """Return the file by which KiCad finds the library beside the sheet."""
    place = "${KIPRJMOD}/paceline.kicad_sym"
    row = [
        w("lib"),
        [w("name"), LIBRARY],
        [w("type"), "KiCad"],
        [w("uri"), place],
        [w("options"), ""],
        [w("descr"), ""],
    ]
    return text_of([w("sym_lib_table"), row]) + "\n"


def snapped(length: float) -> float:
    """Return the nearest length on the grid."""
    return round(length / GRID) * GRID


def sides(part: Part) -> tuple[list[str], list[str]]:
    """Return the pins at the left, which are supplies, and those at the right; never an empty right side."""
    left = [pin for pin, kind in part.pins.items() if kind.startswith("power")]
    right = [pin for pin in part.pins if pin not in left]
    return (left[:1], left[1:]) if not right else (left, right)


def pin_places(part: Part) -> Iterator[tuple[str, float, float, int]]:
    """Each pin: its name, where its outer end is in the symbol (y up), and the direction in which it points."""
    top = snapped((rows(part) - 1) * PITCH / 2)
    for pins, x, angle in zip(sides(part), (-_HALF - _PIN, _HALF + _PIN), (0, 180), strict=True):
        for row, pin in enumerate(pins):
            yield pin, x, top - row * PITCH, angle


def rows(part: Part) -> int:
    """Return how many pins the longer side has."""
    return max(map(len, sides(part)))


def symbol(part: Part, library: str = "") -> list[object]:
    """Return a part's block; `library` stands before its name where a sheet holds a copy."""
    height = snapped((rows(part) + 1) * PITCH / 2 + GRID)
    pins = [
        [w("pin"), w(part.pins[pin]), w("line"), [w("at"), x, y, angle], [w("length"), _PIN],
         [w("name"), pin, FONT], [w("number"), pin, FONT]]
        for pin, x, y, angle in pin_places(part)
    ]  # fmt: skip
    box = [w("rectangle"), [w("start"), -_HALF, height], [w("end"), _HALF, -height], STROKE,
           [w("fill"), [w("type"), w("background")]]]  # fmt: skip
    letters = part.ref.rstrip("0123456789")
    return [
        w("symbol"), library + part.ref, [w("pin_numbers"), w("hide")], [w("pin_names"), [w("offset"), 1.016]],
        [w("in_bom"), w("yes")], [w("on_board"), w("yes")],
        [w("property"), "Reference", letters, [w("id"), 0], [w("at"), 0, height + PITCH, 0], FONT],
        [w("property"), "Value", part.value, [w("id"), 1], [w("at"), 0, -height - PITCH, 0], FONT],
        [w("property"), "Footprint", "", [w("id"), 2], [w("at"), 0, 0, 0], HIDDEN],
        [w("property"), "Datasheet", "", [w("id"), 3], [w("at"), 0, 0, 0], HIDDEN],
        [w("symbol"), f"{part.ref}_0_1", box],
        [w("symbol"), f"{part.ref}_1_1", *pins],
    ]  # fmt: skip
