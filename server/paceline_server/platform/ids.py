"""Identifiers: UUID version 7 (RFC 9562, 5.7), whose order is the order of making."""

import re
from collections.abc import Callable

from paceline_server.errors import NotFoundError

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id(now_s: float, random_bytes: Callable[[int], bytes]) -> str:
    """Make an id from Unix seconds and 10 random bytes."""
    random = int.from_bytes(random_bytes(10))
    value = (int(now_s * 1000) & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 7 << 76  # version
    value = value & ~(0x3 << 62) | 2 << 62  # variant
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def is_id(text: str) -> bool:
    """Tell whether a text can be an id."""
    return _UUID.fullmatch(text) is not None


def parse_id(text: str) -> str:
    """Return an id from a path; NotFoundError when it is none, as nothing can have it."""
    if not is_id(text):
        raise NotFoundError("not_found", "There is no such thing, or it is not yours.")
    return text
