"""`python -m paceline_tools.bench.files [FOLDER]`: what files give, beside what their devices or origins say.

Totals from the records alone, against the device's own session totals; a plain way beside ours. Every file that is off
is listed with the reason. Then what it takes to read an hour, beside other readers alone, and bytes per sample.
"""

import sys
from pathlib import Path

from paceline_tools.bench.files_speed import print_speed
from paceline_tools.bench.files_totals import print_totals


def main() -> int:
    """Print the figures; return 1 when a goal is missed."""
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not folder.is_dir():
        print(f"There are no recordings in {folder}.")
        return 1
    met = print_totals(folder)
    return 0 if print_speed(folder) and met else 1


if __name__ == "__main__":
    raise SystemExit(main())
