"""Fixtures of the gateway's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gateway.desk import Desk
from gateway.stand_in import Wearable, Wire


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "spool")
    yield desk
    desk.spool.close()


@pytest.fixture
def wired(desk: Desk) -> Callable[[Wearable], Wire]:
    """Makes a fresh connection to a wearable."""
    return lambda wearable: Wire(wearable, desk.clock)
