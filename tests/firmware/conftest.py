"""The firmware's modules become importable on CPython, with a stand-in for `micropython`'s const()."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

for folder in (ROOT / "firmware", ROOT / "tests" / "firmware" / "host"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
