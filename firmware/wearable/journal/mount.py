"""Finds the journal on the flash: its newest and oldest page, in a few reads where nothing is broken.

A ring that is whole has one lap's pages in the blocks up to the newest and behind them the lap before, or nothing yet:
the seam between the two is found by bisection, and both its sides are looked at. Whatever does not fit there (a page
whose beginning a power cut interrupted, a damaged header, an erasing of all that was not finished) leads to a scan of
every block.
"""

from paceline_protocol.page import page_tag

from .page_ring import PageRing


class Found:
    """The pages of one epoch on the flash; `damaged` counts pages between oldest and newest without a whole header.

    `damaged` is known after a scan only, and that is where damage beside the seam leads.
    """

    def __init__(self, epoch: int, number: int) -> None:
        self.epoch = epoch
        self.count = 1
        self.oldest = number
        self.newest = number

    @property
    def damaged(self) -> int:
        """Pages that should be there and are not."""
        return max(0, self.newest + 1 - self.oldest - self.count)

    def add(self, number: int) -> None:
        """Count one more page."""
        self.count += 1
        self.oldest = min(self.oldest, number)
        self.newest = max(self.newest, number)


def find_pages(ring: PageRing) -> "Found | None":
    """Return the journal's pages, or None on an empty flash."""
    return _by_bisection(ring) or scan(ring)


def scan(ring: PageRing) -> "Found | None":
    """Read every block's header and return the pages of the epoch that has most of them, or None on an empty flash."""
    epochs = {}
    for block in range(ring.blocks):
        header = ring.header(block)
        if header is None or header.epoch == 0:
            continue
        if header.epoch in epochs:
            epochs[header.epoch].add(header.number)
        else:
            epochs[header.epoch] = Found(header.epoch, header.number)
    best = None
    for found in epochs.values():
        if best is None or found.count > best.count:
            best = found
    if best is not None and best.oldest <= best.newest - ring.blocks:
        best.oldest = best.newest + 1 - ring.blocks
    return best


def oldest_is_whole(ring: PageRing, found: Found, key: bytes, page: bytearray) -> bool:
    """Tell whether the oldest page is what the next header sealed.

    On a full ring it is the page whose erasing a power cut may have left half done, with its header still there.
    """
    following = ring.header(found.oldest + 1)
    if following is None or following.number != found.oldest + 1:
        return False
    ring.read(found.oldest, 0, page)
    return page_tag(key, page, following.previous_end) == following.previous_tag


def _by_bisection(ring: PageRing) -> "Found | None":
    # None: this ring is not whole around the seam.
    first = ring.header(0)
    if first is None or first.epoch == 0:
        return None
    epoch, lap = first.epoch, first.number
    low, high = 0, ring.blocks  # block `low` is of this lap, block `high` is not
    while high - low > 1:
        middle = (low + high) // 2
        if _holds(ring, epoch, lap + middle):
            low = middle
        else:
            high = middle
    found = Found(epoch, lap + low)
    found.oldest = max(0, lap + low + 1 - ring.blocks)
    found.count = found.newest + 1 - found.oldest
    # A damaged page inside the lap would make a false seam, and the lap would go on behind it.
    for block in range(high, min(high + 2, ring.blocks)):
        if not (_holds(ring, epoch, lap + block - ring.blocks) if lap else ring.blank(block)):
            return None
    return found


def _holds(ring: PageRing, epoch: int, number: int) -> bool:
    header = ring.header(number)
    return header is not None and header.epoch == epoch and header.number == number
