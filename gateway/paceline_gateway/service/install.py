"""Does the steps of the installation, or says what stands against it."""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from paceline_gateway.errors import ConfigError
from paceline_gateway.service.plan import Command, File, Folder, Step
from paceline_gateway.service.unit import USER

_HIDDEN = (Path("/", "home"), Path("/root"), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 (not written to)
"""What the service does not see."""


def objections(python: Path) -> Iterator[str]:
    """Yield why the service cannot be installed by this user, on this machine, with this Python."""
    if os.geteuid() != 0:
        yield "only root may do it; call it by sudo"
    if shutil.which("systemctl") is None or not Path("/run/systemd/system").is_dir():
        yield "systemd does not run on this machine"
    for place in (python, python.resolve()):
        if any(place.is_relative_to(hidden) for hidden in _HIDDEN):
            yield f"the service cannot see {place}; install the gateway in /opt (gateway/README.md)"
            return


def has_user(name: str) -> bool:
    """Whether this machine knows the user."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def has_group(name: str) -> bool:
    """Whether this machine knows the group."""
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def own_settings(environment_user: str | None, usual: Path) -> Path:
    """Return the settings of the person who called sudo, or the usual ones."""
    if environment_user is None or usual.parts[:1] != ("~",):
        return usual.expanduser()
    try:
        return Path(pwd.getpwnam(environment_user).pw_dir, *usual.parts[1:])
    except KeyError:
        return usual.expanduser()


def service_group() -> int:
    """Return the number of the service's group, which an earlier step made."""
    return grp.getgrnam(USER).gr_gid


def run(words: Iterable[str]) -> None:
    """Run a program to its end; ConfigError with what it said when it fails."""
    command = list(words)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (words of plan.py)
    except OSError as error:
        raise ConfigError(command[0], error.strerror or str(error)) from error
    if done.returncode:
        raise ConfigError(" ".join(command), done.stderr.strip() or f"ended with {done.returncode}")


def install(
    steps: Iterable[Step],
    say: Callable[[str], None],
    *,
    root: Path = Path("/"),
    run: Callable[[Iterable[str]], None] = run,
    group: Callable[[], int] = service_group,
) -> None:
    """Do the steps, telling each; files go below `root`. ConfigError names the one that failed."""
    for step in steps:
        say(step.lines()[0])
        if isinstance(step, Command):
            run(step.words)
            continue
        path = root / step.path.relative_to("/")
        try:
            if isinstance(step, Folder):
                path.mkdir(mode=0o750, exist_ok=True)
                os.chown(path, -1, group())
                path.chmod(0o750)
            else:
                _replace(path, step, group())
        except OSError as error:
            raise ConfigError(str(path), f"cannot be written: {error.strerror}") from error


def _replace(path: Path, file: File, group: int) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(file.data)
        stream.flush()
        os.fchown(descriptor, -1, group)
        os.fchmod(descriptor, file.mode)
        os.fsync(descriptor)
    os.replace(fresh, path)
