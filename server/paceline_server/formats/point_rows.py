"""Points of a track as they come, one by one or in runs, made columns at the end."""

from collections.abc import Mapping, Sequence

import numpy as np

from paceline_server.formats.recording import Column
from paceline_server.formats.xml_points import Run


class PointRows:
    """Rows in the order in which they were added."""

    def __init__(self) -> None:
        self._pieces: list[Run | list[dict[str, float]]] = []

    def add(self, point: dict[str, float]) -> None:
        """Add one point, whose fields may still be filled in."""
        if not self._pieces or isinstance(self._pieces[-1], Run):
            self._pieces.append([])
        piece = self._pieces[-1]
        assert isinstance(piece, list)
        piece.append(point)

    def add_run(self, run: Run) -> None:
        """Add many."""
        self._pieces.append(run)

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(_rows(piece) for piece in self._pieces)

    def column(self, name: str) -> Column:
        """Return a field of all rows, NaN where a row lacks it."""
        return np.concatenate([np.empty(0), *(_column(piece, name) for piece in self._pieces)])


def columns_of(parts: Sequence[PointRows], names: Sequence[str]) -> Mapping[str, Column]:
    """Return the named columns of all parts, one after the other."""
    return {name: np.concatenate([np.empty(0), *(part.column(name) for part in parts)]) for name in names}


def _rows(piece: Run | list[dict[str, float]]) -> int:
    if isinstance(piece, list):
        return len(piece)
    return len(next(iter(piece.columns.values()), ()))


def _column(piece: Run | list[dict[str, float]], name: str) -> Column:
    if isinstance(piece, list):
        return np.array([point.get(name, np.nan) for point in piece], dtype=np.float64)
    column = piece.columns.get(name)
    return column if column is not None else np.full(_rows(piece), np.nan)
