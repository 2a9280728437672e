"""For every part: the recordings of ../shared/data; in CI nothing may be skipped; the order of the files; one run."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "data"


RUN = "PACELINE_TEST_RUN"
EVERY_STEP = bool(os.environ.get("EVERY_STEP"))  # docs/TESTING.md
T = TypeVar("T")

# What is imported and collected stays until the end: to look through it for garbage, again and again, is a third of the
# work of many a test.
gc.disable()

# Programs are started by the hundred: what Python made of their sources is kept, whatever the surroundings say.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of what all processes of a run share, in the first of them."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = tempfile.mkdtemp(prefix="paceline-run-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, after all others ended."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN), ignore_errors=True)


def of_this_run() -> Path:
    """Return the folder of what all processes of this run share."""
    return Path(os.environ[RUN])


def thinned(cases: Sequence[T], stride: int) -> Sequence[T]:
    """Return the first of many cases that say alike, every so manieth, and the last; with EVERY_STEP all of them."""
    if EVERY_STEP:
        return cases
    return [case for n, case in enumerate(cases) if n % stride == 0 or n == len(cases) - 1]


def missing(reason: str) -> None:
    """Skip because something is absent; in CI, where everything must be installed, fail instead."""
    if os.environ.get("CI"):
        pytest.fail(f"absent in CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recordings (see its README and MANIFEST.json)."""
    if not (RECORDINGS / "MANIFEST.json").exists():
        missing("the folder of recordings, shared/data beside the project, is absent")
    return RECORDINGS


def pytest_collection_finish() -> None:
    """Look for garbage from now on, and only in what the tests make."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every folder's files go on at the same rate: those of some mostly wait, those of others only compute.

    The last tenth is of the server's alone, whose files are short: none runs by itself while the others are done.
    """
    folders: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        folders.setdefault(path.parent, []).append(path)
    ends = {folder: 1.0 if folder.name == "server" else 0.9 for folder in folders}
    share = {
        path: ends[folder] * (n + 0.5) / len(files) for folder, files in folders.items() for n, path in enumerate(files)
    }
    items.sort(key=lambda item: share[item.path])
