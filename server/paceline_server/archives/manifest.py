"""What an archive says of itself: the last thing in it, so that one that was cut has none."""

import re
from dataclasses import asdict, dataclass

import orjson

from paceline_server.platform.ids import is_id

NAME, FORMAT = "manifest.json", 1
MOST_PARTS = 200_000
_PART = re.compile(r"README\.txt|[a-z]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9]{4}")


class ArchiveError(Exception):
    """A file that is no archive of ours, or no whole one; says why, in a sentence without its end."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in the archive: its bytes, their SHA-256, and how many rows it has where it holds rows."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is that of the tables, `owner_id` whose data it is, on the server where it was written.

    `missing` are the activities whose telemetry could not be read when it was written.
    """

    made_at: str
    revision: str
    owner_id: str
    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()

    def as_json(self) -> bytes:
        """Return it as the archive holds it."""
        return orjson.dumps({"paceline_archive": FORMAT} | asdict(self), option=orjson.OPT_INDENT_2)


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest; ArchiveError when it is none, or says what cannot be."""
    try:
        said = orjson.loads(data)
        number = said.pop("paceline_archive")
        parts = tuple(Part(**one) for one in said.pop("parts"))
        found = Manifest(**said | {"parts": parts, "missing": tuple(said.get("missing", ()))})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError("the manifest of the archive cannot be read") from error
    if number != FORMAT:
        raise ArchiveError("the archive was written by a newer Paceline")
    if len(parts) > MOST_PARTS or len({part.name for part in parts}) < len(parts):
        raise ArchiveError("the archive names a part twice, or far too many")
    if not all(map(_sound, parts)) or not all(isinstance(one, str) for one in (found.made_at, *found.missing)):
        raise ArchiveError("the manifest of the archive describes what cannot be a part of it")
    if not (_text(found.revision, _REVISION) and isinstance(found.owner_id, str) and is_id(found.owner_id)):
        raise ArchiveError("the manifest of the archive does not say whose it is")
    return found


def _sound(part: Part) -> bool:
    counts = (part.size, 0 if part.rows is None else part.rows)
    whole = all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in counts)
    return whole and _text(part.name, _PART) and _text(part.sha256, _SHA256)


def _text(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
