"""The circuit of board.toml in SKiDL: its electrical rule check, and the netlist that it makes of it.

The file in hardware/ is ours (netlist.py): SKiDL writes the day and random tags into its own, so that the same board
would never give the same text. Here the two are compared.
"""

import builtins
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from paceline_tools.hardware.description import Board, Part

# KiCad's libraries are not looked for: all parts are described by the board.
for release in range(5, 11):
    os.environ.setdefault("KICAD_SYMBOL_DIR" if release == 5 else f"KICAD{release}_SYMBOL_DIR", "")

# SKiDL is installed by `make kicad` alone, and without types.
# pyright: reportMissingImports=false
import skidl  # noqa: E402

KINDS = {
    "bidirectional": "BIDIR",
    "input": "INPUT",
    "output": "OUTPUT",
    "open_collector": "OPENCOLL",
    "passive": "PASSIVE",
    "power_in": "PWRIN",
    "power_out": "PWROUT",
}


def checked_by_skidl(board: Board, folder: Path) -> str:
    """Return what SKiDL's rule check counted; SystemExit when its netlist joins other pins than the board."""
    here = Path.cwd()
    os.chdir(folder)  # it writes reports where it stands
    try:
        _build(board)
        skidl.ERC()
        errors, warnings = skidl.erc_logger.error.count, skidl.erc_logger.warning.count
        netlist = skidl.generate_netlist(tool=skidl.KICAD6)
    finally:
        os.chdir(here)
    if _joined(netlist) != {net: set(pins) for net, pins in board.nets.items()}:
        raise SystemExit("SKiDL's netlist joins other pins than board.toml")
    return f"SKiDL {skidl.__version__}: {errors} errors, {warnings} warnings; its netlist joins the same pins"


def _build(board: Board) -> None:
    parts = {part.ref: _part(part) for part in board.parts if part.pins}
    for name, pins in board.nets.items():
        net = skidl.Net(name)
        for pin in pins:
            ref, _, number = pin.partition(".")
            net += parts[ref][number]
    unconnected = builtins.NC  # pyright: ignore[reportAttributeAccessIssue] (SKiDL puts it there)
    for part in board.parts:
        for number in part.unconnected:
            unconnected += parts[part.ref][number]


def _part(part: Part) -> Any:
    pins = [skidl.Pin(num=pin, name=pin, func=getattr(skidl.Pin.types, KINDS[kind])) for pin, kind in part.pins.items()]
    letters = part.ref.rstrip("0123456789")
    return skidl.Part(
        name=part.value, tool=skidl.SKIDL, dest=skidl.NETLIST, ref=part.ref, ref_prefix=letters, tag=part.ref,
        footprint=f"paceline:{part.ref}", pins=pins,
    )  # fmt: skip


def _joined(netlist: str) -> dict[str, set[str]]:
    """Return which pins each net of a netlist joins."""
    from simp_sexp import Sexp  # noqa: PLC0415 (it comes with SKiDL)

    nets: dict[str, set[str]] = defaultdict(set)
    for net in Sexp(netlist).search("/export/nets/net"):
        said = {part[0]: part[1] for part in net[1:] if part[0] == "name"}
        for node in (part for part in net[1:] if part[0] == "node"):
            of = {part[0]: part[1] for part in node[1:]}
            nets[said["name"]].add(f"{of['ref']}.{of['pin']}")
    return dict(nets)
