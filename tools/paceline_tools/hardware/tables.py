"""The tables that documents show of the board, and how they are put between their marks.

A document holds `<!-- board.toml: NAME -->`, the table, `<!-- end -->`; only what lies between is written.
"""

import re

from paceline_tools.hardware.description import Board
from paceline_tools.hardware.parts_list import group_name, grouped, total_eur

_MARKED = re.compile(r"(<!-- board\.toml: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pins(board: Board) -> list[str]:
    """Return the firmware's pins: signal, what the module prints there, GPIO."""
    rows = [f"| {signal.says} | {signal.pin} | {signal.gpio} |" for signal in board.signals]
    return ["| signal | on the module | GPIO |", "|---|---|---|", *rows]


def parts(board: Board) -> list[str]:
    """Return the shopping list with its total."""
    lines = ["| | part | value | sources | instead | EUR |", "|---|---|---|---|---|---|"]
    for group in grouped(board):
        part = group[0]
        refs = ", ".join(each.ref for each in group)
        price = f"{len(group) * part.price_eur:.2f}"
        sources = "; ".join(part.sources)
        lines.append(f"| {refs} | {group_name(group)} | {part.value} | {sources} | {part.equivalent} | {price} |")
    without, everything = total_eur(board, optional=False), total_eur(board, optional=True)
    lines.append(f"| | **all** | | | without what is optional {without:.2f} | **{everything:.2f}** |")
    return lines


def wires(board: Board) -> list[str]:
    """Return which pins each net joins."""
    rows = [f"| {net} | {', '.join(pin.replace('.', ' ') for pin in joined)} |" for net, joined in board.nets.items()]
    return ["| wire | joins |", "|---|---|", *rows]


def addresses(board: Board) -> list[str]:
    """Return who answers at which address of the bus."""
    chips = sorted((part.i2c_address, part) for part in board.parts if part.i2c_address is not None)
    return ["| address | part |", "|---|---|", *(f"| 0x{address:02X} | {part.value} |" for address, part in chips)]


def currents(board: Board) -> list[str]:
    """Return what the budget adds up, and where each figure is from."""
    rows = [f"| {each.of} | {each.ma:g} | {each.source} |" for each in board.currents.values()]
    return ["| consumer | mA | source |", "|---|---|---|", *rows]


TABLES = {"pins": pins, "parts": parts, "wires": wires, "addresses": addresses, "currents": currents}


def filled(document: str, board: Board) -> str:
    """Return the document with every marked table renewed; KeyError for a table that does not exist."""
    return _MARKED.sub(lambda found: found[1] + "\n".join(TABLES[found[2]](board)) + "\n" + found[3], document)
