"""Counts summed to quarters of an hour of UTC, as wearables' DAY records are: years of a phone's and a watch's steps in
a few megabytes.

Time zones differ by whole quarters, so a local day still ends with one.
"""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime

from paceline_server.formats.days import EARLIEST_UTC_S, LATEST_UTC_S, LONGEST_S, QUARTER_S, SpanFigure

PAGE_QUARTERS = 2880  # thirty days
MOST_PAGES = 4000  # 46 MB
_DIGITS = 3


class Quarters:
    """Sums by source, metric and quarter; what is beyond MOST_PAGES is counted in `left_out` and dropped."""

    def __init__(self) -> None:
        self.left_out = 0
        self._pages: dict[tuple[str, str, int], array[float]] = {}

    def add(self, source: str, metric: str, start_s: float, end_s: float, value: float) -> None:
        """Add what was counted from one Unix second to another, spread evenly over the quarters in it."""
        if not (EARLIEST_UTC_S <= start_s <= end_s <= LATEST_UTC_S and end_s - start_s <= LONGEST_S and value > 0):
            self.left_out += value != 0
            return
        first, last = int(start_s // QUARTER_S), int(max(start_s, end_s - 1e-3) // QUARTER_S)
        if first == last:
            self._into(source, metric, first, value)
            return
        for quarter in range(first, last + 1):
            begin, end = max(start_s, quarter * QUARTER_S), min(end_s, (quarter + 1) * QUARTER_S)
            self._into(source, metric, quarter, value * (end - begin) / (end_s - start_s))

    def sources(self) -> list[str]:
        """Return who counted anything."""
        return sorted({source for source, _, _ in self._pages})

    def years(self, of_source: str) -> set[int]:
        """Return the years of UTC in which a source may have counted anything."""
        pages = [page for source, _, page in self._pages if source == of_source]
        edges_s = [(page + side) * PAGE_QUARTERS * QUARTER_S for page in pages for side in (0, 1)]
        return {datetime.fromtimestamp(edge_s, UTC).year for edge_s in edges_s}

    def figures(self, of_source: str, from_s: int, to_s: int) -> Iterator[SpanFigure]:
        """Yield what a source counted from one Unix second to another, by metric, then time."""
        for source, metric, page in sorted(self._pages):
            first_s = page * PAGE_QUARTERS * QUARTER_S
            if source != of_source or first_s >= to_s or first_s + PAGE_QUARTERS * QUARTER_S <= from_s:
                continue
            for place, value in enumerate(self._pages[source, metric, page]):
                start_s = first_s + place * QUARTER_S
                if value > 0 and from_s <= start_s < to_s:
                    end_s = start_s + QUARTER_S
                    yield SpanFigure(metric, start_s, end_s, round(value, _DIGITS), end_s)

    def _into(self, source: str, metric: str, quarter: int, value: float) -> None:
        number, place = divmod(quarter, PAGE_QUARTERS)
        page = self._pages.get((source, metric, number))
        if page is None:
            if len(self._pages) >= MOST_PAGES:
                self.left_out += 1
                return
            page = self._pages[source, metric, number] = array("f", bytes(4 * PAGE_QUARTERS))
        page[place] += value
