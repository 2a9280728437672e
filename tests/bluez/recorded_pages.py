"""A journal of chosen size as a wearable would have written it, for its flash: no page is like another."""

import random

from paceline_protocol.page import HEADER_SIZE, NO_TAG, PAGE_SIZE, journal_key, pack_header, page_tag
from paceline_protocol.records import CRASH, pack_fields, pack_record


def recorded_pages(device_key: bytes, epoch: int, pages: int) -> bytes:
    """Return whole sealed pages, filled with records of random text."""
    key = journal_key(device_key)
    dice = random.Random(epoch)
    end, tag = 0, NO_TAG
    journal = bytearray()
    for number in range(pages):
        page = bytearray(b"\xff" * PAGE_SIZE)
        pack_header(page, epoch, number, end, tag)
        end = HEADER_SIZE
        while end + 240 <= PAGE_SIZE:
            end = pack_record(page, end, CRASH, pack_fields(CRASH, number, dice.randbytes(100).hex()))
        tag = page_tag(key, page, end)
        journal += page
    return bytes(journal)
