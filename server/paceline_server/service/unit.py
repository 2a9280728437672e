"""The unit file with the names of this machine in it."""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from paceline_server.errors import UsageError

USER = "paceline-server"
"""Of the service, its group and its folder below /var/lib."""
UNIT = Path("/etc/systemd/system/paceline-server.service")
STATE = Path("/var/lib")
_HIDDEN = (Path("/", "home"), Path("/root"), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 (not written to)
"""What the service does not see."""


def unit_text(python: Path, data: Path, words: Sequence[str], ports: Sequence[int]) -> str:
    """Return the unit that serves from `data`, with the further words of the command line.

    `ports` are those that it listens on. UsageError names a path that the service could not see.
    """
    for path in (python, data):
        if any(path.is_relative_to(hidden) for hidden in _HIDDEN):
            raise UsageError(f"the service cannot see {path}: people's and temporary folders are closed to it")
    command = [str(python), "-m", "paceline_server", "serve", "--data", str(data), *words]
    names = {
        "command": " ".join(_escaped(word) for word in command),
        "data": str(data).replace("%", "%%"),  # a path to the line's end, without quotes
        "folder": "\n".join(_folder(data)),
        "user": USER,
        "capabilities": "CAP_NET_BIND_SERVICE" if any(0 < port < 1024 for port in ports) else "",
    }
    text = files("paceline_server.service").joinpath(UNIT.name).read_text(encoding="utf-8")
    for name, value in names.items():
        text = text.replace(f"@{name}@", value)
    return text


def _folder(data: Path) -> Iterator[str]:
    if data.parent == STATE:
        yield f"StateDirectory={data.name}"
        yield "StateDirectoryMode=0700"
    else:
        yield f"ReadWritePaths={_escaped(str(data))}"


def _escaped(word: str) -> str:
    """Return a word of a command line as a unit holds it."""
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if not text or any(character in text for character in " \t'\"\\;") else text
