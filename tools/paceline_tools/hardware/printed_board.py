"""The first printed board as a KiCad file (format of KiCad 6): outline, lands with their nets, no track.

https://dev-docs.kicad.org/en/file-formats/sexpr-pcb/ Lengths are millimetres; y points down. A part on the back is
mirrored by KiCad's own rule: its lands keep their places on the sheet and lie on the layers B.*.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from paceline_tools.hardware.carrier import Carrier, Lands, read_carrier
from paceline_tools.hardware.description import Board
from paceline_tools.hardware.s_expression import Word, text_of

w = Word
MIDDLE = (148.5, 105.0)  # of an A4 sheet
_LAYERS = (
    (0, "F.Cu", "signal"), (31, "B.Cu", "signal"), (34, "B.Paste", "user"), (35, "F.Paste", "user"),
    (36, "B.SilkS", "user"), (37, "F.SilkS", "user"), (38, "B.Mask", "user"), (39, "F.Mask", "user"),
    (44, "Edge.Cuts", "user"), (46, "B.CrtYd", "user"), (47, "F.CrtYd", "user"), (48, "B.Fab", "user"),
    (49, "F.Fab", "user"),
)  # fmt: skip
_COURTYARD = 0.25


def printed_board(board: Board, carrier: Carrier | None = None) -> str:
    """Return the board; the same descriptions give the same text."""
    carrier = carrier or read_carrier()
    codes = {net: code for code, net in enumerate(board.nets, 1)}
    whole = [
        w("kicad_pcb"), [w("version"), 20211014], [w("generator"), w("paceline")],
        [w("general"), [w("thickness"), carrier.thickness]], [w("paper"), "A4"],
        [w("title_block"), [w("title"), f"Paceline carrier, board {board.name}: outline and placement"],
         [w("comment"), 1, "Made from hardware/carrier.toml. No tracks yet. Not built, not measured."]],
        [w("layers"), *([number, name, w(kind)] for number, name, kind in _LAYERS)],
        [w("setup"), [w("pad_to_mask_clearance"), 0]],
        [w("net"), 0, ""], *([w("net"), code, net] for net, code in codes.items()),
        *(_footprint(board, name, lands, codes) for name, lands in carrier.lands.items()),
        *_outline(carrier),
    ]  # fmt: skip
    return text_of(whole) + "\n"


def _footprint(board: Board, name: str, lands: Lands, codes: dict[str, int]) -> list[object]:
    face = "F" if lands.side == "front" else "B"
    x, y = _on_sheet(*lands.at)
    left, low, right, high = lands.box()
    margin = _COURTYARD
    frame = (left - lands.at[0] - margin, lands.at[1] - high - margin, right - lands.at[0] + margin,
             lands.at[1] - low + margin)  # fmt: skip
    mirrored = [] if face == "F" else [[w("justify"), w("mirror")]]
    font = [w("effects"), [w("font"), [w("size"), 0.8, 0.8], [w("thickness"), 0.12]], *mirrored]
    # Kept within the board, so that no name is cut off by the edge.
    name_y = frame[3] + 0.7 if lands.at[1] > 0 else frame[1] - 0.7
    return [
        w("footprint"), f"paceline:{name}", [w("layer"), f"{face}.Cu"], [w("tstamp"), _id(name)], [w("at"), x, y],
        [w("attr"), w("smd")],
        [w("fp_text"), w("reference"), name.replace("_", " "), [w("at"), 0, name_y], [w("layer"), f"{face}.SilkS"],
         font, [w("tstamp"), _id(f"{name} reference")]],
        [w("fp_text"), w("value"), board.part(lands.part).value, [w("at"), 0, 0], [w("layer"), f"{face}.Fab"], font,
         [w("tstamp"), _id(f"{name} value")]],
        *(_frame(f"{face}.CrtYd", frame, name) if name == lands.part else ()),
        *_pads(board, name, lands, face, codes),
    ]  # fmt: skip


def _pads(board: Board, name: str, lands: Lands, face: str, codes: dict[str, int]) -> Iterator[list[object]]:
    for pin, x, y in lands.places():
        net = board.net_of(f"{lands.part}.{pin}")
        joined = [] if net is None else [[w("net"), codes[net], net]]
        yield [
            w("pad"), pin, w("smd"), w("rect"), [w("at"), x, -y], [w("size"), *lands.size],
            [w("layers"), f"{face}.Cu", f"{face}.Paste", f"{face}.Mask"], *joined, [w("tstamp"), _id(f"{name}.{pin}")],
        ]  # fmt: skip


def _frame(layer: str, box: tuple[float, float, float, float], name: str) -> Iterator[list[object]]:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    for number, (one, other) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True)):
        yield [w("fp_line"), [w("start"), *one], [w("end"), *other], [w("layer"), layer], [w("width"), 0.05],
               [w("tstamp"), _id(f"{name} frame {number}")]]  # fmt: skip


def _outline(carrier: Carrier) -> Iterator[list[object]]:
    """Four sides and four quarter circles."""
    half_x, half_y, r = carrier.size[0] / 2, carrier.size[1] / 2, carrier.radius
    inner_x, inner_y, mid = half_x - r, half_y - r, r * (1 - 0.5**0.5)
    lines = [((-inner_x, half_y), (inner_x, half_y)), ((half_x, inner_y), (half_x, -inner_y)),
             ((inner_x, -half_y), (-inner_x, -half_y)), ((-half_x, -inner_y), (-half_x, inner_y))]  # fmt: skip
    for number, (start, end) in enumerate(lines):
        yield [w("gr_line"), [w("start"), *_on_sheet(*start)], [w("end"), *_on_sheet(*end)], [w("layer"), "Edge.Cuts"],
               [w("width"), 0.1], [w("tstamp"), _id(f"side {number}")]]  # fmt: skip
    for number, (x, y) in enumerate(((1, 1), (1, -1), (-1, -1), (-1, 1))):
        ends = [(x * inner_x, y * half_y), (x * half_x, y * inner_y)]
        start, end = ends if x == y else ends[::-1]
        middle = (x * (half_x - mid), y * (half_y - mid))
        yield [w("gr_arc"), [w("start"), *_on_sheet(*start)], [w("mid"), *_on_sheet(*middle)],
               [w("end"), *_on_sheet(*end)], [w("layer"), "Edge.Cuts"], [w("width"), 0.1],
               [w("tstamp"), _id(f"corner {number}")]]  # fmt: skip


def _on_sheet(x: float, y: float) -> tuple[float, float]:
    return MIDDLE[0] + x, MIDDLE[1] - y


def _id(what: str) -> Word:
    return w(uuid5(NAMESPACE_URL, f"paceline carrier {what}"))
