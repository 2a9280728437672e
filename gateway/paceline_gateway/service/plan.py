"""What the installation does to a machine, as steps that can be shown before they are done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from paceline_gateway.service.moved_settings import NAME
from paceline_gateway.service.unit import UNIT, USER, unit_text

FOLDER = Path("/etc/paceline")
STATE = Path("/var/lib", USER)
BLUEZ_GROUP = "bluetooth"
"""Some systems let only its members talk to BlueZ."""


@dataclass(frozen=True)
class Command:
    """A program to run; the installation ends when it fails."""

    words: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return it for a terminal."""
        return [" ".join(self.words)]


@dataclass(frozen=True)
class Folder:
    """A folder of root, which the service's group may read."""

    path: Path

    def lines(self) -> list[str]:
        """Return it for a terminal."""
        return [f"folder {self.path}, root:{USER}, 0750"]


@dataclass(frozen=True)
class File:
    """A file of root, which the service's group may read too; one that is `shown` holds no secret."""

    path: Path
    data: bytes
    shown: bool
    mode: int = 0o640

    def lines(self) -> list[str]:
        """Return it for a terminal, a secret without its content."""
        content = self.data.decode(errors="replace").splitlines() if self.shown else ["(not shown)"]
        return [f"file {self.path}, root:{USER}, {self.mode:04o}", *(f"    {line}" for line in content)]


Step = Command | Folder | File


def installation(
    settings: Mapping[str, bytes], python: Path, *, user_exists: bool, bluez_group_exists: bool
) -> Iterator[Step]:
    """Yield the steps in order; `settings` are the files of the service's folder. Doing them again changes nothing."""
    if not user_exists:
        home = ("--home-dir", str(STATE), "--no-create-home", "--shell", "/usr/sbin/nologin")
        yield Command(("useradd", "--system", "--user-group", *home, USER))
    yield Folder(FOLDER)
    for name, data in settings.items():
        yield File(FOLDER / name, data, shown=name == NAME)
    groups = (BLUEZ_GROUP,) if bluez_group_exists else ()
    yield File(UNIT, unit_text(python, FOLDER / NAME, groups).encode(), shown=True, mode=0o644)
    yield Command(("systemctl", "daemon-reload"))
    yield Command(("systemctl", "enable", UNIT.name))
    yield Command(("systemctl", "restart", UNIT.name))
