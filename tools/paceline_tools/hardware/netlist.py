"""The netlist as KiCad exports one (format version E), from which a layout program knows parts and connections."""

from paceline_tools.hardware.description import Board
from paceline_tools.hardware.s_expression import Word, text_of

w = Word


def netlist(board: Board) -> str:
    """Return the netlist; pins are numbered by their names."""
    parts = [
        [w("comp"), [w("ref"), part.ref], [w("value"), part.value], [w("description"), part.name]]
        for part in board.parts
        if part.pins
    ]
    kinds = {f"{part.ref}.{pin}": kind for part in board.parts for pin, kind in part.pins.items()}
    nets = [
        [w("net"), [w("code"), str(code)], [w("name"), net], *(_node(pin, kinds[pin]) for pin in pins)]
        for code, (net, pins) in enumerate(board.nets.items(), 1)
    ]
    design = [w("design"), [w("source"), "hardware/board.toml"], [w("tool"), "paceline_tools.hardware"]]
    whole = [w("export"), [w("version"), "E"], design, [w("components"), *parts], [w("nets"), *nets]]
    return text_of(whole) + "\n"


def _node(pin: str, kind: str) -> list[object]:
    ref, _, name = pin.partition(".")
    return [w("node"), [w("ref"), ref], [w("pin"), name], [w("pintype"), kind]]
