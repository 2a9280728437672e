"""Fixtures for every part: the recordings of ../shared/data, and the rule that nothing may be skipped in CI."""

import os
from pathlib import Path

import pytest

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "data"


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
