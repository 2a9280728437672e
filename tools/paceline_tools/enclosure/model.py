"""The case as solids, by build123d (not in the environment: locks/enclosure.txt names it); a tray with lugs, a lid.

The tray's walls end below the lid, whose ring reaches inside them. The floor's inner side is z = 0.
"""

import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import build123d as cad  # pyright: ignore[reportMissingImports]

from paceline_tools.enclosure.layout import Body, Case, Opening

_MARGIN = 1.0  # a cutter reaches so far beyond what it cuts


@dataclass(frozen=True)
class Solids:
    """What is printed."""

    tray: Any
    lid: Any


def solids(case: Case) -> Solids:
    """Build tray and lid with all their openings."""
    x, y, z = case.inside
    outer_x, outer_y, _ = case.outside
    outer_radius = case.inner_radius + case.wall
    tray = _rounded(outer_x, outer_y, case.floor + z, outer_radius, -case.floor)
    for side_y, side_x in product((-1, 1), repeat=2):
        tray += _lug(case, side_x, side_y)
    tray -= _rounded(x, y, z + _MARGIN, case.inner_radius, 0)
    lid = _rounded(outer_x, outer_y, case.lid, outer_radius, z)
    gap, ring = case.lip_gap, case.lip_wall
    lip = _rounded(x - 2 * gap, y - 2 * gap, case.lip_depth, case.inner_radius, z - case.lip_depth)
    hollow = 2 * (gap + ring)
    lip -= _rounded(x - hollow, y - hollow, case.lip_depth, case.inner_radius / 2, z - case.lip_depth)
    lid += lip
    for hole in case.openings.values():
        if hole.wall == "lid":
            lid -= _cutter(case, hole)
        else:
            tray -= _cutter(case, hole)
    return Solids(tray, lid)


def box(body: Body) -> Any:
    """A part's room as a solid."""
    x, y, z = body.at
    return cad.Pos(x, y, z + body.size[2] / 2) * cad.Box(*body.size)


def faults(case: Case, built: Solids) -> list[str]:
    """What the solids show that the layout's rules cannot: open or broken solids, parts that touch what is printed."""
    found: list[str] = []
    for name, solid in (("tray", built.tray), ("lid", built.lid)):
        if len(solid.solids()) != 1 or not solid.is_valid or solid.volume <= 0:
            found.append(f"the {name} is not one closed solid")
    for ref, body in case.bodies.items():
        room = box(body)
        found += [
            f"{ref} lies in the {name}"
            for name, solid in (("tray", built.tray), ("lid", built.lid))
            if _volume(room & solid) > 1e-3
        ]
    if _volume(built.tray & built.lid) > 1e-3:
        found.append("lid and tray lie in each other")
    return found


def write(built: Solids, folder: Path) -> list[Path]:
    """Write STL and STEP of both, as they lie on a printer; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for name, solid in (("tray", built.tray), ("lid", cad.Rot(180, 0, 0) * built.lid)):
        for ending, export in (("stl", cad.export_stl), ("step", cad.export_step)):
            path = folder / f"{name}.{ending}"
            export(solid, str(path))
            files.append(path)
    return files


def picture(case: Case, built: Solids) -> str:
    """Return a drawing as SVG: tray, parts and lid lifted off each other, without the lines that lie behind."""
    height = case.outside[2]
    parts = [cad.Pos(0, 0, 1.3 * height) * box(body) for body in case.bodies.values()]
    whole = cad.Compound(children=[built.tray, *parts, cad.Pos(0, 0, 2.6 * height) * built.lid])
    visible, _hidden = whole.project_to_viewport((-160, -220, 190), (0, 0, 1), whole.center())
    drawing = cad.ExportSVG(scale=3, margin=6, line_weight=0.3)
    drawing.add_shape(visible)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.svg"
        drawing.write(str(path))
        return path.read_text().rstrip() + "\n"


def _rounded(x: float, y: float, height: float, radius: float, z: float) -> Any:
    return cad.Pos(0, 0, z) * cad.extrude(cad.RectangleRounded(x, y, radius), height)


def _lug(case: Case, side_x: int, side_y: int) -> Any:
    strap = case.strap
    width, reach, height = strap["lug_width"], strap["lug_reach"], strap["lug_height"]
    middle_x = side_x * (strap["width"] + width) / 2
    wall_y = case.outside[1] / 2
    deep = reach + case.wall  # it begins inside the wall, so that it is one solid with it
    middle_y = side_y * (wall_y - case.wall + deep / 2)
    block = cad.Pos(middle_x, middle_y, -case.floor + height / 2) * cad.Box(width, deep, height)
    pin_y = side_y * (wall_y + reach - height / 2 + strap["pin_diameter"])
    pin = cad.Pos(middle_x, pin_y, -case.floor + height / 2) * cad.Rot(0, 90, 0)
    return block - pin * cad.Cylinder(strap["pin_diameter"] / 2, width + 2 * _MARGIN)


def _cutter(case: Case, hole: Opening) -> Any:
    (one, other), (at_one, at_other) = hole.size, hole.at
    if hole.wall in ("floor", "lid"):
        thick = (case.floor if hole.wall == "floor" else case.lid) + 2 * _MARGIN
        z = -case.floor / 2 if hole.wall == "floor" else case.inside[2] + case.lid / 2
        return cad.Pos(at_one, at_other, z) * cad.Box(one, other, thick)
    side = 1 if hole.wall == "right" else -1
    wall_x = side * (case.inside[0] / 2 + case.wall / 2)
    return cad.Pos(wall_x, at_one, at_other) * cad.Box(case.wall + 2 * _MARGIN, one, other)


def _volume(solid: Any) -> float:
    return 0.0 if solid is None else float(solid.volume)
