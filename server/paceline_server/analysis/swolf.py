"""SWOLF: seconds and strokes of a length of the pool, added; less is better, for one swimmer in one pool.

Strokes are those of one arm, as wearables count them: counted by both arms the figure is higher. The name is of
swimming and golf; it compares nobody with anybody else.
"""

from collections.abc import Sequence
from typing import NamedTuple

from paceline_server.formats.recording import Length


class Swolf(NamedTuple):
    """The mean over the lengths whose strokes are known, and over those the strokes a length."""

    swolf: float
    strokes_a_length: float


def swolf(lengths: Sequence[Length]) -> Swolf | None:
    """Return the means; None when no length has strokes."""
    known = [length for length in lengths if length.strokes > 0]
    if not known:
        return None
    strokes = sum(length.strokes for length in known) / len(known)
    return Swolf(sum(length.end_s - length.start_s for length in known) / len(known) + strokes, strokes)
