"""Which pages of a journal are not what the wearable wrote, by what a reader found. Pure."""

from collections.abc import Iterable

from paceline_protocol.findings import Problem
from paceline_protocol.page import PAGE_SIZE

# Not among them: what is missing (gap), what no seal judged yet (unsealed, tail), and what a power cut leaves (torn).
SUSPECT = frozenset({"header", "magic", "blank", "version", "number", "epoch", "record", "seal", "beyond"})


def suspect_pages(problems: Iterable[Problem], end: int) -> list[tuple[int, int, str]]:
    """Return (from, to, reason) of whole pages before `end`, in order; those that touch are one, with the first reason.

    The page that `end` lies in is not complete, and is not judged.
    """
    whole_until = end // PAGE_SIZE * PAGE_SIZE
    rounded = sorted(
        (one.position // PAGE_SIZE * PAGE_SIZE, -(-one.end // PAGE_SIZE) * PAGE_SIZE, one.text)
        for one in problems
        if one.code in SUSPECT
    )
    found: list[tuple[int, int, str]] = []
    for start, stop, text in rounded:
        if stop > whole_until:
            continue
        if found and start <= found[-1][1]:
            first, last, reason = found[-1]
            found[-1] = (first, max(last, stop), reason)
        else:
            found.append((start, stop, text))
    return found
