"""The parts list: a CSV with two sources and an equivalent for each part, and what all cost together."""

import csv
import io
from itertools import groupby

from paceline_tools.hardware.description import Board, Part

COLUMNS = ("reference", "part", "value", "maker", "count", "each_eur", "sum_eur", "source 1", "source 2", "equivalent")


def total_eur(board: Board, optional: bool) -> float:
    """Return what the parts cost, with or without the optional ones."""
    return sum(part.price_eur for part in board.parts if optional or not part.optional)


def grouped(board: Board) -> list[list[Part]]:
    """Return the parts, those that are bought alike together."""
    return [list(group) for _, group in groupby(board.parts, key=lambda part: (part.value, part.maker, part.sources))]


def group_name(group: list[Part]) -> str:
    """Return what the parts of a group are, in words."""
    return " and ".join(part.name for part in group) + (" (optional)" if group[0].optional else "")


def parts_csv(board: Board) -> str:
    """Return the list as CSV with a heading, and a last line for the total."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for group in grouped(board):
        part, count = group[0], len(group)
        refs = " ".join(each.ref for each in group)
        row = [
            refs,
            group_name(group),
            part.value,
            part.maker,
            count,
            f"{part.price_eur:.2f}",
            f"{count * part.price_eur:.2f}",
        ]
        writer.writerow([*row, *part.sources[:2], part.equivalent])
    total = f"{total_eur(board, optional=True):.2f}"
    writer.writerow(["total", "", "", "", sum(map(len, grouped(board))), "", total, "", "", ""])
    return out.getvalue()
