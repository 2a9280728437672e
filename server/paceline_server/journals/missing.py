"""Ranges (from, to) of positions: which bytes below a journal's end are missing, and which are not. Without I/O."""

from collections.abc import Iterable, Sequence

Range = tuple[int, int]


def missing_ranges(start: int, gaps: Iterable[Range]) -> list[Range]:
    """Return what is missing of a journal held from `start` on but for its gaps, in order."""
    return [*([(0, start)] if start else []), *gaps]


def within(ranges: Sequence[Range], start: int, end: int) -> list[Range]:
    """Return the parts of the ranges that lie in start … end."""
    cut = ((max(low, start), min(high, end)) for low, high in ranges)
    return [(low, high) for low, high in cut if low < high]


def between(ranges: Sequence[Range], start: int, end: int) -> list[Range]:
    """Return the parts of start … end that lie in none of the ranges, which are in order."""
    edges = [start, *(edge for part in within(ranges, start, end) for edge in part), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(low, high) for low, high in pairs if low < high]


def containing(ranges: Sequence[Range], position: int) -> Range | None:
    """Return the range that holds the byte at the position, None when none does."""
    return next(((low, high) for low, high in ranges if low <= position < high), None)


def missing_after(ranges: Sequence[Range], start: int, end: int, held: int) -> int:
    """Return up to where all is held from `start` on, once start … end is; `held` is the journal's end then."""
    for low, high in ranges:
        if high > end:
            return low if start == end else max(low, end)
    return held
