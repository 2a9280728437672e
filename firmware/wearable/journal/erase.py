"""Factory reset of the journal: the oldest page goes first, so that a power cut leaves a shorter one, not a hole."""

from .mount import find_pages
from .page_ring import PageRing


def erase_all(flash, between=None) -> None:
    """Erase every block; `between()` runs after each (feeds the watchdog). The next Journal() begins a new epoch."""
    ring = PageRing(flash)
    found = find_pages(ring)
    first = found.oldest if found else 0
    for number in range(first, first + ring.blocks):
        ring.erase(number)
        if between:
            between()
