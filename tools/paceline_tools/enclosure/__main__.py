"""`python -m paceline_tools.enclosure FOLDER`: checks the case, builds it, writes STL and STEP and the guide's picture.

It needs build123d, which has an environment of its own (locks/enclosure.txt).
"""

import sys
from hashlib import sha256
from pathlib import Path

from paceline_tools.enclosure.layout import DESCRIPTION, read_case, violations
from paceline_tools.enclosure.mesh import open_edges
from paceline_tools.hardware.description import read_board
from paceline_tools.stage import SOURCE

PICTURE = SOURCE / "docs" / "images" / "enclosure.svg"


def stamp() -> str:
    """Return what the picture says it was made from, so that a test without a CAD kernel sees whether it is current."""
    return f"<!-- enclosure.toml {sha256(DESCRIPTION.read_bytes()).hexdigest()[:16]} -->"


def main(arguments: list[str]) -> int:
    """The command line: 1 when a rule is broken, or a solid is not whole."""
    from paceline_tools.enclosure import model  # noqa: PLC0415 (only building needs the CAD kernel)

    case = read_case()
    broken = violations(case, {part.ref for part in read_board().parts})
    built = None if broken else model.solids(case)
    if built is not None:
        broken = model.faults(case, built)
    if broken or built is None:
        print("\n".join(broken), file=sys.stderr)
        return 1
    for path in model.write(built, Path(arguments[0] if arguments else "build/enclosure")):
        edges = open_edges(path.read_bytes()) if path.suffix == ".stl" else 0
        print(f"{path}: {path.stat().st_size // 1024} KB" + (f", {edges} open edges" if edges else ""))
        if edges:
            return 1
    head, _, rest = model.picture(case, built).partition("viewBox")
    box, _, rest = rest.partition(">")
    PICTURE.write_text(f'{head}viewBox{box} style="background:#fff">\n{stamp()}{rest}')
    x, y, z = case.outside
    print(f"closed: {x:.1f} × {y:.1f} × {z:.1f} mm without lugs, {len(case.bodies)} parts inside")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
