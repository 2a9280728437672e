"""The journal in a dump of flash: the partition's ring of pages, laid out by position again.

Takes a dump of the whole flash (the partition table says where the journal is), of the partition, or a spooled file.
"""

from dataclasses import dataclass

from paceline_protocol.errors import JournalError
from paceline_protocol.page import PAGE_SIZE, parse_header

from paceline_tools.flashing.errors import FlashingError
from paceline_tools.flashing.partition_table import OFFSET, SIZE, PartitionTableError, parse_table


@dataclass(frozen=True)
class Stretch:
    """Pages of one epoch that follow on each other; `position` is where the first begins."""

    epoch: int
    position: int
    data: bytes


def journal_partition(flash: bytes) -> bytes:
    """Return the journal's partition out of a dump of the whole flash; other bytes are taken for a partition."""
    if flash[OFFSET : OFFSET + 2] != b"\xaa\x50":
        return flash
    try:
        for each in parse_table(flash[OFFSET : OFFSET + SIZE]):
            if each.label == "journal":
                return flash[each.offset : each.end]
    except PartitionTableError as error:
        raise FlashingError(f"the dump's partition table: {error}", "read the partition alone and give that") from error
    raise FlashingError("the dump's partition table has no journal", "give a dump of a wearable's flash")


def stretches(dump: bytes) -> list[Stretch]:
    """Return what a dump holds of journals, by epoch and position; FlashingError when it is none."""
    pages: dict[tuple[int, int], bytes] = {}
    partition = journal_partition(dump)
    for at in range(0, len(partition), PAGE_SIZE):
        page = partition[at : at + PAGE_SIZE]
        try:
            header = parse_header(page)
        except JournalError:
            continue  # erased, torn, or of another use
        pages[header.epoch, header.number] = page
    if not pages:
        raise FlashingError(
            "there is no page of a journal in it", "give a flash dump, a journal's partition or a spool"
        )
    found: list[Stretch] = []
    for epoch, number in sorted(pages):
        page = pages[epoch, number]
        last = found[-1] if found else None
        if last and last.epoch == epoch and last.position + len(last.data) == number * PAGE_SIZE:
            found[-1] = Stretch(epoch, last.position, last.data + page)
        else:
            found.append(Stretch(epoch, number * PAGE_SIZE, page))
    return found
