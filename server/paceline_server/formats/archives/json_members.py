"""JSON in the zip of a platform: decoded to what is wanted of it, what is damaged told and left out."""

from typing import TypeVar

import msgspec

from paceline_server.errors import told
from paceline_server.formats.containers import ZipMembers
from paceline_server.formats.errors import FormatError

T = TypeVar("T")
LARGEST_JSON = 256 << 20
MOST_WARNINGS = 50


def decoded(members: ZipMembers, name: str, kind: type[T], warnings: list[str]) -> T | None:
    """Return a member as this kind (a msgspec type); None, and a warning, when it is damaged or something else."""
    try:
        return msgspec.json.decode(b"".join(members.chunks(name, LARGEST_JSON)), type=kind, strict=False)
    except (msgspec.MsgspecError, FormatError, UnicodeError, RecursionError) as error:
        if len(warnings) < MOST_WARNINGS:
            warnings.append(told(f"{name} was left out: {str(error)[:200]}"))
        return None
