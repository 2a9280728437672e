"""`make kicad`: has KiCad itself open the schematic and the board, run its rule checks and draw both; SKiDL checks too.

    python -m paceline_tools.hardware.kicad

Needs KiCad 6 or later with its Python module, and kiauto, which works KiCad's window on a display of its own (Xvfb,
xdotool, xclip); all of them are Debian's but kiauto (locks/kicad.txt). Writes the drawings to docs/images and
hardware/, and what KiCad said to hardware/kicad_says.txt, with the sums of the files that it was said of.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from paceline_tools.hardware.carrier import read_carrier
from paceline_tools.hardware.description import read_board
from paceline_tools.hardware.kicad_files import HARDWARE, READ, SAYS, sums
from paceline_tools.hardware.printed_board import MIDDLE
from paceline_tools.hardware.skidl_circuit import checked_by_skidl
from paceline_tools.stage import SOURCE

IMAGES = SOURCE / "docs" / "images"
_EESCHEMA = shutil.which("eeschema_do") or "eeschema_do"
_LIMIT_S = 300
_PER_MM = 1_000_000  # KiCad draws in nanometres
# What has no track yet is told apart: it is not a fault of the outline.
_FOUND = re.compile(r"\*\* Found (\d+) (DRC violations|unconnected pads|Footprint errors) \*\*")


def main() -> int:
    """Check and draw; 1 when KiCad finds a fault."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in READ:
            shutil.copy(HARDWARE / name, place)
        electrical = _checked_sheet(place)
        version, layout = _checked_board(place)
        skidl = checked_by_skidl(read_board(), place)
        _draw_sheet(place)
        _draw_board(place)
    said = [f"KiCad {version}", f"schematic: {electrical}", f"board: {layout}", skidl, *sums()]
    SAYS.write_text("\n".join(said) + "\n")
    print("\n".join(said[:4]))
    faults = (
        "0 errors, 0 warnings" not in electrical or not layout.startswith("0 violations") or ": 0 errors" not in skidl
    )
    return 1 if faults else 0


def _eeschema(*arguments: str) -> None:
    subprocess.run((_EESCHEMA, *arguments), check=True, timeout=_LIMIT_S, stdout=subprocess.DEVNULL)


def _checked_sheet(place: Path) -> str:
    """Return what the electrical rule check counted."""
    _eeschema("run_erc", str(place / "paceline.kicad_sch"), str(place))
    counted = re.search(r"Errors (\d+)\s+Warnings (\d+)", (place / "paceline.erc").read_text())
    if counted is None:
        raise SystemExit("KiCad wrote no report of its electrical rule check")
    return f"{counted[1]} errors, {counted[2]} warnings"


def _checked_board(place: Path) -> tuple[str, str]:
    """Return KiCad's version, and what the design rule check counted."""
    import pcbnew  # noqa: PLC0415  # pyright: ignore[reportMissingImports] (comes with KiCad)

    report = place / "drc.txt"
    board = pcbnew.LoadBoard(str(place / "paceline.kicad_pcb"))
    pcbnew.WriteDRCReport(board, str(report), pcbnew.EDA_UNITS_MILLIMETRES, True)
    found = {what: int(count) for count, what in _FOUND.findall(report.read_text())}
    faults = found["DRC violations"] + found["Footprint errors"]
    return pcbnew.GetBuildVersion(), f"{faults} violations; {found['unconnected pads']} pads wait for tracks"


def _draw_sheet(place: Path) -> None:
    for kind in ("svg", "pdf"):
        _eeschema("export", "-f", kind, str(place / "paceline.kicad_sch"), str(place / kind))
    shutil.copy(next((place / "svg").glob("*.svg")), IMAGES / "schematic.svg")
    shutil.copy(next((place / "pdf").glob("*.pdf")), HARDWARE / "schematic.pdf")


def _draw_board(place: Path) -> None:
    import pcbnew  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    board = pcbnew.LoadBoard(str(place / "paceline.kicad_pcb"))
    for face in ("front", "back"):
        plot = pcbnew.PLOT_CONTROLLER(board)
        options = plot.GetPlotOptions()
        options.SetOutputDirectory(str(place))
        options.SetPlotFrameRef(False)
        plot.OpenPlotfile(face, pcbnew.PLOT_FORMAT_SVG, face)
        for layer in (f"{face[0].upper()}_{part}" for part in ("Cu", "SilkS", "CrtYd")):
            plot.SetLayer(getattr(pcbnew, layer))
            plot.PlotLayer()
        plot.SetLayer(pcbnew.Edge_Cuts)
        plot.PlotLayer()
        plot.ClosePlot()
        drawn = (place / f"paceline-{face}.svg").read_text()
        (IMAGES / f"board-{face}.svg").write_text(_cropped(drawn))


def _cropped(drawn: str) -> str:
    """Return a drawing of the sheet cut to the board and a margin; both faces as seen from the front."""
    (width, height), margin = read_carrier().size, 2.0
    left, top = MIDDLE[0] - width / 2 - margin, MIDDLE[1] - height / 2 - margin
    width, height = width + 2 * margin, height + 2 * margin
    view = " ".join(f"{length * _PER_MM:.0f}" for length in (left, top, width, height))
    box = f'width="{width * 3:g}mm" height="{height * 3:g}mm" viewBox="{view}"'
    cut, count = re.subn(r'width="[^"]*" height="[^"]*" viewBox="[^"]*"', box, drawn, count=1)
    if not count:
        raise SystemExit("KiCad draws otherwise than it did: no size at the drawing's head")
    return cut


if __name__ == "__main__":
    sys.exit(main())
