"""The firmware's modules become importable on CPython, with a stand-in for `micropython`'s const(); the air."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from paceline_tools.radio.link import RadioLink
from paceline_tools.radio.pacing import Pacing

ROOT = Path(__file__).resolve().parents[2]

for folder in (ROOT / "firmware", ROOT / "tests" / "firmware" / "host"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))


@pytest.fixture
def link() -> Iterator[RadioLink]:
    """A virtual radio's air; whoever is still on it at the end is cut off."""
    link = RadioLink(Pacing())
    yield link
    link.cut_all()
