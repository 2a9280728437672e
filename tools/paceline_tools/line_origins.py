"""Tracebacks of merged firmware told in files and lines of the sources.

    python -m paceline_tools.line_origins LINES < CRASH_TEXT

LINES is what factory_image and bundle leave beside what they build: for each file on the board the module and line of
each of its lines, as JSON.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from paceline_tools.shorten.merge import Origin

_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')

Origins = Mapping[str, Sequence["Origin | None"]]
"""By path on the board: where each line came from, a module and its line."""


def written(origins: Origins) -> str:
    """Return what LINES holds."""
    return json.dumps({path: [origin and f"{origin[0]}:{origin[1]}" for origin in of] for path, of in origins.items()})


def read(text: str) -> dict[str, list["Origin | None"]]:
    """Return what written() was given; ValueError when it is something else."""
    return {path: [_origin(told) for told in of] for path, of in json.loads(text).items()}


def _origin(told: "str | None") -> "Origin | None":
    if told is None:
        return None
    module, _, line = told.partition(":")
    return module, int(line)


def translated(traceback: str, origins: Origins) -> str:
    """Return the traceback with the lines of the sources; what is not known stays as it is."""

    def place(found: re.Match[str]) -> str:
        lines = origins.get(found["file"].removeprefix("/rom/"), [])
        number = int(found["line"])
        # A line of which nothing is known belongs to the statement before it.
        known = [origin for origin in lines[:number] if origin]
        if not known or number > len(lines):
            return found[0]
        module, line = known[-1]
        return f'File "{module.replace(".", "/")}.py", line {line}'

    return _PLACE.sub(place, traceback)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="line_origins", description="tell a crash in lines of the sources")
    parser.add_argument("lines", type=Path)
    print(translated(sys.stdin.read(), read(parser.parse_args(arguments).lines.read_text())), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
