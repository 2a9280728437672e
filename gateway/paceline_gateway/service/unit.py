"""The unit file with the names of this machine in it."""

from importlib.resources import files
from pathlib import Path

USER = "paceline-gateway"
"""Of the service, its group and its folder below /var/lib."""
UNIT = Path("/etc/systemd/system/paceline-gateway.service")


def unit_text(python: Path, config: Path, groups: tuple[str, ...]) -> str:
    """Return the unit; `groups` are those of this machine without which BlueZ refuses the service."""
    text = files("paceline_gateway.service").joinpath(UNIT.name).read_text(encoding="utf-8")
    names = {
        "python": _escaped(python),
        "config": _escaped(config),
        "user": USER,
        "groups": f"SupplementaryGroups={' '.join(groups)}" if groups else "# This machine's BlueZ asks for no group.",
    }
    for name, value in names.items():
        text = text.replace(f"@{name}@", value)
    return text


def _escaped(path: Path) -> str:
    """Return the path as one word of a command line in a unit."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if any(character in text for character in " \t'\"\\") else text
