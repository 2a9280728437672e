"""The files that KiCad reads, and their sums as they stand in what it said of them."""

import hashlib

from paceline_tools.stage import SOURCE

HARDWARE = SOURCE / "hardware"
READ = ("paceline.kicad_sch", "paceline.kicad_sym", "paceline.kicad_pro", "sym-lib-table", "paceline.kicad_pcb")
SAYS = HARDWARE / "kicad_says.txt"


def sums() -> list[str]:
    """Return a line for each file that KiCad reads: its SHA-256 and its name."""
    return [f"{hashlib.sha256((HARDWARE / name).read_bytes()).hexdigest()}  {name}" for name in READ]
