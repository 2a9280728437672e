"""Databases whose tables are made already: copies of one of each engine, as all revisions take as long as a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import pytest
from server.emptied_database import emptied_database


@contextmanager
def made_database(request: pytest.FixtureRequest, engine: str, data: Path) -> Iterator[str]:
    """Give the URL of a database of the engine with its tables made and nothing in them; SQLite's is in `data`."""
    data.mkdir()
    if engine == "sqlite":
        yield f"sqlite:///{copy(request.getfixturevalue('sqlite_with_tables'), data / 'paceline.sqlite3')}"
    else:
        template = request.getfixturevalue("postgres_with_tables")
        with emptied_database(request.getfixturevalue("postgres"), template) as url:
            yield url
