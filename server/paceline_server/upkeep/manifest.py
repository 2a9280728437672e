"""What a backup says of itself: written last, so that a folder without it is no backup."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from paceline_server.errors import UsageError
from paceline_server.platform.dump import Dumped

NAME = "manifest.json"
FORMAT = 1
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file of the data folder: its path there, its size, its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table: how many, and the SHA-256 of their file."""

    table: Dumped
    count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: the revision of its tables, when it was made, all it holds."""

    made_at: str
    revision: str
    tables: tuple[Rows, ...]
    files: tuple[File, ...]

    @property
    def rows(self) -> int:
        """Return the number of all rows."""
        return sum(one.count for one in self.tables)

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(one.size for one in self.files)

    def as_json(self) -> bytes:
        """Return it as the file holds it."""
        return orjson.dumps({"format": FORMAT} | asdict(self), option=orjson.OPT_INDENT_2)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup; UsageError when the folder is none."""
    try:
        said = orjson.loads((folder / NAME).read_bytes())
        if said.pop("format") != FORMAT:
            raise UsageError(f"{folder} is a backup of a newer Paceline")
        files = tuple(File(**one) for one in said["files"])
        return Manifest(said["made_at"], said["revision"], tuple(map(_rows, said["tables"])), files)
    except FileNotFoundError:
        raise UsageError(f"{folder} is no whole backup: it has no {NAME}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder / NAME} cannot be read: {error}") from error


def table_file(folder: Path, name: str) -> Path:
    """Return where a backup keeps the rows of a table."""
    return folder / "tables" / f"{name}.jsonl"


def data_file(folder: Path, path: str) -> Path:
    """Return where a backup keeps a file of the data folder; UsageError for one that would lie outside."""
    found = folder / "data" / path
    if not found.resolve().is_relative_to((folder / "data").resolve()):
        raise UsageError(f"the backup names a file outside of it: {path}")
    return found


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def check(folder: Path, manifest: Manifest) -> None:
    """Read all of a backup; UsageError names the first file that is not as it was."""
    sums = [(table_file(folder, one.table.name), one.sha256) for one in manifest.tables]
    sums += [(data_file(folder, one.path), one.sha256) for one in manifest.files]
    for path, expected in sums:
        if not path.is_file() or digest(path) != expected:
            raise UsageError(f"the backup is damaged: {path} is not as it was written")


def _rows(said: dict[str, object]) -> Rows:
    match said:
        case {"table": {"name": str(name), "columns": list(columns)}, "count": int(count), "sha256": str(sha256)}:
            return Rows(Dumped(name, tuple((column, kind) for column, kind in columns)), count, sha256)
        case _:
            raise ValueError("a table is not described")
