"""`python -m paceline_tools.hardware`: checks the circuit and writes what is made from hardware/board.toml."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from paceline_tools.hardware.description import Board, DescriptionError, read_board
from paceline_tools.hardware.netlist import netlist
from paceline_tools.hardware.parts_list import parts_csv, total_eur
from paceline_tools.hardware.printed_board import printed_board
from paceline_tools.hardware.rules import violations
from paceline_tools.hardware.schematic import schematic
from paceline_tools.hardware.symbols import library_table, symbol_library
from paceline_tools.hardware.tables import filled
from paceline_tools.hardware.wiring_picture import wiring_svg
from paceline_tools.stage import SOURCE

FILES: Mapping[str, Callable[[Board], str]] = {
    "hardware/parts.csv": parts_csv,
    "hardware/wiring.svg": wiring_svg,
    "hardware/paceline.net": netlist,
    "hardware/paceline.kicad_sch": schematic,
    "hardware/paceline.kicad_sym": symbol_library,
    "hardware/sym-lib-table": library_table,
    "hardware/paceline.kicad_pcb": printed_board,
}
DOCUMENTS = ("docs/BUILD.md", "docs/POWER.md", "firmware/boards/README.md")


def made(board: Board, root: Path = SOURCE) -> dict[str, str]:
    """Return every file made from the board as it should be, by its path from the root."""
    files = {path: make(board) for path, make in FILES.items()}
    return files | {path: filled((root / path).read_text(), board) for path in DOCUMENTS}


def main() -> int:
    """The command line: 1 when the description is none, or a rule of the circuit is broken."""
    try:
        board = read_board()
    except DescriptionError as error:
        print(error, file=sys.stderr)
        return 1
    if broken := violations(board):
        print("\n".join(broken), file=sys.stderr)
        return 1
    for path, text in made(board).items():
        (SOURCE / path).write_text(text)
    price = f"about {total_eur(board, optional=True):.0f} EUR"
    print(f"{len(board.parts)} parts, {len(board.nets)} nets, {price}; no rule broken")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
