"""Python code for the guest: what the gateway needs of this environment, compiled here since that is slow there."""

import importlib.util
import marshal
import re
import struct
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from paceline_tools.guest.archive import Entry, file

PACKAGES = "opt/packages"
OURS = "opt/paceline"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_UNCHECKED = 1  # of a compiled file: neither time nor hash of its source is looked at (PEP 552)


def needed_by(name: str) -> list[Distribution]:
    """Return every installed distribution that one needs, but for our own, sorted by name."""
    found: dict[str, Distribution] = {}
    _collect(name, found)
    return [found[key] for key in sorted(found) if not key.startswith("paceline-")]


def files_of(distribution: Distribution) -> Iterator[tuple[str, Entry]]:
    """Yield an installed distribution's files for the guest."""
    root = Path(sysconfig.get_path("purelib"))
    for path in distribution.files or []:
        if ".." in path.parts or path.suffix == ".pyc" or "tests" in path.parts:
            continue
        yield f"{PACKAGES}/{path.as_posix()}", file((root / path).read_bytes())


def package_files(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Yield one of our own packages, as it is in the tree now."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield f"{OURS}/{folder.name}/{path.relative_to(folder).as_posix()}", file(path.read_bytes())


def compiled(entries: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Yield compiled code for the Python files among the entries; what does not compile stays as it is."""
    for name, entry in entries.items():
        path = PurePosixPath(name)
        if path.suffix != ".py":
            continue
        try:
            code = compile(entry.data, f"/{name}", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        head = importlib.util.MAGIC_NUMBER + struct.pack("<I", _UNCHECKED) + importlib.util.source_hash(entry.data)
        target = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
        yield target.as_posix(), file(head + marshal.dumps(code))


def _collect(name: str, found: dict[str, Distribution]) -> None:
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in found:
        return
    try:
        found[key] = distribution(name)
    except PackageNotFoundError:
        return  # of another platform
    for requirement in found[key].requires or []:
        named = re.match(r"[A-Za-z0-9._-]+", requirement)
        if named and "extra ==" not in requirement:
            _collect(named.group(), found)
