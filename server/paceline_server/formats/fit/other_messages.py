"""The few messages of a FIT file that are looked at beside its records: a hundredth of the bytes.

Decoding is most of what reading a file costs, and records are most of the file: so they are decoded once, and what
else is looked at without them.
"""

from collections.abc import Iterator

KEPT = frozenset({0, 18, 19, 21, 34, 101, 132, 206, 207, 225})
"""Global numbers: file_id, session, lap, event, activity, length, hr, what describes developer fields, set."""
DEFINITION, DEVELOPER, COMPRESSED = 0x40, 0x20, 0x80


def without_records(body: bytes) -> bytes:
    """Return those of the messages of one sequence (between its header and its check sum) that are KEPT.

    ValueError when a message is not defined or goes beyond the end. One under a compressed time stamp header would
    lose what its time refers to: ValueError, too.
    """
    parts: list[bytes] = []
    sizes: dict[int, int] = {}
    kept: set[int] = set()
    at = 0
    while at < len(body):
        header = body[at]
        if not header & COMPRESSED and header & DEFINITION:
            end, number, size = _definition(body, at)
            local = header & 0x0F
            sizes[local] = size
            (kept.add if number in KEPT else kept.discard)(local)
            if number in KEPT:
                parts.append(body[at:end])
            at = end
            continue
        local = header >> 5 & 0x03 if header & COMPRESSED else header & 0x0F
        if local not in sizes or at + sizes[local] > len(body):
            raise ValueError(f"message of the local type {local} at byte {at}")
        if local in kept:
            if header & COMPRESSED:
                raise ValueError(f"compressed time stamp at byte {at}")
            parts.append(body[at : at + sizes[local]])
        at += sizes[local]
    return b"".join(parts)


def sequences(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (header, messages) of each sequence of a sound file."""
    at = 0
    while at < len(data):
        size = data[at]
        end = at + size + int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 12], data[at + size : end]
        at = end + 2


def _definition(body: bytes, at: int) -> tuple[int, int, int]:
    """Return where it ends, the global number, and how long its messages are with their header."""
    count_at = at + 5
    if count_at >= len(body):
        raise ValueError(f"definition at byte {at}")
    number = int.from_bytes(body[at + 3 : at + 5], "big" if body[at + 2] else "little")
    end = count_at + 1 + 3 * body[count_at]
    size = 1 + sum(body[count_at + 2 : end : 3])
    if body[at] & DEVELOPER and end < len(body):
        first, end = end + 1, end + 1 + 3 * body[end]
        size += sum(body[first + 1 : end : 3])
    if end > len(body):
        raise ValueError(f"definition at byte {at}")
    return end, number, size
