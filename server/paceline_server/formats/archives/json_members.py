"""JSON in the zip of a platform: decoded to what is wanted of it, what is damaged told and left out."""

from collections.abc import Iterable, Iterator
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


def decoded_each(members: ZipMembers, name: str, kind: type[T], warnings: list[str]) -> Iterator[T]:
    """Yield what is in the list that a member is; one that is something else costs itself only, and is told."""
    yield from each(decoded(members, name, list[msgspec.Raw], warnings) or (), name, kind, warnings)


def each(raws: Iterable[msgspec.Raw], name: str, kind: type[T], warnings: list[str]) -> Iterator[T]:
    """Do so with what `decoded` left as it was."""
    odd = 0
    for raw in raws:
        try:
            yield msgspec.json.decode(raw, type=kind, strict=False)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            odd += 1
    if odd and len(warnings) < MOST_WARNINGS:
        warnings.append(told(f"{odd} entries of {name} were left out: they cannot be read."))
