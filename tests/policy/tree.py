"""The project's files as the policy tests see them: what git tracks or would track, read once."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGEST_TEXT = 2_000_000


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree; only for Python files."""
        return ast.parse(self.text, self.path)

    def said(self, line: int, what: str) -> str:
        """A violation, in the form that editors jump to."""
        return f"{self.path}:{line} {what}"


Rule = Callable[[Source], Iterator[str]]


@cache
def sources() -> tuple[Source, ...]:
    """Every text file of the project that is not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(source for name in sorted(set(listed.split("\0"))) if (source := _read(name)))


def _read(name: str) -> Source | None:
    path = ROOT / name
    if not name or not path.is_file() or path.stat().st_size > LARGEST_TEXT:
        return None
    data = path.read_bytes()
    return None if b"\0" in data else Source(name, data.decode())


def select(*suffixes: str, under: tuple[str, ...] = ("",)) -> list[Source]:
    """The files whose name ends so, below one of these folders."""
    return [source for source in sources() if source.path.endswith(suffixes) and source.path.startswith(under)]


def violations(rule: Rule, files: Iterable[Source]) -> list[str]:
    """What the rule says of all these files."""
    return [said for source in files for said in rule(source)]


def assert_holds(rule: Rule, files: Iterable[Source]) -> None:
    """Fail with every violation on a line of its own."""
    found = violations(rule, files)
    assert not found, f"{rule.__doc__ or ''}\n" + "\n".join(found)
